//! Batches: the request, and the checks before it is sent.

use bitrix24_core::batch::{CommandId, Commands};
use bitrix24_core::{Api, ErrorKind, Executed, Map, MethodInfo, Value, json};

use common::{NONCE, commands, error_of, read, summarize, write};

#[path = "common/batch.rs"]
mod common;

#[test]
fn commands_are_named_queries_in_order() {
    let (mut commands, ids) = commands(&[
        (read("user.current"), json!({})),
        (read("crm.deal.list"), json!({"filter": {">ID": 5}, "order": {}, "select": ["ID", "TITLE"]})),
        (write("task.item.add"), json!({"0": {"TITLE": "A & B", "URGENT": true}})),
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
fn a_batch_has_side_effects_if_one_of_its_commands_has() {
    let cases = [(vec![false, false], false), (vec![false, true], true), (vec![true], true)];
    for (side_effects, expected) in cases {
        let mut commands = Commands::new(NONCE);
        for has_side_effects in &side_effects {
            commands.add(if *has_side_effects { write("a.b") } else { read("a.b") }, Map::new());
        }
        assert_eq!(commands.run().next_request().unwrap().info().side_effects, expected, "{side_effects:?}");
    }
}

#[test]
fn an_empty_batch_has_no_request() {
    let run = Commands::new(NONCE).run();
    assert_eq!(run.next_request(), None);
    assert!(run.finish().is_empty());
}

#[test]
fn set_param_writes_to_the_path_that_php_reads() {
    let cases = [
        (json!({}), "id", json!({"id": 7})),
        (json!({"ID": 1, "x": 2}), "id", json!({"ID": 7, "x": 2})),
        (json!({"filter": {"A": 1}}), "filter[>ID]", json!({"filter": {"A": 1, ">ID": 7}})),
        (json!({"filter": null}), "filter[a][b]", json!({"filter": {"a": {"b": 7}}})),
        (json!({"filter": []}), "filter[a]", json!({"filter": {"a": 7}})),
        (json!({"rows": [{"ID": 1}, {"ID": 2}]}), "rows[1][ID]", json!({"rows": [{"ID": 1}, {"ID": 7}]})),
        (json!({"0": 1, "1": {}}), "1[TITLE]", json!({"0": 1, "1": {"TITLE": 7}})),
    ];
    for (params, path, expected) in cases {
        let (mut commands, ids) = commands(&[(write("a.b"), params.clone())]);
        commands.set_param(ids[0], path, 7);
        let sent = commands.run().next_request().unwrap().params()["cmd"]["c000000ab_0"].clone();
        let (expected_commands, _) = commands_with(expected);
        assert_eq!(
            sent,
            expected_commands.run().next_request().unwrap().params()["cmd"]["c000000ab_0"],
            "{params} {path}"
        );
    }
    for path in ["", "[a]", "filter[]", "id[a]", "rows[2]", "rows[x]"] {
        let (mut commands, ids) = commands(&[(write("a.b"), json!({"id": 1, "rows": [1]}))]);
        commands.set_param(ids[0], path, 7);
        let outcomes = commands.run().finish();
        assert!(error_of(&outcomes[0]).description().contains("no place"), "{path}");
    }
}

fn commands_with(params: Value) -> (Commands, Vec<CommandId>) {
    commands(&[(write("a.b"), params)])
}

#[test]
fn an_invalid_command_is_refused_before_anything_is_sent() {
    let reference = |position: usize| format!("$result[c000000ab_{position}][ID]");
    let cases = [
        (write("batch"), json!({}), "a batch cannot contain a batch"),
        (write("Batch"), json!({}), "a batch cannot contain a batch"),
        (MethodInfo::new(Api::V3, "tasks.task.get"), json!({}), "REST 3"),
        (write("crm.deal.list?start=1"), json!({}), "method name is invalid"),
        (write(""), json!({}), "method name is invalid"),
        (write("a.b"), json!({"fields": {"NOTE": null}}), "`fields[NOTE]` is null"),
        (write("a.b"), json!({"rows": []}), "`rows` is empty"),
        (read("a.b"), json!({"filter": {"ID": []}}), "`filter[ID]` is empty"),
        (read("a.b").with_positional(), json!({"0": {}, "1": 7}), "`0` is empty"),
        (write("a.b"), json!({"x.y": 1}), "`x.y` is a name"),
        (
            write("a.b"),
            json!({"x": [{"y": reference(1)}]}),
            "`x[0][y]` contains `$result[c000000ab_1][ID]`, which refers to no earlier",
        ),
        (write("a.b"), json!({"x": reference(2)}), "refers to no earlier command"),
        (write("a.b"), json!({"x": "$result[me][ID]"}), "refers to no earlier command"),
        (write("a.b"), json!({"x": "$result[c000000ac_0]"}), "refers to no earlier command"),
        (write("a.b"), json!({"x": "$result[c000000ab_00]"}), "refers to no earlier command"),
        (write("a.b"), json!({"x": "$result[c000000ab_0][]"}), "an empty segment"),
        (write("a.b"), json!({"x": "$result[c000000ab_0][$result[c000000ab_0]]"}), "or one with brackets"),
    ];
    for (info, params, message) in cases {
        let (mut commands, _) =
            commands(&[(read("user.current"), json!({})), (info, params), (read("profile"), json!({}))]);
        commands.halt_on_error();
        let run = commands.run();
        assert_eq!(run.next_request(), None);
        let outcomes = run.finish();
        assert_eq!(summarize(&outcomes), ["NotExecuted", "Request", "NotExecuted"], "{message}");
        let error = error_of(&outcomes[1]);
        assert!(error.description().contains(message), "{error}");
        assert!(outcomes.iter().all(|outcome| error_of(outcome).executed() == Executed::No));
    }
}

#[test]
fn a_reference_with_an_invalid_segment_is_refused() {
    for step in ["", "a]", "a[b", "a b", "\n"] {
        let (mut commands, ids) = commands(&[(read("a.b"), json!({})), (read("c.d"), json!({}))]);
        commands.halt_on_error();
        commands.set_param(ids[1], "id", ids[0].result().at(step).at(0));
        assert_eq!(summarize(&commands.run().finish()), ["NotExecuted", "Request"], "{step:?}");
    }
}

#[test]
fn references_need_a_batch_that_halts_on_errors() {
    let (mut commands, ids) = commands(&[(read("a.b"), json!({})), (read("c.d"), json!({}))]);
    commands.set_param(ids[1], "id", ids[0].result());
    let outcomes = commands.run().finish();
    assert!(error_of(&outcomes[1]).description().contains("halt"), "{:?}", outcomes[1]);
}

#[test]
fn a_parameter_for_a_command_of_another_batch_is_refused() {
    let mut other = Commands::new(NONCE + 1);
    let foreign_id = other.add(read("a.b"), Map::new());
    let (mut commands, _) = commands(&[(read("a.b"), json!({}))]);
    commands.set_param(foreign_id, "id", 7);
    assert_eq!(summarize(&commands.run().finish()), ["Request"]);
}

#[test]
fn each_invalid_command_has_its_own_error() {
    let (commands, _) = commands(&[(write("batch"), json!({})), (write("a.b"), json!({"x": null}))]);
    assert_eq!(summarize(&commands.run().finish()), ["Request", "Request"]);
}

#[test]
fn a_chain_of_references_longer_than_one_request_is_refused() {
    let mut commands = Commands::new(NONCE);
    commands.halt_on_error();
    let mut last = commands.add(read("a.b"), Map::new());
    for _ in 0..50 {
        let next = commands.add(read("a.b"), Map::new());
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
