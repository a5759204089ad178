//! What the answer of a batch says of each command.

use bitrix24_core::batch::{CommandOutcome, Commands};
use bitrix24_core::{ErrorKind, Executed, Failure, Map, Value, json, parse_response};
use proptest::collection::vec;
use proptest::prelude::*;

use common::{NONCE, answered, error_of, reading, words};

#[path = "common/batch.rs"]
mod common;

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
        (json!({"result": {c0: 1, c2: 3}, "result_error": []}), "1 UnexpectedResponse 3"),
        (
            json!({"result": [], "result_error": []}),
            "UnexpectedResponse UnexpectedResponse UnexpectedResponse",
        ),
        (json!({"result": {c0: 1, c1: 2, c2: 3, "x": 4}, "result_error": {"y": a}}), "1 2 3"),
        (json!({"result": {c0: 1, c1: 2, c2: 3}, "result_error": {c1: a}}), "1 !A 3"),
        // Lists instead of objects.
        (json!({"result": [1, 2, 3], "result_error": []}), "1 2 3"),
        (json!({"result": [1, 3], "result_error": {c1: a}}), "1 !A 3"),
        (json!({"result": {c1: 2, c2: 3}, "result_error": [a]}), "!A 2 3"),
        (json!({"result": {c0: 1, c2: 3}, "result_error": [b]}), "1 !B 3"),
        (json!({"result": {c0: 1}, "result_error": [a, b]}), "1 !A !B"),
        (json!({"result": {c2: 3}, "result_error": [a]}), "!A UnexpectedResponse 3"),
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
        (json!({"result": {c0: 1, c1: {"error": {"error": "A"}}, c2: 3}, "result_error": []}), "1 !A 3"),
        // What cannot be told apart is the failure of all.
        (
            json!({"result": [1, 3], "result_error": [a]}),
            "UnexpectedResponse UnexpectedResponse UnexpectedResponse",
        ),
        (
            json!({"result": [1, 2], "result_error": []}),
            "UnexpectedResponse UnexpectedResponse UnexpectedResponse",
        ),
        (
            json!({"result": [1, 2, 3, 4], "result_error": []}),
            "UnexpectedResponse UnexpectedResponse UnexpectedResponse",
        ),
        (
            json!({"result": {c0: 1}, "result_error": [a]}),
            "UnexpectedResponse UnexpectedResponse UnexpectedResponse",
        ),
        (json!({"result": 7}), "UnexpectedResponse UnexpectedResponse UnexpectedResponse"),
        (json!({"result_total": []}), "UnexpectedResponse UnexpectedResponse UnexpectedResponse"),
        (json!([]), "UnexpectedResponse UnexpectedResponse UnexpectedResponse"),
        (json!(true), "UnexpectedResponse UnexpectedResponse UnexpectedResponse"),
    ];
    for (result, expected) in cases {
        let outcomes = answered(3, false, &result);
        assert_eq!(words(&outcomes).join(" "), expected, "{result}");
        let unknown = outcomes.iter().filter(|outcome| {
            outcome.response.as_ref().is_err_and(|f| f.kind() == ErrorKind::UnexpectedResponse)
        });
        unknown.for_each(|outcome| assert_eq!(error_of(outcome).executed(), Executed::Unknown));
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
        (json!({"result": {c0: 1}, "result_error": []}), "1 UnexpectedResponse UnexpectedResponse"),
        (json!({"result": {c1: 2}, "result_error": {c2: a}}), "UnexpectedResponse 2 !A"),
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
        let counts = outcomes.iter().map(|outcome| outcome.response.as_ref().unwrap());
        let counts: Vec<_> = counts.map(|answer| (answer.total, answer.next)).collect();
        assert_eq!(counts, [first, second], "{parts}");
    }
    let parts = json!({"result": {c0: 1, c1: 2}, "result_total": {c0: "many"}});
    assert_eq!(words(&answered(2, false, &parts)), ["Decode", "2"], "one count that cannot be read");
}

