//! Lists.

use serde_json::Value;

use super::{FromWire, Mismatch, ToWire};

/// A list, or an object whose keys are all integers, which is how PHP writes a sparse list.
impl<T: FromWire> FromWire for Vec<T> {
    fn from_wire(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Array(items) => {
                let read =
                    |(index, item): (usize, Value)| T::from_wire(item).map_err(|mismatch| mismatch.at(index));
                items.into_iter().enumerate().map(read).collect()
            }
            Value::Object(map) if map.keys().all(|key| key.parse::<i64>().is_ok()) => map
                .into_iter()
                .map(|(key, item)| T::from_wire(item).map_err(|mismatch| mismatch.under(&key)))
                .collect(),
            other => Err(Mismatch::new("a list", &other)),
        }
    }
}

impl<T: ToWire> ToWire for Vec<T> {
    fn to_wire(&self) -> Value {
        Value::Array(self.iter().map(ToWire::to_wire).collect())
    }
}
