//! Objects whose keys are data.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::list::first_mismatch;
use super::mismatch::PathStep;
use super::{FromWire, FromWireError, Mismatch, Mismatches, ToWire, is_php_empty};

/// An object, or a list, whose indexes are then the keys: PHP writes an object as a list if its keys happen to be 0, 1, 2 … or
/// if it is empty. Nothing is decoded unless each value fits.
impl<T: FromWire> FromWire for BTreeMap<String, T> {
    fn from_wire(value: Value, mismatches: &mut Mismatches) -> Result<Self, FromWireError> {
        if !Self::fits(&value) {
            return Err(error::<T>(value));
        }
        let mut read = Self::new();
        for (key, item) in Map::<String, Value>::from_wire(value, mismatches)? {
            let before = mismatches.len();
            let item = T::from_wire(item, mismatches)?;
            if mismatches.len() > before {
                mismatches.extend_paths(before, &PathStep::Key(key.clone()));
            }
            read.insert(key, item);
        }
        Ok(read)
    }

    fn fits(value: &Value) -> bool {
        match value {
            Value::Object(entries) => entries.values().all(T::fits),
            Value::Array(items) => items.iter().all(T::fits),
            _ => false,
        }
    }

    /// No entries are an empty object, in whatever form.
    fn fallback(result: &Value) -> Option<Self> {
        is_php_empty(result).then(Self::new)
    }
}

/// The error of an object with the first value that does not fit, or of a value that is no object.
#[cold]
fn error<T: FromWire>(value: Value) -> FromWireError {
    let mismatch = match &value {
        Value::Object(entries) => {
            first_mismatch::<T>(entries.iter().map(|(key, item)| (PathStep::Key(key.clone()), item)))
        }
        Value::Array(items) => first_mismatch::<T>((0..items.len()).map(PathStep::Index).zip(items)),
        _ => None,
    };
    let mismatch = mismatch.unwrap_or_else(|| Mismatch::new("an object", &value));
    FromWireError::with_mismatch(value, mismatch)
}

impl<T: ToWire> ToWire for BTreeMap<String, T> {
    fn to_wire(&self) -> Value {
        Value::Object(self.iter().map(|(key, value)| (key.clone(), value.to_wire())).collect())
    }
}

/// Converts pairs in an array or a list, or an existing object, into an object.
///
/// ```
/// use bitrix24_core::wire::object;
/// let order = object([("SORT", "ASC"), ("ID", "DESC")]);
/// assert_eq!(order.keys().collect::<Vec<_>>(), ["SORT", "ID"]);
/// assert_eq!(object(order.clone()), order);
/// ```
pub fn object(fields: impl IntoIterator<Item = (impl Into<String>, impl Into<Value>)>) -> Map<String, Value> {
    fields.into_iter().map(|(name, value)| (name.into(), value.into())).collect()
}

/// JSON objects as they are, including their order.
impl FromWire for Map<String, Value> {
    fn from_wire(value: Value, _: &mut Mismatches) -> Result<Self, FromWireError> {
        match value {
            Value::Object(map) => Ok(map),
            Value::Array(items) => {
                Ok(items.into_iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect())
            }
            other => Err(FromWireError::new("an object", other)),
        }
    }

    fn fits(value: &Value) -> bool {
        value.is_object() || value.is_array()
    }

    fn fallback(result: &Value) -> Option<Self> {
        is_php_empty(result).then(Self::new)
    }
}

impl ToWire for Map<String, Value> {
    fn to_wire(&self) -> Value {
        Value::Object(self.clone())
    }
}
