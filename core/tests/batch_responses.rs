//! The outcome of each command in the response to a batch.

use bitrix24_core::batch::{CommandOutcome, Commands};
use bitrix24_core::{ErrorKind, Executed, Failure, Map, Value, json, parse_response};
use proptest::collection::vec;
use proptest::prelude::*;

use common::{NONCE, error_of, read, run_with_result, summarize};

#[path = "common/batch.rs"]
mod common;

#[test]
fn each_command_gets_its_own_result_or_error() {
    let error = |code: &str| json!({"error": code, "error_description": "No"});
    let (a, b) = (error("A"), error("B"));
    let [c0, c1, c2] = ["c000000ab_0", "c000000ab_1", "c000000ab_2"];
    let cases = [
        // The usual form.
        (json!({"result": {c0: 1, c1: 2, c2: 3}, "result_error": []}), "1 2 3"),
        (json!({"result": {c0: 1, c1: 2, c2: 3}}), "1 2 3"),
        (json!({"result": {c2: 3, c0: 1, c1: 2}, "result_error": {}}), "1 2 3"),
        (json!({"result": {c0: null, c1: [], c2: false}, "result_error": []}), "null [] false"),
        (json!({"result": {c0: 1, c2: 3}, "result_error": {c1: a}}), "1 !A 3"),
        (json!({"result": [], "result_error": {c0: a, c1: b, c2: a}}), "!A !B !A"),
        (
            json!({"result": [], "result_error": {c0: a, c1: b, c2: a}, "result_total": [], "result_next": [], "result_time": []}),
            "!A !B !A",
        ),
        (
            json!({"result": {c0: 58943, c1: "53", c2: true}, "result_error": [], "result_total": [], "result_next": [], "result_time": []}),
            "58943 \"53\" true",
        ),
        (
            json!({"result": [null, {}, []], "result_error": {}, "result_time": [{"start": 1}, {"start": 1.5}, []]}),
            "null {} []",
        ),
        (json!({"result": {c0: 1}, "result_error": [a, b], "result_time": {c0: {"start": 1}}}), "1 !A !B"),
        // Missing and additional commands.
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
        // A response that cannot be assigned to the commands fails all of them.
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
        let outcomes = run_with_result(3, false, &result);
        assert_eq!(summarize(&outcomes).join(" "), expected, "{result}");
        let unknown = outcomes.iter().filter(|outcome| {
            outcome.response.as_ref().is_err_and(|f| f.kind() == ErrorKind::UnexpectedResponse)
        });
        unknown.for_each(|outcome| assert_eq!(error_of(outcome).executed(), Executed::Unknown));
    }
}

#[test]
fn a_halted_batch_marks_the_commands_that_did_not_run() {
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
        // Missing commands without a failed one.
        (json!({"result": {c0: 1}, "result_error": []}), "1 UnexpectedResponse UnexpectedResponse"),
        (json!({"result": {c1: 2}, "result_error": {c2: a}}), "UnexpectedResponse 2 !A"),
    ];
    for (result, expected) in cases {
        let outcomes = run_with_result(3, true, &result);
        assert_eq!(summarize(&outcomes).join(" "), expected, "{result}");
    }
}

#[test]
fn counts_belong_to_the_command_of_their_result() {
    let [c0, c1] = ["c000000ab_0", "c000000ab_1"];
    let cases = [
        (json!({"result_total": {c1: 120}, "result_next": {c1: 0}}), (None, None), (Some(120), Some(0))),
        (json!({"result_total": {c0: "7"}, "result_next": []}), (Some(7), None), (None, None)),
        (json!({"result_total": [7, 120], "result_next": null}), (Some(7), None), (Some(120), None)),
    ];
    for (mut parts, first, second) in cases {
        parts["result"] = json!({c0: [], c1: []});
        let outcomes = run_with_result(2, false, &parts);
        let counts = outcomes.iter().map(|outcome| outcome.response.as_ref().unwrap());
        let counts: Vec<_> = counts.map(|answer| (answer.total, answer.next)).collect();
        assert_eq!(counts, [first, second], "{parts}");
    }
    let parts = json!({"result": {c0: 1, c1: 2}, "result_total": {c0: "many"}});
    assert_eq!(
        summarize(&run_with_result(2, false, &parts)),
        ["Decode", "2"],
        "an invalid count fails its command"
    );
}

#[test]
fn a_result_is_kept_when_its_counts_are_invalid() {
    let [c0, c1, c2] = ["c000000ab_0", "c000000ab_1", "c000000ab_2"];
    let cases = [
        (json!({"result": {c0: 17, c2: 18}, "result_total": [1]}), [Some(json!(17)), None, Some(json!(18))]),
        (json!({"result": {c0: 17}, "result_next": "soon"}), [Some(json!(17)), None, None]),
        (json!({"result": {c0: 17, c1: 5}, "result_total": {c0: "many"}}), [Some(json!(17)), None, None]),
        (json!({"result": {c0: 17}, "result_error": {c0: "HALF_DONE"}}), [Some(json!(17)), None, None]),
    ];
    for (result, kept) in cases {
        let outcomes = run_with_result(3, false, &result);
        let failed = outcomes.iter().map(|outcome| outcome.response.is_err().then(|| error_of(outcome)));
        let found: Vec<_> = failed.map(|error| error.and_then(|error| error.raw_result().cloned())).collect();
        assert_eq!(found, kept, "{result}");
    }
}

#[test]
fn operating_times_are_reported_per_method() {
    let mut commands = Commands::new(NONCE);
    for position in 0..51 {
        commands.add(read(if position == 50 { "crm.deal.list" } else { "crm.lead.list" }), Map::new());
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
            .map(|outcome| (outcome.method(), outcome.time().unwrap().operating.unwrap()))
            .collect();
        assert_eq!(times, [expected]);
    }
    assert_eq!(run.finish()[50].response.as_ref().unwrap().time.operating, Some(1.5));
}

fn error_kind(outcome: &CommandOutcome) -> Option<ErrorKind> {
    outcome.response.as_ref().err().map(Failure::kind)
}

/// A random, mostly invalid part of a batch response.
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
            .map(|(position, entry)| (format!("c000000ab_{position}"), entry))
            .collect()),
    ]
}

proptest! {
    /// Any response yields one outcome per command, and a command with an error never succeeds.
    #[test]
    fn any_batch_response_yields_an_outcome_for_each_command(
        result in part(), errors in part(), total in part(), time in part(), halt in any::<bool>(),
    ) {
        let parts = json!({"result": result, "result_error": errors, "result_total": total, "result_time": time});
        let outcomes = run_with_result(3, halt, &parts);
        prop_assert_eq!(outcomes.len(), 3);
        let failed = outcomes.iter().position(|outcome| outcome.response.is_err());
        for (position, outcome) in outcomes.iter().enumerate() {
            if error_kind(outcome) == Some(ErrorKind::NotExecuted) {
                prop_assert!(halt && failed.is_some_and(|failed| failed < position), "{}", parts);
            }
            if parts["result_error"][format!("c000000ab_{position}")]["error"] == "A" {
                prop_assert!(outcome.response.is_err(), "{}", parts);
            }
        }
    }
}
