//! Objects with known fields.

use serde_json::{Map, Value};

use super::{FromWire, Mismatch};

/// The fields of an object, taken out one by one; what nobody took is left for `extra`.
///
/// ```
/// use bitrix24_core::{json, wire::Fields};
/// let mut fields = Fields::of(json!({"ID": "7", "NEW": true}))?;
/// assert_eq!(fields.take::<i64>("ID")?, 7);
/// assert_eq!(fields.take::<Option<String>>("TITLE")?, None);
/// assert_eq!(fields.rest().len(), 1);
/// # Ok::<(), bitrix24_core::wire::Mismatch>(())
/// ```
#[derive(Debug)]
pub struct Fields(Map<String, Value>);

impl Fields {
    /// The fields of `value`: of an object, or none of `[]`, which is PHP's empty object.
    ///
    /// # Errors
    /// A [`Mismatch`] where `value` is something else.
    pub fn of(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Object(map) => Ok(Self(map)),
            Value::Array(items) if items.is_empty() => Ok(Self(Map::new())),
            other => Err(Mismatch::new("an object", &other)),
        }
    }

    /// Takes one field. An absent field is read like `null`, so it is an error unless the type allows for nothing.
    ///
    /// # Errors
    /// A [`Mismatch`] that names the field.
    pub fn take<T: FromWire>(&mut self, key: &str) -> Result<T, Mismatch> {
        match self.0.swap_remove(key) {
            Some(value) => T::from_wire(value).map_err(|mismatch| mismatch.under(key)),
            None => T::from_wire(Value::Null).map_err(|_| Mismatch::missing(key)),
        }
    }

    /// The fields that nobody took, in no particular order.
    pub fn rest(self) -> Map<String, Value> {
        self.0
    }
}
