//! Batches: what is sent, and what is refused before that.

use bitrix24_core::batch::{CommandId, Commands};
use bitrix24_core::{Api, ErrorKind, Executed, Map, MethodInfo, Value, json};

use common::{NONCE, commands, error_of, reading, words, writing};

#[path = "common/batch.rs"]
mod common;

#[test]
fn commands_are_named_queries_in_order() {
    let (mut commands, ids) = commands(&[
        (reading("user.current"), json!({})),
        (reading("crm.deal.list"), json!({"filter": {">ID": 5}, "order": {}, "select": ["ID", "TITLE"]})),
        (writing("task.item.add"), json!({"0": {"TITLE": "A & B", "URGENT": true}})),
    ]);
    commands.halt_on_error();
    commands.set_param(ids[1], "filter[ASSIGNED_BY_ID]", ids[0].result().at("ID"));
    let request = commands.run().next_request().unwrap();
    let expected = json!({"halt": 1, "cmd": {
        "c000000ab_0": "user.current",
        "c000000ab_1": "crm.deal.list?filter[%3EID]=5\
                        &filter[ASSIGNED_BY_ID]=%24result%5Bc000000ab_0%5D%5BID%5D&select[0]=ID&select[1]=TITLE",
        "c000000ab_2": "task.item.add?0[TITLE]=A+%26+B&0[URGENT]=1",
    }});
    assert_eq!(Value::Object(request.params().clone()).to_string(), expected.to_string());
    assert_eq!(
        (request.info().name, request.info().api, request.info().side_effects),
        ("batch", Api::V2, true)
    );
}

#[test]
fn a_call_changes_something_if_one_of_its_commands_does() {
    let cases = [(vec![false, false], false), (vec![false, true], true), (vec![true], true)];
    for (given, expected) in cases {
        let mut commands = Commands::new(NONCE);
        for changes in &given {
            commands.add(if *changes { writing("a.b") } else { reading("a.b") }, Map::new());
        }
        assert_eq!(commands.run().next_request().unwrap().info().side_effects, expected, "{given:?}");
    }
}

#[test]
fn nothing_is_sent_for_no_commands() {
    let run = Commands::new(NONCE).run();
    assert_eq!(run.next_request(), None);
    assert!(run.finish().is_empty());
}

#[test]
fn a_value_is_put_where_php_would_put_it() {
    let cases = [
        (json!({}), "id", json!({"id": 7})),
        (json!({"ID": 1, "x": 2}), "id", json!({"ID": 7, "x": 2})),
        (json!({"filter": {"A": 1}}), "filter[>ID]", json!({"filter": {"A": 1, ">ID": 7}})),
        (json!({"filter": null}), "filter[a][b]", json!({"filter": {"a": {"b": 7}}})),
        (json!({"filter": []}), "filter[a]", json!({"filter": {"a": 7}})),
        (json!({"rows": [{"ID": 1}, {"ID": 2}]}), "rows[1][ID]", json!({"rows": [{"ID": 1}, {"ID": 7}]})),
        (json!({"0": 1, "1": {}}), "1[TITLE]", json!({"0": 1, "1": {"TITLE": 7}})),
    ];
    for (params, place, expected) in cases {
        let (mut commands, ids) = commands(&[(writing("a.b"), params.clone())]);
        commands.set_param(ids[0], place, 7);
        let sent = commands.run().next_request().unwrap().params()["cmd"]["c000000ab_0"].clone();
        let (wanted, _) = commands_with(expected);
        assert_eq!(
            sent,
            wanted.run().next_request().unwrap().params()["cmd"]["c000000ab_0"],
            "{params} {place}"
        );
    }
    for place in ["", "[a]", "filter[]", "id[a]", "rows[2]", "rows[x]"] {
        let (mut commands, ids) = commands(&[(writing("a.b"), json!({"id": 1, "rows": [1]}))]);
        commands.set_param(ids[0], place, 7);
        let outcomes = commands.run().finish();
        assert!(error_of(&outcomes[0]).description().contains("no place"), "{place}");
    }
}

fn commands_with(params: Value) -> (Commands, Vec<CommandId>) {
    commands(&[(writing("a.b"), params)])
}

