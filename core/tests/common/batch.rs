//! Making batches, and saying in a word what came of each command.
#![allow(dead_code, unreachable_pub)]

use bitrix24_core::batch::{CommandId, CommandOutcome, Commands};
use bitrix24_core::{Api, Error, ErrorKind, Map, MethodInfo, RawErrorCode, Value, json, parse_response};

pub const NONCE: u32 = 0xab;

pub fn map(params: Value) -> Map<String, Value> {
    match params {
        Value::Object(params) => params,
        other => panic!("no object: {other}"),
    }
}

pub fn writing(name: &str) -> MethodInfo<'_> {
    MethodInfo::new(Api::V2, name)
}

pub fn reading(name: &str) -> MethodInfo<'_> {
    writing(name).read_only()
}

/// Commands with these methods and parameters.
pub fn commands(given: &[(MethodInfo<'_>, Value)]) -> (Commands, Vec<CommandId>) {
    let mut commands = Commands::new(NONCE);
    let ids = given.iter().map(|(info, params)| commands.add(*info, map(params.clone()))).collect();
    (commands, ids)
}

/// A batch of so many commands that was answered with these parts.
pub fn answered(count: usize, halt: bool, result: &Value) -> Vec<CommandOutcome> {
    let mut commands = Commands::new(NONCE);
    if halt {
        commands.halt_on_error();
    }
    for place in 0..count {
        commands.add(writing(&format!("stock.m{place}")), Map::new());
    }
    let mut run = commands.run();
    assert!(run.next_request().is_some());
    run.on_response(parse_response(200, json!({"result": result}).to_string().as_bytes()));
    assert!(run.next_request().is_none());
    run.finish()
}

/// In a word what came of each command.
pub fn words(outcomes: &[CommandOutcome]) -> Vec<String> {
    let word = |outcome: &CommandOutcome| match (&outcome.response, &outcome.unresolved) {
        (_, Some(reference)) => format!("lost {reference}"),
        (Ok(answer), None) => answer.result.to_string(),
        (Err(failure), None) => match Error::<RawErrorCode>::new(&outcome.method, failure.clone()) {
            error if failure.kind() == ErrorKind::Method => format!("!{}", error.code().unwrap_or("?")),
            error => format!("{:?}", error.kind()),
        },
    };
    outcomes.iter().map(word).collect()
}

pub fn error_of(outcome: &CommandOutcome) -> Error {
    Error::new(&outcome.method, outcome.response.clone().unwrap_err())
}
