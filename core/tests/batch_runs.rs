//! Batches of several calls, played by a portal that follows the rules of PHP.

use bitrix24_core::batch::{BatchRun, CommandId, Commands};
use bitrix24_core::{ErrorKind, Executed, Failure, Map, RawErrorCode, Value, json, parse_response};
use proptest::collection::vec;
use proptest::prelude::*;

use common::{NONCE, commands, error_of, map, reading, words, writing};

#[path = "common/batch.rs"]
mod common;

#[path = "../../tests/support/php_batch.rs"]
mod php_batch;

/// The answer of the imitated portal to a run's next request.
fn step(run: &mut BatchRun, call: impl FnMut(&str, &Map<String, Value>) -> Value) -> bool {
    let Some(request) = run.next_request() else { return false };
    let params = Value::Object(request.params().clone());
    assert!(params["cmd"].as_object().unwrap().len() <= 50);
    let body = json!({"result": php_batch::run(&params, call)});
    run.on_response(parse_response(200, body.to_string().as_bytes()));
    true
}

#[test]
fn a_part_that_fails_leaves_the_results_before_it_and_stops_the_rest() {
    let failures = [
        (Failure::new(ErrorKind::Timeout, "late"), ErrorKind::Timeout, Executed::Unknown),
        (Failure::new(ErrorKind::Connect, "no one there"), ErrorKind::Connect, Executed::No),
        (Failure::from_response(503, "QUERY_LIMIT_EXCEEDED", "slow down"), ErrorKind::System, Executed::No),
        (Failure::from_response(403, "ACCESS_DENIED", "not on this plan"), ErrorKind::System, Executed::No),
        // An error of the batch itself, of which nothing is known.
        (Failure::from_response(400, "ERROR_ARGUMENT", "what?"), ErrorKind::System, Executed::Unknown),
    ];
    for (failure, kind, ran) in failures {
        let mut commands = Commands::new(NONCE);
        for _ in 0..120 {
            commands.add(writing("a.b"), Map::new());
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
fn what_follows_a_part_that_stopped_is_not_sent() {
    for (halt, parts) in [(true, 1), (false, 3)] {
        let mut commands = Commands::new(NONCE);
        for place in 0..120 {
            commands.add(writing("a.b"), map(json!({"id": place})));
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
        assert_eq!(sent, parts);
        let outcomes = run.finish();
        assert_eq!(outcomes.len(), 120);
        assert!(error_of(&outcomes[20]).is(RawErrorCode::from("NOT_FOUND")));
        for outcome in &outcomes[21..] {
            assert_eq!(outcome.response.is_err(), halt);
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
    assert_eq!(outcomes[1].response.as_ref().unwrap().result["ASSIGNED_BY_ID"], reference.text());
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
        let mut commands = Commands::new(NONCE);
        let mut ids: Vec<CommandId> = Vec::new();
        for (place, given) in given.iter().enumerate() {
            let id = commands.add(writing("a.b"), map(json!({"place": place})));
            if let Some(back) = given.back.filter(|back| halt && *back <= place) {
                commands.set_param(id, "from", ids[place - back].result().at("place"));
            }
            ids.push(id);
        }
        if halt {
            commands.halt_on_error();
        }
        let mut carried = Vec::new();
        let mut run = commands.run();
        let refused = run.next_request().is_none();
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
