//! Batches of several requests, executed by a mock portal that follows the rules of PHP.
#![cfg(not(target_family = "wasm"))]

use bitrix24_core::batch::{BatchRun, CommandId, Commands};
use bitrix24_core::{ErrorKind, Executed, Failure, Map, RawErrorCode, Value, json, parse_response};
use proptest::collection::vec;
use proptest::prelude::*;

use common::{NONCE, commands, error_of, map, read, summarize, write};

#[path = "common/batch.rs"]
mod common;

/// Sends the next request of a run to the mock portal. Returns `false` if there is none.
fn step(run: &mut BatchRun, call: impl FnMut(&str, &Map<String, Value>) -> Value) -> bool {
    let Some(request) = run.next_request() else { return false };
    let params = Value::Object(request.params().clone());
    assert!(params["cmd"].as_object().unwrap().len() <= 50);
    let body = json!({"result": bitrix24_testing::run_batch(&params, call)});
    run.on_response(parse_response(200, body.to_string().as_bytes()));
    true
}

#[test]
fn a_failed_request_keeps_earlier_results_and_stops_the_run() {
    let failures = [
        (Failure::new(ErrorKind::Timeout, "late"), ErrorKind::Timeout, Executed::Unknown),
        (Failure::new(ErrorKind::Connect, "refused"), ErrorKind::Connect, Executed::No),
        (Failure::from_response(503, "QUERY_LIMIT_EXCEEDED", "slow down"), ErrorKind::System, Executed::No),
        (Failure::from_response(403, "ACCESS_DENIED", "not on this plan"), ErrorKind::System, Executed::No),
        // An undocumented error of the batch itself: the outcome of its commands is unknown.
        (Failure::from_response(400, "ERROR_ARGUMENT", "what?"), ErrorKind::System, Executed::Unknown),
    ];
    for (failure, kind, ran) in failures {
        let mut commands = Commands::new(NONCE);
        for _ in 0..120 {
            commands.add(write("a.b"), Map::new());
        }
        let mut run = commands.run();
        assert!(step(&mut run, |_, _| json!({"result": 7})));
        run.on_response(Err(failure));
        assert_eq!(run.next_request(), None);
        let outcomes = run.finish();
        assert!(outcomes[..50].iter().all(|outcome| outcome.response.as_ref().unwrap().result == 7));
        for outcome in &outcomes[50..100] {
            let error = error_of(outcome);
            assert_eq!((error.kind(), error.executed(), error.method_error()), (kind, ran, None), "{error}");
        }
        assert!(outcomes[100..].iter().all(|outcome| error_of(outcome).kind() == ErrorKind::NotExecuted));
    }
}

#[test]
fn rejected_commands_are_not_sent_after_a_failed_request() {
    let mut commands = Commands::new(NONCE);
    for index in 0..60 {
        commands.add(write("a.b"), map(json!({"id": index})));
    }
    let mut run = commands.run();
    step(&mut run, |_, params| match params["id"].as_str() {
        Some("3") => json!({"error": "QUERY_LIMIT_EXCEEDED", "error_description": ""}),
        id => json!({"result": id}),
    });
    run.on_response(Err(Failure::new(ErrorKind::Timeout, "late")));
    assert_eq!((run.next_request(), run.is_retry()), (None, false));
    let outcomes = run.finish();
    assert!(error_of(&outcomes[3]).is_limit());
    assert_eq!(error_of(&outcomes[54]).kind(), ErrorKind::Timeout);
}

