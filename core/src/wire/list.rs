//! Lists.

use serde_json::Value;

use super::mismatch::PathStep;
use super::{FromWire, FromWireError, JsonKind, JsonRef, Mismatch, Mismatches, ToWire};

/// A list, or an object whose keys are all integers, which is how PHP writes a sparse list. Nothing is decoded unless each item
/// fits.
impl<T: FromWire> FromWire for Vec<T> {
    fn from_wire(json: JsonRef<'_>, mismatches: &mut Mismatches) -> Result<Self, FromWireError> {
        if !Self::fits(json) {
            return Err(error::<T>(json));
        }
        let mut list = Self::with_capacity(json.len());
        for (index, item) in json.items().enumerate() {
            list.push(read_part(item, || PathStep::Index(index), mismatches)?);
        }
        for (key, item) in json.entries() {
            list.push(read_part(item, || PathStep::of_key(key.into_owned()), mismatches)?);
        }
        Ok(list)
    }

    fn fits(json: JsonRef<'_>) -> bool {
        match json.kind() {
            JsonKind::Array => json.items().all(T::fits),
            JsonKind::Object => is_sparse_list(json) && json.fields().all(|(_, item)| T::fits(item)),
            _ => false,
        }
    }

    /// No rows are an empty list, in whatever form.
    fn fallback(result: JsonRef<'_>) -> Option<Self> {
        result.is_php_empty().then(Self::new)
    }
}

/// Whether all keys of an object are integers, also if there are none.
pub(super) fn is_sparse_list(json: JsonRef<'_>) -> bool {
    json.fields().all(|(key, _)| key.name().parse::<i64>().is_ok())
}

/// Decodes a part of a value. The paths of its mismatches then start in the value.
pub(super) fn read_part<T: FromWire>(
    part: JsonRef<'_>,
    step: impl FnOnce() -> PathStep,
    mismatches: &mut Mismatches,
) -> Result<T, FromWireError> {
    let before = mismatches.len();
    let read = T::from_wire(part, mismatches)?;
    if mismatches.len() > before {
        mismatches.extend_paths(before, &step());
    }
    Ok(read)
}

/// The error of a list with the first item that does not fit, or of a value that is no list.
#[cold]
fn error<T: FromWire>(json: JsonRef<'_>) -> FromWireError {
    let mismatch = match json.kind() {
        JsonKind::Array => {
            first_mismatch::<T>(json.items().enumerate().map(|(index, item)| (PathStep::Index(index), item)))
        }
        JsonKind::Object if is_sparse_list(json) => {
            first_mismatch::<T>(json.entries().map(|(key, item)| (PathStep::of_key(key.into_owned()), item)))
        }
        _ => None,
    };
    mismatch.unwrap_or_else(|| Mismatch::new("a list", json)).into()
}

/// The mismatch of the first item that does not fit.
pub(super) fn first_mismatch<'a, T: FromWire>(
    mut items: impl Iterator<Item = (PathStep, JsonRef<'a>)>,
) -> Option<Mismatch> {
    let (step, item) = items.find(|(_, item)| !T::fits(*item))?;
    let mut mismatch = Mismatch::from(T::from_wire(item, &mut Mismatches::new()).err()?);
    mismatch.extend_path(step);
    Some(mismatch)
}

impl<T: ToWire> ToWire for Vec<T> {
    fn to_wire(&self) -> Value {
        Value::Array(self.iter().map(ToWire::to_wire).collect())
    }
}
