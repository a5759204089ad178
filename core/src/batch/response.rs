//! The assignment of a batch response to its commands.
//!
//! The response has `result`, `result_error`, `result_total`, `result_next` and `result_time`, each with entries for some of the
//! commands. Each part is an object whose keys are the names of commands, or `[]` if it has no entries. PHP turns an object into a
//! list if its keys happen to be 0, 1, 2.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::envelope::{
    RawResponse, envelope_error, error_of, nested_error, new_response, parse_time, structured_error,
};
use crate::error::{ErrorKind, Failure};
use crate::system::Time;
use crate::wire::{Json, JsonKind, JsonRef, Mismatch};

/// The part of a response that belongs to one command.
pub(super) struct CommandResponse {
    /// `None` if the command was not executed, because the batch stopped before it.
    pub(super) response: Option<Result<RawResponse, Failure>>,
    pub(super) time: Option<Time>,
}

/// Parses the response to the commands with these names.
pub(super) fn parse(names: &[String], halt: bool, result: &Json) -> Result<Vec<CommandResponse>, Failure> {
    let parts = result.get();
    if parts.field("result").or_else(|| parts.field("result_error")).is_none() {
        let mismatch = Mismatch::new("the results of a batch", parts);
        let text = format!("the response is not that of a batch: {mismatch}");
        return Err(Failure::new(ErrorKind::UnexpectedResponse, text));
    }
    let results = Part::of(parts, "result")?;
    let errors = Part::of(parts, "result_error")?;
    let (results, errors) = assign_results(results, errors, names, halt)?;
    let candidates: Vec<usize> = (0..names.len()).filter(|position| results[*position].is_some()).collect();
    let assigned = |key: &str| Part::of(parts, key)?.assign(key, names, &candidates);
    let counts = match (assigned("result_total"), assigned("result_next")) {
        (Ok(totals), Ok(nexts)) => totals.into_iter().zip(nexts).map(Ok).collect(),
        (Err(failure), _) | (_, Err(failure)) => vec![Err(failure); names.len()],
    };
    // Timing is informational: no command fails because of it.
    let times = assigned("result_time").unwrap_or_else(|_| vec![None; names.len()]);

    let mut halted = false;
    let commands = results.into_iter().zip(errors).zip(counts).zip(times);
    Ok(commands
        .map(|(((command_result, error), counts), time)| {
            let result = command_result.map(|json| result.part(json));
            let time = time.filter(|time| time.is_object()).map(parse_time);
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
    result: Json,
    time: Time,
    counts: Result<(Option<JsonRef<'_>>, Option<JsonRef<'_>>), Failure>,
) -> Result<RawResponse, Failure> {
    match (nested_error(result.get()), counts) {
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
fn command_error(error: JsonRef<'_>, has_result: bool) -> Option<Failure> {
    if error.is_php_empty() {
        return None;
    }
    if error.is_object() {
        return envelope_error(error, has_result).or_else(|| (!has_result).then(|| structured_error(error)));
    }
    error_of(Some(error), None, has_result)
}

/// One part of the response.
enum Part<'a> {
    /// By the names of the commands; empty if there are no entries.
    Named(HashMap<Cow<'a, str>, JsonRef<'a>>),
    /// Without names, and not empty: the list.
    Listed(JsonRef<'a>),
}

/// The optional entry of each command.
type Entries<'a> = Vec<Option<JsonRef<'a>>>;

impl<'a> Part<'a> {
    fn of(parts: JsonRef<'a>, key: &str) -> Result<Self, Failure> {
        match parts.field(key) {
            Some(part) if part.is_object() => Ok(Self::Named(part.entries().collect())),
            Some(part) if part.is_php_empty() => Ok(Self::Named(HashMap::new())),
            Some(part) if part.kind() == JsonKind::Array => Ok(Self::Listed(part)),
            Some(other) => Err(ambiguous(key, other)),
            None => Ok(Self::Named(HashMap::new())),
        }
    }

    /// Assigns an entry to each command. The entries of a list belong to the `candidates` or to all commands, depending on its
    /// length.
    fn assign(self, key: &str, names: &[String], candidates: &[usize]) -> Result<Entries<'a>, Failure> {
        match self {
            Self::Named(named) => Ok(names.iter().map(|name| named.get(name.as_str()).copied()).collect()),
            Self::Listed(listed) if listed.len() == candidates.len() => {
                let mut entries = vec![None; names.len()];
                let positions = candidates.iter().zip(listed.items());
                positions.for_each(|(position, entry)| entries[*position] = Some(entry));
                Ok(entries)
            }
            Self::Listed(listed) if listed.len() == names.len() => Ok(listed.items().map(Some).collect()),
            Self::Listed(listed) => Err(ambiguous(key, listed)),
        }
    }
}

fn ambiguous(key: &str, found: JsonRef<'_>) -> Failure {
    let mismatch = Mismatch::new("an entry for each command by its name", found).under(key);
    let text = format!("the response cannot be assigned to commands: {mismatch}");
    Failure::new(ErrorKind::UnexpectedResponse, text)
}

/// Assigns results and errors to commands.
fn assign_results<'a>(
    results: Part<'a>,
    errors: Part<'a>,
    names: &[String],
    halt: bool,
) -> Result<(Entries<'a>, Entries<'a>), Failure> {
    match (results, errors) {
        (Part::Listed(results), Part::Listed(errors)) => {
            // Two lists are unambiguous if all results precede the one error at which the batch stopped.
            let first: Vec<usize> = (0..results.len()).collect();
            if !halt || errors.len() != 1 || results.len() >= names.len() {
                return Err(ambiguous("result_error", errors));
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
