//! Checks events against the types of their payloads.

use serde_json::Value;

use super::coverage::{self, Coverage};
use super::{ResponseMismatch, SpecIndex, TypeRegistry};

/// An event that the generated types have read.
#[derive(Clone, Debug, PartialEq)]
pub struct ReceivedEvent {
    /// The name, in any case.
    pub name: String,
    /// The payload.
    pub data: Value,
    /// The values that a field of the payload cannot hold; an error if the payload as a whole is of another type. `None`: the generated
    /// code has no such event.
    pub decoded: Option<Result<Vec<ResponseMismatch>, ResponseMismatch>>,
}

/// What the check of an event finds.
#[derive(Debug)]
pub(super) enum CheckedEvent {
    /// The body is no event.
    NoEvent(String),
    /// The spec has no descriptor of the event.
    Unknown(String),
    /// The generated code has no such event.
    NotGenerated,
    /// The payload was read.
    Read(ReadEvent),
}

/// An event whose payload was read.
#[derive(Debug)]
pub(super) struct ReadEvent {
    /// The name, spelled as documented.
    pub(super) name: String,
    pub(super) is_decoded: bool,
    /// The values that do not fit.
    pub(super) mismatches: Vec<ResponseMismatch>,
    pub(super) coverage: Coverage,
}

/// Reads an event with the generated types, and counts the values of its payload. `name` is its name if the body has none.
pub(super) fn check_event(
    index: &SpecIndex<'_>,
    types: &dyn TypeRegistry,
    name: &str,
    body: &Value,
) -> CheckedEvent {
    let received = match types.event(name, body) {
        Ok(received) => received,
        Err(problem) => return CheckedEvent::NoEvent(problem),
    };
    let Some((descriptor, model)) = index.event(&received.name) else {
        return CheckedEvent::Unknown(received.name);
    };
    let (is_decoded, mismatches) = match received.decoded {
        None => return CheckedEvent::NotGenerated,
        Some(Ok(mismatches)) => (true, mismatches),
        Some(Err(mismatch)) => (false, vec![mismatch]),
    };
    let of_fields: &[ResponseMismatch] = if is_decoded { &mismatches } else { &[] };
    let (rest, lost) = coverage::without_mismatches(&received.data, of_fields);
    let mut coverage = model.map_or_else(
        || coverage::measure_untyped(&rest),
        |(library, module, event)| coverage::measure_event(library, module, event, &rest),
    );
    coverage.add(lost);
    CheckedEvent::Read(ReadEvent { name: descriptor.event.clone(), is_decoded, mismatches, coverage })
}
