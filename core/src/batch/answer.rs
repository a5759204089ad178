//! Whose result is whose in the answer of a batch.
//!
//! The answer has a `result`, a `result_error`, a `result_total`, a `result_next` and a `result_time`, and each of them has an
//! entry for each command that it has something to say of. Each is an object with the names of the commands as keys, or `[]`
//! where nobody is in it; and PHP makes a list of one whose keys happen to be 0, 1, 2, whatever the others are.

use serde_json::{Map, Value};

use crate::envelope::{Answer, answered, error_within, structured, told_error};
use crate::error::{Failure, Kind};
use crate::system::Time;
use crate::wire::{FromWire, Mismatch, is_empty_form};

/// What the answer says of one command.
pub(super) struct Read {
    /// Nothing where the command was not carried out, because the batch stopped before it.
    pub(super) answer: Option<Result<Answer, Failure>>,
    pub(super) time: Option<Time>,
}

/// Reads the answer to the commands of these names.
pub(super) fn read(names: &[String], halt: bool, answer: Answer) -> Result<Vec<Read>, Failure> {
    let mut parts = match answer.result {
        Value::Object(parts) if parts.contains_key("result") || parts.contains_key("result_error") => parts,
        other => {
            let mismatch = Mismatch::new("the results of a batch", &other);
            return Err(Failure::new(Kind::NotAnAnswer, format!("this is no answer of a batch: {mismatch}")));
        }
    };
    let results = Part::take(&mut parts, "result")?;
    let errors = Part::take(&mut parts, "result_error")?;
    let (results, errors) = told_apart(results, errors, names, halt)?;
    let likely: Vec<usize> = (0..names.len()).filter(|place| results[*place].is_some()).collect();
    let mut beside = |key: &str| Part::take(&mut parts, key)?.spread(key, names, &likely);
    let counts = match (beside("result_total"), beside("result_next")) {
        (Ok(totals), Ok(nexts)) => totals.into_iter().zip(nexts).map(Ok).collect(),
        (Err(unclear), _) | (_, Err(unclear)) => vec![Err(unclear); names.len()],
    };
    // Timing is information: nothing fails for it.
    let times = beside("result_time").unwrap_or_else(|_| vec![None; names.len()]);

    let mut halted = false;
    let told = results.into_iter().zip(errors).zip(counts).zip(times);
    Ok(told
        .map(|(((result, error), counts), time)| {
            let time = time.filter(|time| !is_empty_form(time)).and_then(|time| Time::from_wire(time).ok());
            let failure = error.and_then(|error| failure(error, result.is_some()));
            let answer = match (result, failure) {
                (result, Some(failure)) => {
                    halted = halt;
                    Some(Err(failure.with_any_result(result)))
                }
                (Some(result), None) => Some(succeeded(result, time.clone().unwrap_or_default(), counts)),
                (None, None) if halted => None,
                (None, None) => Some(Err(unanswered())),
            };
            Read { answer, time }
        })
        .collect())
}

/// The answer of a command that gave a result and no error beside it. Without its counts a list would end where it does not, so
/// that it fails where nothing can be told of them, and keeps its result.
fn succeeded(
    result: Value,
    time: Time,
    counts: Result<(Option<Value>, Option<Value>), Failure>,
) -> Result<Answer, Failure> {
    match (error_within(&result), counts) {
        (Some(failure), _) => Err(failure),
        (None, Ok((total, next))) => answered(result, time, total, next),
        (None, Err(unclear)) => Err(unclear.with_result(result)),
    }
}

/// There is neither a result nor an error of a command, and nothing that would explain it.
fn unanswered() -> Failure {
    let text = "the portal's answer says nothing of this command of the batch; it may have run";
    Failure::new(Kind::NotAnAnswer, text)
}

/// The error that an entry of `result_error` tells of, in any of the forms that errors have elsewhere.
fn failure(error: Value, has_result: bool) -> Option<Failure> {
    match error {
        error if is_empty_form(&error) => None,
        Value::Object(error) => {
            told_error(&error, has_result).or_else(|| (!has_result).then(|| structured(&error)))
        }
        code => told_error(&Map::from_iter([("error".to_owned(), code)]), has_result),
    }
}

