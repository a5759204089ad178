//! Lists.

use serde_json::{Map, Value};

use super::mismatch::PathStep;
use super::{FromWire, FromWireError, Mismatch, Mismatches, ToWire, is_php_empty};

/// A list, or an object whose keys are all integers, which is how PHP writes a sparse list. Nothing is decoded unless each item
/// fits.
impl<T: FromWire> FromWire for Vec<T> {
    fn from_wire(value: Value, mismatches: &mut Mismatches) -> Result<Self, FromWireError> {
        match value {
            Value::Array(items) if items.iter().all(T::fits) => {
                let steps = (0..items.len()).map(PathStep::Index);
                read_items(steps.zip(items), mismatches)
            }
            Value::Object(items) if is_sparse_list(&items) && items.values().all(T::fits) => {
                read_items(items.into_iter().map(|(key, item)| (PathStep::of_key(key), item)), mismatches)
            }
            other => Err(error::<T>(other)),
        }
    }

    fn fits(value: &Value) -> bool {
        match value {
            Value::Array(items) => items.iter().all(T::fits),
            Value::Object(items) => is_sparse_list(items) && items.values().all(T::fits),
            _ => false,
        }
    }

    /// No rows are an empty list, in whatever form.
    fn fallback(result: &Value) -> Option<Self> {
        is_php_empty(result).then(Self::new)
    }
}

/// Whether all keys are integers, also if there are none.
pub(super) fn is_sparse_list(items: &Map<String, Value>) -> bool {
    items.keys().all(|key| key.parse::<i64>().is_ok())
}

fn read_items<T: FromWire>(
    items: impl ExactSizeIterator<Item = (PathStep, Value)>,
    mismatches: &mut Mismatches,
) -> Result<Vec<T>, FromWireError> {
    let mut list = Vec::with_capacity(items.len());
    for (step, item) in items {
        let before = mismatches.len();
        list.push(T::from_wire(item, mismatches)?);
        if mismatches.len() > before {
            mismatches.extend_paths(before, &step);
        }
    }
    Ok(list)
}

/// The error of a list with the first item that does not fit, or of a value that is no list.
#[cold]
fn error<T: FromWire>(value: Value) -> FromWireError {
    let mismatch = match &value {
        Value::Array(items) => first_mismatch::<T>((0..items.len()).map(PathStep::Index).zip(items)),
        Value::Object(items) if is_sparse_list(items) => {
            first_mismatch::<T>(items.iter().map(|(key, item)| (PathStep::of_key(key.clone()), item)))
        }
        _ => None,
    };
    let mismatch = mismatch.unwrap_or_else(|| Mismatch::new("a list", &value));
    FromWireError::with_mismatch(value, mismatch)
}

/// The mismatch of the first item that does not fit.
pub(super) fn first_mismatch<'v, T: FromWire>(
    mut items: impl Iterator<Item = (PathStep, &'v Value)>,
) -> Option<Mismatch> {
    let (step, item) = items.find(|(_, item)| !T::fits(item))?;
    let error = T::from_wire(item.clone(), &mut Mismatches::new()).err()?;
    let mut mismatch = Mismatch::from(error);
    mismatch.extend_path(step);
    Some(mismatch)
}

impl<T: ToWire> ToWire for Vec<T> {
    fn to_wire(&self) -> Value {
        Value::Array(self.iter().map(ToWire::to_wire).collect())
    }
}