#[test]
fn nothing_is_sent_after_a_halted_request() {
    for (halt, requests) in [(true, 1), (false, 3)] {
        let mut commands = Commands::new(NONCE);
        for index in 0..120 {
            commands.add(write("a.b"), map(json!({"id": index})));
        }
        if halt {
            commands.halt_on_error();
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
        assert_eq!(sent, requests);
        let outcomes = run.finish();
        assert_eq!(outcomes.len(), 120);
        assert!(error_of(&outcomes[20]).is(RawErrorCode::from("NOT_FOUND")));
        for outcome in &outcomes[21..] {
            assert_eq!(outcome.response.is_err(), halt);
        }
    }
}

#[test]
fn an_unresolved_reference_is_reported_with_the_response() {
    let (mut commands, ids) = commands(&[
        (read("user.search"), json!({"NAME": "Ann"})),
        (write("crm.lead.add"), json!({"fields": {"TITLE": "x"}})),
        (write("crm.lead.add"), json!({"fields": {"TITLE": "y"}})),
    ]);
    commands.halt_on_error();
    commands.set_param(ids[1], "fields[ASSIGNED_BY_ID]", ids[0].result().at(0).at("ID"));
    let mut run = commands.run();
    step(&mut run, |name, params| match name {
        "user.search" => json!({"result": []}),
        _ => json!({"result": params["fields"]}),
    });
    let outcomes = run.finish();
    let reference = ids[0].result().at(0).at("ID");
    assert_eq!(outcomes[1].unresolved.as_ref(), Some(&reference));
    assert_eq!(outcomes[1].response.as_ref().unwrap().result.to_value()["ASSIGNED_BY_ID"], reference.text());
    assert_eq!((outcomes[0].unresolved.as_ref(), outcomes[2].unresolved.as_ref()), (None, None));
}

/// A command of a random batch: whether it fails, and how many positions back the command is that it refers to.
#[derive(Clone, Debug)]
struct RandomCommand {
    fails: bool,
    refers_back: Option<usize>,
}

fn random_command() -> impl Strategy<Value = RandomCommand> {
    (proptest::bool::weighted(0.02), proptest::option::weighted(0.2, 1..6_usize))
        .prop_map(|(fails, refers_back)| RandomCommand { fails, refers_back })
}

proptest! {
    /// Each command runs at most once, in order and with resolved references, and gets its own outcome.
    #[test]
    fn every_command_of_a_random_batch_gets_its_own_outcome(random in vec(random_command(), 0..180), halt in any::<bool>()) {
        let mut commands = Commands::new(NONCE);
        let mut ids: Vec<CommandId> = Vec::new();
        for (index, command) in random.iter().enumerate() {
            let id = commands.add(write("a.b"), map(json!({"index": index})));
            if let Some(refers_back) = command.refers_back.filter(|refers_back| halt && *refers_back <= index) {
                commands.set_param(id, "from", ids[index - refers_back].result().at("index"));
            }
            ids.push(id);
        }
        if halt {
            commands.halt_on_error();
        }
        let mut executed = Vec::new();
        let mut run = commands.run();
        let refused = run.next_request().is_none();
        while step(&mut run, |_, params| {
            let index: usize = params["index"].as_str().unwrap().parse().unwrap();
            executed.push((index, params.get("from").cloned()));
            if random[index].fails { json!({"error": "A"}) } else { json!({"result": {"index": index.to_string()}}) }
        }) {}
        let outcomes = run.finish();
        prop_assert_eq!(outcomes.len(), random.len());
        if refused && !random.is_empty() {
            prop_assert!(executed.is_empty());
            return Ok(());
        }
        let stop = random.iter().position(|command| halt && command.fails).map_or(random.len(), |index| index + 1);
        prop_assert_eq!(executed.len(), stop);
        for (index, (outcome, command)) in outcomes.iter().zip(&random).enumerate() {
            let expected = match (index < stop, command.fails) {
                (true, false) => json!({"index": index.to_string()}).to_string(),
                (true, true) => "!A".to_owned(),
                (false, _) => "NotExecuted".to_owned(),
            };
            prop_assert_eq!(summarize(std::slice::from_ref(outcome)), [expected]);
        }
        for (index, (executed, from)) in executed.into_iter().enumerate() {
            prop_assert_eq!(executed, index);
            let refers_back = random[index].refers_back.filter(|refers_back| halt && *refers_back <= index);
            prop_assert_eq!(from, refers_back.map(|refers_back| json!((index - refers_back).to_string())));
        }
    }
}

#[test]
fn the_calls_of_a_batch_can_be_executed_in_any_order() {
    let mut commands = Commands::new(NONCE);
    for index in 0..120 {
        commands.add(write(if index == 70 { "no.such" } else { "a.b" }), map(json!({"id": index})));
    }
    let calls = commands.run().into_calls();
    let answer = |method: &str, params: &Map<String, Value>| match method {
        "no.such" => json!({"error": "ERROR_METHOD_NOT_FOUND"}),
        _ => json!({"result": params["id"]}),
    };
    let mut outcomes: Vec<(CommandId, String)> = Vec::new();
    for mut call in calls.into_iter().rev() {
        assert!(step(&mut call, answer));
        assert_eq!((call.next_request(), call.stop_reason()), (None, None));
        assert_eq!(call.methods().len(), call.ids().count());
        let ids: Vec<CommandId> = call.ids().collect();
        outcomes.extend(ids.into_iter().zip(summarize(&call.finish())));
    }
    outcomes.sort_by_key(|(id, _)| id.position());
    let expected = |index: usize| {
        if index == 70 { "!ERROR_METHOD_NOT_FOUND".to_owned() } else { format!("\"{index}\"") }
    };
    assert!(outcomes.iter().map(|(_, outcome)| outcome.clone()).eq((0..120).map(expected)), "{outcomes:?}");
}

#[test]
fn references_stay_within_the_calls_of_a_batch() {
    let mut commands = Commands::new(NONCE);
    commands.halt_on_error();
    for _ in 0..40 {
        let first = commands.add(write("a.add"), map(json!({})));
        let second = commands.add(write("b.add"), map(json!({})));
        commands.set_param(second, "id", first.result().at("ID"));
    }
    let mut calls = commands.run().into_calls();
    assert_eq!(calls.iter().map(|call| call.methods().len()).collect::<Vec<_>>(), [50, 30]);
    let mut last = calls.pop().unwrap();
    let mut first = calls.pop().unwrap();
    // The first call returns nothing for one reference, which stops all that follows.
    let mut added = 0;
    let answer = |method: &str, params: &Map<String, Value>| {
        added += 1;
        match (method, added) {
            ("a.add", 5) => json!({"result": {}}),
            ("a.add", id) => json!({"result": {"ID": id}}),
            _ => json!({"result": params["id"]}),
        }
    };
    assert!(step(&mut first, answer));
    last.stop(first.stop_reason().unwrap());
    assert_eq!(last.next_request(), None);
    let failures = last.finish();
    assert_eq!(failures.len(), 30);
    let error = error_of(&failures[0]);
    assert_eq!(error.kind(), ErrorKind::NotExecuted);
    assert!(error.to_string().contains("command 6 (`b.add`) failed"), "{error}");
}
