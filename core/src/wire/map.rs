//! Objects whose keys are data.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{FromWire, Mismatch, ToWire};

/// An object, or a list, whose indexes are then the keys: PHP writes an object as a list if its keys happen to be 0, 1, 2 … or
/// if it is empty.
impl<T: FromWire> FromWire for BTreeMap<String, T> {
    fn from_wire(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Object(map) => map
                .into_iter()
                .map(|(key, item)| match T::from_wire(item) {
                    Ok(item) => Ok((key, item)),
                    Err(mismatch) => Err(mismatch.under(&key)),
                })
                .collect(),
            Value::Array(items) => {
                let read = |(index, item): (usize, Value)| match T::from_wire(item) {
                    Ok(item) => Ok((index.to_string(), item)),
                    Err(mismatch) => Err(mismatch.at(index)),
                };
                items.into_iter().enumerate().map(read).collect()
            }
            other => Err(Mismatch::new("an object", &other)),
        }
    }
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
    fn from_wire(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Object(map) => Ok(map),
            Value::Array(items) => {
                Ok(items.into_iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect())
            }
            other => Err(Mismatch::new("an object", &other)),
        }
    }
}

impl ToWire for Map<String, Value> {
    fn to_wire(&self) -> Value {
        Value::Object(self.clone())
    }
}
