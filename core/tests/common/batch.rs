//! Making batches, and saying in a word what came of each command.
#![allow(dead_code, unreachable_pub)]

use bitrix24_core::batch::{CommandId, Commands, Outcome};
use bitrix24_core::{Api, Code, Error, Kind, Map, MethodInfo, Value, json, read_answer};

pub const MARK: u32 = 0xab;

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
    writing(name).that_only_reads()
}

/// Commands with these methods and parameters.
pub fn commands(given: &[(MethodInfo<'_>, Value)]) -> (Commands, Vec<CommandId>) {
    let mut commands = Commands::new(MARK);
    let ids = given.iter().map(|(info, params)| commands.add(*info, map(params.clone()))).collect();
    (commands, ids)
}

/// A batch of so many commands that was answered with these parts.
pub fn answered(count: usize, halt: bool, result: &Value) -> Vec<Outcome> {
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
pub fn words(outcomes: &[Outcome]) -> Vec<String> {
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

pub fn error_of(outcome: &Outcome) -> Error {
    Error::new(&outcome.method, outcome.answer.clone().unwrap_err())
}
