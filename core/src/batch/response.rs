//! The assignment of a batch response to its commands.
//!
//! The response has `result`, `result_error`, `result_total`, `result_next` and `result_time`, each with entries for some of the
//! commands. Each part is an object whose keys are the names of commands, or `[]` if it has no entries. PHP turns an object into a
//! list if its keys happen to be 0, 1, 2.

use serde_json::{Map, Value};

use crate::envelope::{
    RawResponse, envelope_error, nested_error, new_response, parse_time, structured_error,
};
use crate::error::{ErrorKind, Failure};
use crate::system::Time;
use crate::wire::{Mismatch, is_php_empty};

/// The part of a response that belongs to one command.
pub(super) struct CommandResponse {
    /// `None` if the command was not executed, because the batch stopped before it.
    pub(super) response: Option<Result<RawResponse, Failure>>,
    pub(super) time: Option<Time>,
}

/// Parses the response to the commands with these names.
pub(super) fn parse(
    names: &[String],
    halt: bool,
    response: RawResponse,
) -> Result<Vec<CommandResponse>, Failure> {
    let mut parts = match response.result {
        Value::Object(parts) if parts.contains_key("result") || parts.contains_key("result_error") => parts,
        other => {
            let mismatch = Mismatch::new("the results of a batch", &other);
            let text = format!("the response is not that of a batch: {mismatch}");
            return Err(Failure::new(ErrorKind::UnexpectedResponse, text));
        }
    };
    let results = Part::take(&mut parts, "result")?;
    let errors = Part::take(&mut parts, "result_error")?;
    let (results, errors) = assign_results(results, errors, names, halt)?;
    let candidates: Vec<usize> = (0..names.len()).filter(|position| results[*position].is_some()).collect();
    let mut assigned = |key: &str| Part::take(&mut parts, key)?.assign(key, names, &candidates);
    let counts = match (assigned("result_total"), assigned("result_next")) {
        (Ok(totals), Ok(nexts)) => totals.into_iter().zip(nexts).map(Ok).collect(),
        (Err(failure), _) | (_, Err(failure)) => vec![Err(failure); names.len()],
    };
    // Timing is informational: no command fails because of it.
    let times = assigned("result_time").unwrap_or_else(|_| vec![None; names.len()]);

    let mut halted = false;
    let commands = results.into_iter().zip(errors).zip(counts).zip(times);
    Ok(commands
        .map(|(((result, error), counts), time)| {
            let time = time.filter(Value::is_object).map(parse_time);
            let failure = error.and_then(|error| command_error(error, result.is_some()));
            let response = match (result, failure) {
                (result, Some(failure)) => {
                    halted = halt;
                    Some(Err(failure.with_optional_result(result)))
                }
                (Some(result), None) => Some(success(result, time.clone().unwrap_or_default(), counts)),
                (None, None) if halted => None,
                (None, None) => Some(Err(no_response())),
            };
            CommandResponse { response, time }
        })
        .collect())
}

/// The response of a command with a result and without an error. Unreadable counts are an error that keeps the result, since a
/// list would end too early without them.
fn success(
    result: Value,
    time: Time,
    counts: Result<(Option<Value>, Option<Value>), Failure>,
) -> Result<RawResponse, Failure> {
    match (nested_error(&result), counts) {
        (Some(failure), _) => Err(failure),
        (None, Ok((total, next))) => new_response(result, time, total, next),
        (None, Err(failure)) => Err(failure.with_raw_result(result)),
    }
}

/// The failure of a command without result and error, if nothing explains their absence.
fn no_response() -> Failure {
    let text = "the response of the portal does not mention this command of the batch; it may have run";
    Failure::new(ErrorKind::UnexpectedResponse, text)
}

/// The error in an entry of `result_error`, in any form that errors have elsewhere.
fn command_error(error: Value, has_result: bool) -> Option<Failure> {
    match error {
        error if is_php_empty(&error) => None,
        Value::Object(error) => {
            envelope_error(&error, has_result).or_else(|| (!has_result).then(|| structured_error(&error)))
        }
        code => envelope_error(&Map::from_iter([("error".to_owned(), code)]), has_result),
    }
}

