//! Objects whose keys are data.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::list::{first_mismatch, read_part};
use super::mismatch::PathStep;
use super::{FromWire, FromWireError, JsonKind, JsonRef, Mismatch, Mismatches, ToWire};

/// An object, or a list, whose indexes are then the keys: PHP writes an object as a list if its keys happen to be 0, 1, 2 … or
/// if it is empty. Nothing is decoded unless each value fits.
impl<T: FromWire> FromWire for BTreeMap<String, T> {
    fn from_wire(json: JsonRef<'_>, mismatches: &mut Mismatches) -> Result<Self, FromWireError> {
        if !Self::fits(json) {
            return Err(error::<T>(json));
        }
        let mut read = Self::new();
        for (key, item) in entries(json) {
            let item = read_part(item, || PathStep::Key(key.as_str().into()), mismatches)?;
            read.insert(key, item);
        }
        Ok(read)
    }

    fn fits(json: JsonRef<'_>) -> bool {
        match json.kind() {
            JsonKind::Object => json.fields().all(|(_, item)| T::fits(item)),
            JsonKind::Array => json.items().all(T::fits),
            _ => false,
        }
    }

    /// No entries are an empty object, in whatever form.
    fn fallback(result: JsonRef<'_>) -> Option<Self> {
        result.is_php_empty().then(Self::new)
    }
}

/// The entries of an object, or of a list by their indexes.
fn entries(json: JsonRef<'_>) -> impl Iterator<Item = (String, JsonRef<'_>)> {
    let items = json.items().enumerate().map(|(index, item)| (index.to_string(), item));
    json.entries().map(|(key, item)| (key.into_owned(), item)).chain(items)
}

/// The error of an object with the first value that does not fit, or of a value that is no object.
#[cold]
fn error<T: FromWire>(json: JsonRef<'_>) -> FromWireError {
    let step = |(key, item)| {
        if json.is_array() { (PathStep::of_key(key), item) } else { (PathStep::Key(key.into()), item) }
    };
    let mismatch = first_mismatch::<T>(entries(json).map(step));
    mismatch.unwrap_or_else(|| Mismatch::new("an object", json)).into()
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
    fn from_wire(json: JsonRef<'_>, _: &mut Mismatches) -> Result<Self, FromWireError> {
        match json.kind() {
            JsonKind::Object => Ok(json.to_map()),
            JsonKind::Array => Ok(entries(json).map(|(index, item)| (index, item.to_value())).collect()),
            _ => Err(FromWireError::new("an object", json)),
        }
    }

    fn fits(json: JsonRef<'_>) -> bool {
        json.is_object() || json.is_array()
    }

    fn fallback(result: JsonRef<'_>) -> Option<Self> {
        result.is_php_empty().then(Self::new)
    }
}

impl ToWire for Map<String, Value> {
    fn to_wire(&self) -> Value {
        Value::Object(self.clone())
    }
}