/// One part of the answer.
enum Part {
    /// By the names of the commands; where nobody is in it, empty.
    Named(Map<String, Value>),
    /// Without names, and not empty.
    Listed(Vec<Value>),
}

/// An entry for each command, where there is one.
type Entries = Vec<Option<Value>>;

impl Part {
    fn take(parts: &mut Map<String, Value>, key: &str) -> Result<Self, Failure> {
        match parts.swap_remove(key) {
            Some(Value::Object(entries)) => Ok(Self::Named(entries)),
            Some(Value::Array(entries)) if !entries.is_empty() => Ok(Self::Listed(entries)),
            Some(other) if !is_empty_form(&other) => Err(unclear(key, &other)),
            _ => Ok(Self::Named(Map::new())),
        }
    }

    /// Gives each command its entry. Those of a list are those of the `likely` commands, or of all, as its length tells.
    fn spread(self, key: &str, names: &[String], likely: &[usize]) -> Result<Entries, Failure> {
        match self {
            Self::Named(mut named) => Ok(names.iter().map(|name| named.swap_remove(name)).collect()),
            Self::Listed(listed) if listed.len() == likely.len() => {
                let mut entries = vec![None; names.len()];
                likely.iter().zip(listed).for_each(|(place, entry)| entries[*place] = Some(entry));
                Ok(entries)
            }
            Self::Listed(listed) if listed.len() == names.len() => Ok(listed.into_iter().map(Some).collect()),
            Self::Listed(listed) => Err(unclear(key, &Value::Array(listed))),
        }
    }
}

fn unclear(key: &str, found: &Value) -> Failure {
    let mismatch = Mismatch::new("an entry for each command by its name", found).under(key);
    Failure::new(
        Kind::NotAnAnswer,
        format!("it cannot be told which commands the portal speaks of: {mismatch}"),
    )
}

/// Results and errors of each command.
fn told_apart(
    results: Part,
    errors: Part,
    names: &[String],
    halt: bool,
) -> Result<(Entries, Entries), Failure> {
    match (results, errors) {
        (Part::Listed(results), Part::Listed(errors)) => {
            // Two lists leave no doubt where all results come before the one error at which the batch stopped.
            let first: Vec<usize> = (0..results.len()).collect();
            if !halt || errors.len() != 1 || results.len() >= names.len() {
                return Err(unclear("result_error", &Value::Array(errors)));
            }
            let errors = Part::Listed(errors).spread("result_error", names, &[results.len()])?;
            Ok((Part::Listed(results).spread("result", names, &first)?, errors))
        }
        (results @ Part::Listed(_), errors) => {
            let errors = errors.spread("result_error", names, &[])?;
            let failed = |place: &usize| errors[*place].is_some();
            let places = 0..names.len();
            let likely: Vec<usize> = if halt {
                places.take_while(|place| !failed(place)).collect()
            } else {
                places.filter(|place| !failed(place)).collect()
            };
            Ok((results.spread("result", names, &likely)?, errors))
        }
        (results, errors) => {
            let results = results.spread("result", names, &[])?;
            let open: Vec<usize> = (0..names.len()).filter(|place| results[*place].is_none()).collect();
            let likely = match &errors {
                Part::Listed(listed) => likely_errors(&open, listed.len(), halt),
                Part::Named(_) => &[],
            };
            Ok((results, errors.spread("result_error", names, likely)?))
        }
    }
}

/// The commands that so many errors without names are those of, where `open` are the commands without a result.
fn likely_errors(open: &[usize], errors: usize, halt: bool) -> &[usize] {
    let first = open.get(..errors).unwrap_or_default();
    // PHP writes a list where the keys are 0, 1, 2: the places of the first commands, then.
    let are_first = first.iter().enumerate().all(|(place, open)| place == *open);
    if errors == open.len() || are_first || (halt && errors == 1) { first } else { &[] }
}