#[test]
fn what_cannot_be_in_a_batch_is_refused_and_nothing_is_sent() {
    let reference = |position: usize| format!("$result[c000000ab_{position}][ID]");
    let cases = [
        (writing("batch"), json!({}), "a batch cannot contain a batch"),
        (writing("Batch"), json!({}), "a batch cannot contain a batch"),
        (MethodInfo::new(Api::V3, "tasks.task.get"), json!({}), "REST 3"),
        (writing("crm.deal.list?start=1"), json!({}), "method name is invalid"),
        (writing(""), json!({}), "method name is invalid"),
        (writing("a.b"), json!({"fields": {"NOTE": null}}), "`fields[NOTE]` is null"),
        (writing("a.b"), json!({"rows": []}), "`rows` is empty"),
        (reading("a.b"), json!({"filter": {"ID": []}}), "`filter[ID]` is empty"),
        (reading("a.b").with_positional(), json!({"0": {}, "1": 7}), "`0` is empty"),
        (writing("a.b"), json!({"x.y": 1}), "`x.y` is a name"),
        (
            writing("a.b"),
            json!({"x": [{"y": reference(1)}]}),
            "`x[0][y]` contains `$result[c000000ab_1][ID]`, which refers to no earlier",
        ),
        (writing("a.b"), json!({"x": reference(2)}), "refers to no earlier command"),
        (writing("a.b"), json!({"x": "$result[me][ID]"}), "refers to no earlier command"),
        (writing("a.b"), json!({"x": "$result[c000000ac_0]"}), "refers to no earlier command"),
        (writing("a.b"), json!({"x": "$result[c000000ab_00]"}), "refers to no earlier command"),
        (writing("a.b"), json!({"x": "$result[c000000ab_0][]"}), "an empty segment"),
    ];
    for (info, params, says) in cases {
        let (mut commands, _) = commands(&[
            (reading("user.current"), json!({})),
            (info, params),
            (reading("profile"), json!({})),
        ]);
        commands.halt_on_error();
        let run = commands.run();
        assert_eq!(run.next_request(), None);
        let outcomes = run.finish();
        assert_eq!(words(&outcomes), ["NotExecuted", "Request", "NotExecuted"], "{says}");
        let error = error_of(&outcomes[1]);
        assert!(error.description().contains(says), "{error}");
        assert!(outcomes.iter().all(|outcome| error_of(outcome).executed() == Executed::No));
    }
}

#[test]
fn a_step_that_cannot_be_said_is_refused() {
    for step in ["", "a]", "a[b", "a b", "\n"] {
        let (mut commands, ids) = commands(&[(reading("a.b"), json!({})), (reading("c.d"), json!({}))]);
        commands.halt_on_error();
        commands.set_param(ids[1], "id", ids[0].result().at(step).at(0));
        assert_eq!(words(&commands.run().finish()), ["NotExecuted", "Request"], "{step:?}");
    }
}

#[test]
fn references_need_a_batch_that_stops_at_errors() {
    let (mut commands, ids) = commands(&[(reading("a.b"), json!({})), (reading("c.d"), json!({}))]);
    commands.set_param(ids[1], "id", ids[0].result());
    let outcomes = commands.run().finish();
    assert!(error_of(&outcomes[1]).description().contains("halt"), "{:?}", outcomes[1]);
}

#[test]
fn a_parameter_for_a_command_of_another_batch_is_refused() {
    let mut other = Commands::new(NONCE + 1);
    let theirs = other.add(reading("a.b"), Map::new());
    let (mut commands, _) = commands(&[(reading("a.b"), json!({}))]);
    commands.set_param(theirs, "id", 7);
    assert_eq!(words(&commands.run().finish()), ["Request"]);
}

#[test]
fn every_refused_command_says_why() {
    let (commands, _) = commands(&[(writing("batch"), json!({})), (writing("a.b"), json!({"x": null}))]);
    assert_eq!(words(&commands.run().finish()), ["Request", "Request"]);
}

#[test]
fn a_chain_that_is_too_long_for_one_call_is_refused() {
    let mut commands = Commands::new(NONCE);
    commands.halt_on_error();
    let mut last = commands.add(reading("a.b"), Map::new());
    for _ in 0..50 {
        let next = commands.add(reading("a.b"), Map::new());
        commands.set_param(next, "id", last.result());
        last = next;
    }
    let outcomes = commands.run().finish();
    let error = error_of(&outcomes[50]);
    assert!(
        error.kind() == ErrorKind::Request && error.description().contains("more than 50 commands"),
        "{error}"
    );
    assert!(outcomes[..50].iter().all(|outcome| error_of(outcome).kind() == ErrorKind::NotExecuted));
}
