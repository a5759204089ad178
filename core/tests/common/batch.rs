//! Building batches, and summarizing the outcome of each command.
#![allow(dead_code, unreachable_pub)]

use bitrix24_core::batch::{CommandId, CommandOutcome, Commands};
use bitrix24_core::{Api, Error, ErrorKind, Map, MethodInfo, RawErrorCode, Value, json, parse_response};

pub const NONCE: u32 = 0xab;

pub fn map(params: Value) -> Map<String, Value> {
    match params {
        Value::Object(params) => params,
        other => panic!("not an object: {other}"),
    }
}

pub fn write(name: &str) -> MethodInfo<'_> {
    MethodInfo::new(Api::V2, name)
}

pub fn read(name: &str) -> MethodInfo<'_> {
    write(name).read_only()
}

/// Commands with these methods and parameters.
pub fn commands(methods: &[(MethodInfo<'_>, Value)]) -> (Commands, Vec<CommandId>) {
    let mut commands = Commands::new(NONCE);
    let ids = methods.iter().map(|(info, params)| commands.add(*info, map(params.clone()))).collect();
    (commands, ids)
}

/// The outcomes of a batch of `count` commands whose response has this `result`.
pub fn run_with_result(count: usize, halt: bool, result: &Value) -> Vec<CommandOutcome> {
    let mut commands = Commands::new(NONCE);
    if halt {
        commands.halt_on_error();
    }
    for index in 0..count {
        commands.add(write(&format!("stock.m{index}")), Map::new());
    }
    let mut run = commands.run();
    assert!(run.next_request().is_some());
    run.on_response(parse_response(200, json!({"result": result}).to_string().as_bytes()));
    assert!(run.next_request().is_none());
    run.finish()
}

/// One word per outcome: the result, `!CODE`, or the kind of the error.
pub fn summarize(outcomes: &[CommandOutcome]) -> Vec<String> {
    let summary = |outcome: &CommandOutcome| match (&outcome.response, &outcome.unresolved) {
        (_, Some(reference)) => format!("unresolved {reference}"),
        (Ok(answer), None) => answer.result.to_string(),
        (Err(failure), None) => match Error::<RawErrorCode>::new(&outcome.method, failure.clone()) {
            error if failure.kind() == ErrorKind::Method => format!("!{}", error.code().unwrap_or("?")),
            error => format!("{:?}", error.kind()),
        },
    };
    outcomes.iter().map(summary).collect()
}

pub fn error_of(outcome: &CommandOutcome) -> Error {
    Error::new(&outcome.method, outcome.response.clone().unwrap_err())
}