#[test]
fn what_was_done_is_told_with_counts_that_cannot_be_read() {
    let [c0, c1, c2] = ["c000000ab_0", "c000000ab_1", "c000000ab_2"];
    let cases = [
        (json!({"result": {c0: 17, c2: 18}, "result_total": [1]}), [Some(json!(17)), None, Some(json!(18))]),
        (json!({"result": {c0: 17}, "result_next": "soon"}), [Some(json!(17)), None, None]),
        (json!({"result": {c0: 17, c1: 5}, "result_total": {c0: "many"}}), [Some(json!(17)), None, None]),
        (json!({"result": {c0: 17}, "result_error": {c0: "HALF_DONE"}}), [Some(json!(17)), None, None]),
    ];
    for (result, kept) in cases {
        let outcomes = answered(3, false, &result);
        let failed = outcomes.iter().map(|outcome| outcome.response.is_err().then(|| error_of(outcome)));
        let found: Vec<_> = failed.map(|error| error.and_then(|error| error.raw_result().cloned())).collect();
        assert_eq!(found, kept, "{result}");
    }
}

#[test]
fn the_times_of_an_answer_are_told_with_the_names_of_methods() {
    let mut commands = Commands::new(NONCE);
    for place in 0..51 {
        commands.add(reading(if place == 50 { "crm.deal.list" } else { "crm.lead.list" }), Map::new());
    }
    let mut run = commands.run();
    for expected in [("crm.lead.list", 1.5), ("crm.deal.list", 1.5)] {
        let names: Vec<String> =
            run.next_request().unwrap().params()["cmd"].as_object().unwrap().keys().cloned().collect();
        let last = names.last().unwrap();
        let results: Map<_, _> = names.iter().map(|name| (name.clone(), json!([]))).collect();
        let times = json!({last.as_str(): {"operating": 1.5}, "c000000ab_1": []});
        let result = json!({"result": {"result": results, "result_time": times}});
        run.on_response(parse_response(200, result.to_string().as_bytes()));
        let times: Vec<_> = run
            .rate_limit_outcomes()
            .map(|pace| (pace.method(), pace.time().unwrap().operating.unwrap()))
            .collect();
        assert_eq!(times, [expected]);
    }
    assert_eq!(run.finish()[50].response.as_ref().unwrap().time.operating, Some(1.5));
}

fn error_kind(outcome: &CommandOutcome) -> Option<ErrorKind> {
    outcome.response.as_ref().err().map(Failure::kind)
}

/// Parts of an answer as no portal should give them.
fn part() -> impl Strategy<Value = Value> {
    let entry = prop_oneof![
        Just(json!(null)),
        Just(json!([])),
        Just(json!("A")),
        Just(json!(7)),
        Just(json!({"error": "A"})),
        Just(json!({"error": {"code": 1}, "error_description": []})),
    ];
    prop_oneof![
        entry.clone(),
        vec(entry.clone(), 0..5).prop_map(Value::from),
        vec((0..5_usize, entry), 0..5).prop_map(|entries| entries
            .into_iter()
            .map(|(place, entry)| (format!("c000000ab_{place}"), entry))
            .collect()),
    ]
}

proptest! {
    /// Whatever a portal answers, each command is told something, and nothing that failed counts as done.
    #[test]
    fn every_answer_says_something_of_each_command(
        result in part(), errors in part(), total in part(), time in part(), halt in any::<bool>(),
    ) {
        let parts = json!({"result": result, "result_error": errors, "result_total": total, "result_time": time});
        let outcomes = answered(3, halt, &parts);
        prop_assert_eq!(outcomes.len(), 3);
        let failed = outcomes.iter().position(|outcome| outcome.response.is_err());
        for (place, outcome) in outcomes.iter().enumerate() {
            if error_kind(outcome) == Some(ErrorKind::NotExecuted) {
                prop_assert!(halt && failed.is_some_and(|failed| failed < place), "{}", parts);
            }
            if parts["result_error"][format!("c000000ab_{place}")]["error"] == "A" {
                prop_assert!(outcome.response.is_err(), "{}", parts);
            }
        }
    }
}