/// One part of the response.
enum Part {
    /// By the names of the commands; empty if there are no entries.
    Named(Map<String, Value>),
    /// Without names, and not empty.
    Listed(Vec<Value>),
}

/// The optional entry of each command.
type Entries = Vec<Option<Value>>;

impl Part {
    fn take(parts: &mut Map<String, Value>, key: &str) -> Result<Self, Failure> {
        match parts.swap_remove(key) {
            Some(Value::Object(entries)) => Ok(Self::Named(entries)),
            Some(Value::Array(entries)) if !entries.is_empty() => Ok(Self::Listed(entries)),
            Some(other) if !is_php_empty(&other) => Err(ambiguous(key, &other)),
            _ => Ok(Self::Named(Map::new())),
        }
    }

    /// Assigns an entry to each command. The entries of a list belong to the `candidates` or to all commands, depending on its
    /// length.
    fn assign(self, key: &str, names: &[String], candidates: &[usize]) -> Result<Entries, Failure> {
        match self {
            Self::Named(mut named) => Ok(names.iter().map(|name| named.swap_remove(name)).collect()),
            Self::Listed(listed) if listed.len() == candidates.len() => {
                let mut entries = vec![None; names.len()];
                candidates.iter().zip(listed).for_each(|(position, entry)| entries[*position] = Some(entry));
                Ok(entries)
            }
            Self::Listed(listed) if listed.len() == names.len() => Ok(listed.into_iter().map(Some).collect()),
            Self::Listed(listed) => Err(ambiguous(key, &Value::Array(listed))),
        }
    }
}

fn ambiguous(key: &str, found: &Value) -> Failure {
    let mismatch = Mismatch::new("an entry for each command by its name", found).under(key);
    let text = format!("the response cannot be assigned to commands: {mismatch}");
    Failure::new(ErrorKind::UnexpectedResponse, text)
}

/// Assigns results and errors to commands.
fn assign_results(
    results: Part,
    errors: Part,
    names: &[String],
    halt: bool,
) -> Result<(Entries, Entries), Failure> {
    match (results, errors) {
        (Part::Listed(results), Part::Listed(errors)) => {
            // Two lists are unambiguous if all results precede the one error at which the batch stopped.
            let first: Vec<usize> = (0..results.len()).collect();
            if !halt || errors.len() != 1 || results.len() >= names.len() {
                return Err(ambiguous("result_error", &Value::Array(errors)));
            }
            let errors = Part::Listed(errors).assign("result_error", names, &[results.len()])?;
            Ok((Part::Listed(results).assign("result", names, &first)?, errors))
        }
        (results @ Part::Listed(_), errors) => {
            let errors = errors.assign("result_error", names, &[])?;
            let failed = |position: &usize| errors[*position].is_some();
            let positions = 0..names.len();
            let candidates: Vec<usize> = if halt {
                positions.take_while(|position| !failed(position)).collect()
            } else {
                positions.filter(|position| !failed(position)).collect()
            };
            Ok((results.assign("result", names, &candidates)?, errors))
        }
        (results, errors) => {
            let results = results.assign("result", names, &[])?;
            let open: Vec<usize> = (0..names.len()).filter(|position| results[*position].is_none()).collect();
            let candidates = match &errors {
                Part::Listed(listed) => error_candidates(&open, listed.len(), halt),
                Part::Named(_) => &[],
            };
            Ok((results, errors.assign("result_error", names, candidates)?))
        }
    }
}

/// The commands to which this many errors without names belong; `open` are the commands without a result.
fn error_candidates(open: &[usize], errors: usize, halt: bool) -> &[usize] {
    let first = open.get(..errors).unwrap_or_default();
    // PHP writes a list if the keys are 0, 1, 2: these are then the positions of the first commands.
    let are_first = first.iter().enumerate().all(|(position, open)| position == *open);
    if errors == open.len() || are_first || (halt && errors == 1) { first } else { &[] }
}
