//! Batches: what is sent, what is refused, and what an answer says of each command.

use bitrix24_core::batch::{CommandId, Commands, Outcome, Run};
use bitrix24_core::{Api, Code, Error, Failure, Kind, Map, MethodInfo, Ran, Value, json, read_answer};
use proptest::collection::vec;
use proptest::prelude::*;

#[path = "../../tests/support/php_batch.rs"]
mod php_batch;

const MARK: u32 = 0xab;

fn map(params: Value) -> Map<String, Value> {
    match params {
        Value::Object(params) => params,
        other => panic!("no object: {other}"),
    }
}

fn writing(name: &str) -> MethodInfo<'_> {
    MethodInfo::new(Api::V2, name)
}

fn reading(name: &str) -> MethodInfo<'_> {
    writing(name).that_only_reads()
}

/// Commands with these methods and parameters.
fn commands(given: &[(MethodInfo<'_>, Value)]) -> (Commands, Vec<CommandId>) {
    let mut commands = Commands::new(MARK);
    let ids = given.iter().map(|(info, params)| commands.add(*info, map(params.clone()))).collect();
    (commands, ids)
}

/// A batch of so many commands that was answered with these parts.
fn answered(count: usize, halt: bool, result: &Value) -> Vec<Outcome> {
    let mut commands = Commands::new(MARK);
    if halt {
        commands.halt();
    }
    for place in 0..count {
        commands.add(writing(&format!("stock.m{place}")), Map::new());
    }
    let mut run = commands.run();
    assert!(run.request().is_some());
    run.answered(read_answer(200, json!({"result": result}).to_string().as_bytes()));
    assert!(run.request().is_none());
    run.finish()
}

/// In a word what came of each command.
fn words(outcomes: &[Outcome]) -> Vec<String> {
    let word = |outcome: &Outcome| match (&outcome.answer, &outcome.unresolved) {
        (_, Some(reference)) => format!("lost {reference}"),
        (Ok(answer), None) => answer.result.to_string(),
        (Err(failure), None) => match Error::<Code>::new(&outcome.method, failure.clone()) {
            error if failure.kind() == Kind::Method => format!("!{}", error.code().unwrap_or("?")),
            error => format!("{:?}", error.kind()),
        },
    };
    outcomes.iter().map(word).collect()
}

fn error_of(outcome: &Outcome) -> Error {
    Error::new(&outcome.method, outcome.answer.clone().unwrap_err())
}

#[test]
fn commands_are_named_queries_in_order() {
    let (mut commands, ids) = commands(&[
        (reading("user.current"), json!({})),
        (reading("crm.deal.list"), json!({"filter": {">ID": 5}, "order": {}, "select": ["ID", "TITLE"]})),
        (writing("task.item.add"), json!({"0": {"TITLE": "A & B", "URGENT": true}})),
    ]);
    commands.halt();
    commands.put(ids[1], "filter[ASSIGNED_BY_ID]", ids[0].result().at("ID"));
    let request = commands.run().request().unwrap();
    let expected = json!({"halt": 1, "cmd": {
        "c000000ab_0": "user.current",
        "c000000ab_1": "crm.deal.list?filter[%3EID]=5\
                        &filter[ASSIGNED_BY_ID]=%24result%5Bc000000ab_0%5D%5BID%5D&select[0]=ID&select[1]=TITLE",
        "c000000ab_2": "task.item.add?0[TITLE]=A+%26+B&0[URGENT]=1",
    }});
    assert_eq!(Value::Object(request.params().clone()).to_string(), expected.to_string());
    assert_eq!((request.info().name, request.info().api, request.info().changes), ("batch", Api::V2, true));
}

#[test]
fn a_call_changes_something_if_one_of_its_commands_does() {
    let cases = [(vec![false, false], false), (vec![false, true], true), (vec![true], true)];
    for (given, expected) in cases {
        let mut commands = Commands::new(MARK);
        for changes in &given {
            commands.add(if *changes { writing("a.b") } else { reading("a.b") }, Map::new());
        }
        assert_eq!(commands.run().request().unwrap().info().changes, expected, "{given:?}");
    }
}

#[test]
fn nothing_is_sent_for_no_commands() {
    let run = Commands::new(MARK).run();
    assert_eq!(run.request(), None);
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
        commands.put(ids[0], place, 7);
        let sent = commands.run().request().unwrap().params()["cmd"]["c000000ab_0"].clone();
        let (wanted, _) = commands_with(expected);
        assert_eq!(sent, wanted.run().request().unwrap().params()["cmd"]["c000000ab_0"], "{params} {place}");
    }
    for place in ["", "[a]", "filter[]", "id[a]", "rows[2]", "rows[x]"] {
        let (mut commands, ids) = commands(&[(writing("a.b"), json!({"id": 1, "rows": [1]}))]);
        commands.put(ids[0], place, 7);
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
        (writing("batch"), json!({}), "no batch within a batch"),
        (writing("Batch"), json!({}), "no batch within a batch"),
        (MethodInfo::new(Api::V3, "tasks.task.get"), json!({}), "REST 3"),
        (writing("crm.deal.list?start=1"), json!({}), "no name of a method"),
        (writing(""), json!({}), "no name of a method"),
        (writing("a.b"), json!({"fields": {"NOTE": null}}), "`fields[NOTE]` is null"),
        (writing("a.b"), json!({"rows": []}), "`rows` is empty"),
        (reading("a.b"), json!({"filter": {"ID": []}}), "`filter[ID]` is empty"),
        (reading("a.b").with_positional(), json!({"0": {}, "1": 7}), "`0` is empty"),
        (writing("a.b"), json!({"x.y": 1}), "`x.y` is a name"),
        (writing("a.b"), json!({"x": [{"y": reference(1)}]}), "refers to no earlier command"),
        (writing("a.b"), json!({"x": reference(2)}), "refers to no earlier command"),
        (writing("a.b"), json!({"x": "$result[me][ID]"}), "refers to no earlier command"),
        (writing("a.b"), json!({"x": "$result[c000000ac_0]"}), "refers to no earlier command"),
        (writing("a.b"), json!({"x": "$result[c000000ab_00]"}), "refers to no earlier command"),
        (writing("a.b"), json!({"x": "$result[c000000ab_0][]"}), "has a step"),
    ];
    for (info, params, says) in cases {
        let (mut commands, _) = commands(&[
            (reading("user.current"), json!({})),
            (info, params),
            (reading("profile"), json!({})),
        ]);
        commands.halt();
        let run = commands.run();
        assert_eq!(run.request(), None);
        let outcomes = run.finish();
        assert_eq!(words(&outcomes), ["NotExecuted", "Request", "NotExecuted"], "{says}");
        let error = error_of(&outcomes[1]);
        assert!(error.description().contains(says), "{error}");
        assert!(outcomes.iter().all(|outcome| error_of(outcome).ran() == Ran::No));
    }
}

#[test]
fn a_step_that_cannot_be_said_is_refused() {
    for step in ["", "a]", "a[b", "a b", "\n"] {
        let (mut commands, ids) = commands(&[(reading("a.b"), json!({})), (reading("c.d"), json!({}))]);
        commands.halt();
        commands.put(ids[1], "id", ids[0].result().at(step).at(0));
        assert_eq!(words(&commands.run().finish()), ["NotExecuted", "Request"], "{step:?}");
    }
}

#[test]
fn references_need_a_batch_that_stops_at_errors() {
    let (mut commands, ids) = commands(&[(reading("a.b"), json!({})), (reading("c.d"), json!({}))]);
    commands.put(ids[1], "id", ids[0].result());
    let outcomes = commands.run().finish();
    assert!(error_of(&outcomes[1]).description().contains("halt"), "{:?}", outcomes[1]);
}

#[test]
fn a_parameter_for_a_command_of_another_batch_is_refused() {
    let mut other = Commands::new(MARK + 1);
    let theirs = other.add(reading("a.b"), Map::new());
    let (mut commands, _) = commands(&[(reading("a.b"), json!({}))]);
    commands.put(theirs, "id", 7);
    assert_eq!(words(&commands.run().finish()), ["Request"]);
}

#[test]
fn every_refused_command_says_why() {
    let (commands, _) = commands(&[(writing("batch"), json!({})), (writing("a.b"), json!({"x": null}))]);
    assert_eq!(words(&commands.run().finish()), ["Request", "Request"]);
}

#[test]
fn a_chain_that_is_too_long_for_one_call_is_refused() {
    let mut commands = Commands::new(MARK);
    commands.halt();
    let mut last = commands.add(reading("a.b"), Map::new());
    for _ in 0..50 {
        let next = commands.add(reading("a.b"), Map::new());
        commands.put(next, "id", last.result());
        last = next;
    }
    let outcomes = commands.run().finish();
    let error = error_of(&outcomes[50]);
    assert!(
        error.kind() == Kind::Request && error.description().contains("more than 50 commands"),
        "{error}"
    );
    assert!(outcomes[..50].iter().all(|outcome| error_of(outcome).kind() == Kind::NotExecuted));
}

#[test]
fn whose_result_is_whose() {
    let error = |code: &str| json!({"error": code, "error_description": "No"});
    let (a, b) = (error("A"), error("B"));
    let [c0, c1, c2] = ["c000000ab_0", "c000000ab_1", "c000000ab_2"];
    let cases = [
        // As a portal writes it.
        (json!({"result": {c0: 1, c1: 2, c2: 3}, "result_error": []}), "1 2 3"),
        (json!({"result": {c0: 1, c1: 2, c2: 3}}), "1 2 3"),
        (json!({"result": {c2: 3, c0: 1, c1: 2}, "result_error": {}}), "1 2 3"),
        (json!({"result": {c0: null, c1: [], c2: false}, "result_error": []}), "null [] false"),
        (json!({"result": {c0: 1, c2: 3}, "result_error": {c1: a}}), "1 !A 3"),
        (json!({"result": [], "result_error": {c0: a, c1: b, c2: a}}), "!A !B !A"),
        // An answer that says nothing of a command, or more than was asked.
        (json!({"result": {c0: 1, c2: 3}, "result_error": []}), "1 NotAnAnswer 3"),
        (json!({"result": [], "result_error": []}), "NotAnAnswer NotAnAnswer NotAnAnswer"),
        (json!({"result": {c0: 1, c1: 2, c2: 3, "x": 4}, "result_error": {"y": a}}), "1 2 3"),
        (json!({"result": {c0: 1, c1: 2, c2: 3}, "result_error": {c1: a}}), "1 !A 3"),
        // Lists instead of objects.
        (json!({"result": [1, 2, 3], "result_error": []}), "1 2 3"),
        (json!({"result": [1, 3], "result_error": {c1: a}}), "1 !A 3"),
        (json!({"result": {c1: 2, c2: 3}, "result_error": [a]}), "!A 2 3"),
        (json!({"result": {c0: 1, c2: 3}, "result_error": [b]}), "1 !B 3"),
        (json!({"result": {c0: 1}, "result_error": [a, b]}), "1 !A !B"),
        (json!({"result": {c2: 3}, "result_error": [a]}), "!A NotAnAnswer 3"),
        (json!({"result": {c0: 1, c2: 3}, "result_error": [null, b, []]}), "1 !B 3"),
        (json!({"result": [], "result_error": [a, b, a]}), "!A !B !A"),
        (json!({"result": null, "result_error": [a, b, a]}), "!A !B !A"),
        // Other forms of an error.
        (json!({"result": {c0: 1, c2: 3}, "result_error": {c1: "A"}}), "1 !A 3"),
        (json!({"result": {c0: 1, c2: 3}, "result_error": {c1: 400}}), "1 !400 3"),
        (json!({"result": {c0: 1, c2: 3}, "result_error": {c1: error("")}}), "1 ! 3"),
        (json!({"result": {c0: 1, c2: 3}, "result_error": {c1: {"code": "A", "message": "No"}}}), "1 !A 3"),
        (json!({"result": {c0: 1, c2: 3}, "result_error": {c1: {"error": {"code": "A"}}}}), "1 !A 3"),
        (json!({"result": {c0: 1, c1: 2, c2: 3}, "result_error": {c0: null, c1: "", c2: []}}), "1 2 3"),
        // What cannot be told apart is the failure of all.
        (json!({"result": [1, 3], "result_error": [a]}), "NotAnAnswer NotAnAnswer NotAnAnswer"),
        (json!({"result": [1, 2], "result_error": []}), "NotAnAnswer NotAnAnswer NotAnAnswer"),
        (json!({"result": [1, 2, 3, 4], "result_error": []}), "NotAnAnswer NotAnAnswer NotAnAnswer"),
        (json!({"result": {c0: 1}, "result_error": [a]}), "NotAnAnswer NotAnAnswer NotAnAnswer"),
        (json!({"result": 7}), "NotAnAnswer NotAnAnswer NotAnAnswer"),
        (json!({"result_total": []}), "NotAnAnswer NotAnAnswer NotAnAnswer"),
        (json!([]), "NotAnAnswer NotAnAnswer NotAnAnswer"),
        (json!(true), "NotAnAnswer NotAnAnswer NotAnAnswer"),
    ];
    for (result, expected) in cases {
        let outcomes = answered(3, false, &result);
        assert_eq!(words(&outcomes).join(" "), expected, "{result}");
        let unknown = outcomes
            .iter()
            .filter(|outcome| outcome.answer.as_ref().is_err_and(|f| f.kind() == Kind::NotAnAnswer));
        unknown.for_each(|outcome| assert_eq!(error_of(outcome).ran(), Ran::Maybe));
    }
}

#[test]
fn a_batch_that_stopped_tells_what_was_not_executed() {
    let a = json!({"error": "A", "error_description": "No"});
    let [c0, c1, c2] = ["c000000ab_0", "c000000ab_1", "c000000ab_2"];
    let cases = [
        (json!({"result": {c0: 1, c1: 2, c2: 3}, "result_error": []}), "1 2 3"),
        (json!({"result": [], "result_error": {c0: a}}), "!A NotExecuted NotExecuted"),
        (json!({"result": {c0: 1}, "result_error": {c1: a}}), "1 !A NotExecuted"),
        (json!({"result": {c0: 1, c1: 2}, "result_error": {c2: a}}), "1 2 !A"),
        (json!({"result": {c0: 1}, "result_error": [a]}), "1 !A NotExecuted"),
        (json!({"result": [], "result_error": [a]}), "!A NotExecuted NotExecuted"),
        (json!({"result": [1], "result_error": {c1: a}}), "1 !A NotExecuted"),
        (json!({"result": [1], "result_error": [a]}), "1 !A NotExecuted"),
        // Nothing failed that would explain the silence.
        (json!({"result": {c0: 1}, "result_error": []}), "1 NotAnAnswer NotAnAnswer"),
        (json!({"result": {c1: 2}, "result_error": {c2: a}}), "NotAnAnswer 2 !A"),
    ];
    for (result, expected) in cases {
        let outcomes = answered(3, true, &result);
        assert_eq!(words(&outcomes).join(" "), expected, "{result}");
    }
}

#[test]
fn counts_and_times_go_with_their_results() {
    let [c0, c1] = ["c000000ab_0", "c000000ab_1"];
    let cases = [
        (json!({"result_total": {c1: 120}, "result_next": {c1: 0}}), (None, None), (Some(120), Some(0))),
        (json!({"result_total": {c0: "7"}, "result_next": []}), (Some(7), None), (None, None)),
        (json!({"result_total": [7, 120], "result_next": null}), (Some(7), None), (Some(120), None)),
    ];
    for (mut parts, first, second) in cases {
        parts["result"] = json!({c0: [], c1: []});
        let outcomes = answered(2, false, &parts);
        let counts = outcomes.iter().map(|outcome| outcome.answer.as_ref().unwrap());
        let counts: Vec<_> = counts.map(|answer| (answer.total, answer.next)).collect();
        assert_eq!(counts, [first, second], "{parts}");
    }
    let parts = json!({"result": {c0: 1, c1: 2}, "result_total": {c0: "many"}});
    assert_eq!(words(&answered(2, false, &parts)), ["Decode", "2"], "one count that cannot be read");
}

#[test]
fn the_times_of_an_answer_are_told_with_the_names_of_methods() {
    let mut commands = Commands::new(MARK);
    for place in 0..51 {
        commands.add(reading(if place == 50 { "crm.deal.list" } else { "crm.lead.list" }), Map::new());
    }
    let mut run = commands.run();
    for expected in [("crm.lead.list", 1.5), ("crm.deal.list", 1.5)] {
        let names: Vec<String> =
            run.request().unwrap().params()["cmd"].as_object().unwrap().keys().cloned().collect();
        let last = names.last().unwrap();
        let results: Map<_, _> = names.iter().map(|name| (name.clone(), json!([]))).collect();
        let times = json!({last.as_str(): {"operating": 1.5}, "c000000ab_1": []});
        let result = json!({"result": {"result": results, "result_time": times}});
        run.answered(read_answer(200, result.to_string().as_bytes()));
        let times: Vec<_> = run.times().map(|(method, time)| (method, time.operating.unwrap())).collect();
        assert_eq!(times, [expected]);
    }
    assert_eq!(run.finish()[50].answer.as_ref().unwrap().time.operating, Some(1.5));
}

/// The answer of the imitated portal to a run's next request.
fn step(run: &mut Run, call: impl FnMut(&str, &Map<String, Value>) -> Value) -> bool {
    let Some(request) = run.request() else { return false };
    let params = Value::Object(request.params().clone());
    assert!(params["cmd"].as_object().unwrap().len() <= 50);
    let body = json!({"result": php_batch::play(&params, call)});
    run.answered(read_answer(200, body.to_string().as_bytes()));
    true
}

#[test]
fn a_part_that_fails_leaves_the_results_before_it_and_stops_the_rest() {
    let failures = [
        (Failure::new(Kind::Timeout, "late"), Kind::Timeout, Ran::Maybe),
        (Failure::new(Kind::Connect, "no one there"), Kind::Connect, Ran::No),
        (Failure::answered(503, "QUERY_LIMIT_EXCEEDED", "slow down"), Kind::System, Ran::No),
        (Failure::answered(403, "ACCESS_DENIED", "not on this plan"), Kind::System, Ran::No),
        // An error of the batch itself, of which nothing is known.
        (Failure::answered(400, "ERROR_ARGUMENT", "what?"), Kind::System, Ran::Maybe),
    ];
    for (failure, kind, ran) in failures {
        let mut commands = Commands::new(MARK);
        for _ in 0..120 {
            commands.add(writing("a.b"), Map::new());
        }
        let mut run = commands.run();
        assert!(step(&mut run, |_, _| json!({"result": 7})));
        run.answered(Err(failure));
        assert_eq!(run.request(), None);
        let outcomes = run.finish();
        assert!(outcomes[..50].iter().all(|outcome| outcome.answer.as_ref().unwrap().result == 7));
        for outcome in &outcomes[50..100] {
            let error = error_of(outcome);
            assert_eq!((error.kind(), error.ran(), error.own()), (kind, ran, None), "{error}");
        }
        assert!(outcomes[100..].iter().all(|outcome| error_of(outcome).kind() == Kind::NotExecuted));
    }
}

#[test]
fn what_follows_a_part_that_stopped_is_not_sent() {
    for (halt, parts) in [(true, 1), (false, 3)] {
        let mut commands = Commands::new(MARK);
        for place in 0..120 {
            commands.add(writing("a.b"), map(json!({"id": place})));
        }
        if halt {
            commands.halt();
        }
        let mut run = commands.run();
        let mut sent = 0;
        let call = |_: &str, params: &Map<String, Value>| match params["id"].as_str() {
            Some("20") => json!({"error": "NOT_FOUND", "error_description": ""}),
            id => json!({"result": id}),
        };
        while step(&mut run, call) {
            sent += 1;
        }
        assert_eq!(sent, parts);
        let outcomes = run.finish();
        assert_eq!(outcomes.len(), 120);
        assert!(error_of(&outcomes[20]).is(Code::from("NOT_FOUND")));
        for outcome in &outcomes[21..] {
            assert_eq!(outcome.answer.is_err(), halt);
        }
    }
}

#[test]
fn a_reference_to_nothing_is_told_beside_what_the_portal_did_with_its_text() {
    let (mut commands, ids) = commands(&[
        (reading("user.search"), json!({"NAME": "Ann"})),
        (writing("crm.lead.add"), json!({"fields": {"TITLE": "x"}})),
        (writing("crm.lead.add"), json!({"fields": {"TITLE": "y"}})),
    ]);
    commands.halt();
    commands.put(ids[1], "fields[ASSIGNED_BY_ID]", ids[0].result().at(0).at("ID"));
    let mut run = commands.run();
    step(&mut run, |name, params| match name {
        "user.search" => json!({"result": []}),
        _ => json!({"result": params["fields"]}),
    });
    let outcomes = run.finish();
    let reference = ids[0].result().at(0).at("ID");
    assert_eq!(outcomes[1].unresolved.as_ref(), Some(&reference));
    assert_eq!(outcomes[1].answer.as_ref().unwrap().result["ASSIGNED_BY_ID"], reference.text());
    assert_eq!((outcomes[0].unresolved.as_ref(), outcomes[2].unresolved.as_ref()), (None, None));
}

/// A command of a random batch: whether it fails, and how many commands before it it refers to.
#[derive(Clone, Debug)]
struct Given {
    fails: bool,
    back: Option<usize>,
}

fn given() -> impl Strategy<Value = Given> {
    (proptest::bool::weighted(0.02), proptest::option::weighted(0.2, 1..6_usize))
        .prop_map(|(fails, back)| Given { fails, back })
}

proptest! {
    /// Each command is carried out at most once, in order and with the values it refers to, and gets its own outcome.
    #[test]
    fn every_command_gets_what_came_of_it(given in vec(given(), 0..180), halt in any::<bool>()) {
        let mut commands = Commands::new(MARK);
        let mut ids: Vec<CommandId> = Vec::new();
        for (place, given) in given.iter().enumerate() {
            let id = commands.add(writing("a.b"), map(json!({"place": place})));
            if let Some(back) = given.back.filter(|back| halt && *back <= place) {
                commands.put(id, "from", ids[place - back].result().at("place"));
            }
            ids.push(id);
        }
        if halt {
            commands.halt();
        }
        let mut carried = Vec::new();
        let mut run = commands.run();
        let refused = run.request().is_none();
        while step(&mut run, |_, params| {
            let place: usize = params["place"].as_str().unwrap().parse().unwrap();
            carried.push((place, params.get("from").cloned()));
            if given[place].fails { json!({"error": "A"}) } else { json!({"result": {"place": place.to_string()}}) }
        }) {}
        let outcomes = run.finish();
        prop_assert_eq!(outcomes.len(), given.len());
        if refused && !given.is_empty() {
            prop_assert!(carried.is_empty());
            return Ok(());
        }
        let stop = given.iter().position(|given| halt && given.fails).map_or(given.len(), |place| place + 1);
        prop_assert_eq!(carried.len(), stop);
        for (place, (outcome, given)) in outcomes.iter().zip(&given).enumerate() {
            let expected = match (place < stop, given.fails) {
                (true, false) => json!({"place": place.to_string()}).to_string(),
                (true, true) => "!A".to_owned(),
                (false, _) => "NotExecuted".to_owned(),
            };
            prop_assert_eq!(words(std::slice::from_ref(outcome)), [expected]);
        }
        for (place, (carried, from)) in carried.into_iter().enumerate() {
            prop_assert_eq!(carried, place);
            let back = given[place].back.filter(|back| halt && *back <= place);
            prop_assert_eq!(from, back.map(|back| json!((place - back).to_string())));
        }
    }
}
