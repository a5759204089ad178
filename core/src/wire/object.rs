//! Objects with known fields.

use serde_json::{Map, Value};

use super::{FromWire, Mismatch};

/// The fields of an object, taken out one by one; the remaining ones are for `extra`.
///
/// ```
/// use bitrix24_core::{json, wire::Fields};
/// let mut fields = Fields::new(json!({"ID": "7", "OWNER": "3", "NEW": true}))?;
/// let id: i64 = fields.required("ID")?;
/// let (owner, title): (Option<i64>, Option<String>) = (fields.optional("OWNER"), fields.optional("TITLE"));
/// let extra = fields.remaining();
/// assert_eq!(fields.finish((id, owner, title, extra.len()))?, (7, Some(3), None, 1));
/// # Ok::<(), bitrix24_core::wire::Mismatch>(())
/// ```
#[derive(Debug)]
pub struct Fields {
    fields: Map<String, Value>,
    /// The first mismatch among the optional fields.
    mismatch: Option<Mismatch>,
}

impl Fields {
    /// The fields of `value`: of an object, or no fields of `[]`, which is PHP's empty object.
    ///
    /// # Errors
    /// A [`Mismatch`] if `value` is something else.
    pub fn new(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Object(fields) => Ok(Self { fields, mismatch: None }),
            Value::Array(items) if items.is_empty() => Ok(Self { fields: Map::new(), mismatch: None }),
            other => Err(Mismatch::new("an object", &other)),
        }
    }

    /// Takes one field. An absent field is decoded like `null`, so it is an error unless the type accepts that.
    ///
    /// # Errors
    /// A [`Mismatch`] that names the field.
    pub fn required<T: FromWire>(&mut self, key: &str) -> Result<T, Mismatch> {
        match self.fields.swap_remove(key) {
            Some(value) => T::from_wire(value).map_err(|mismatch| mismatch.under(key)),
            None => T::from_wire(Value::Null).map_err(|_| Mismatch::missing(key)),
        }
    }

    /// Takes one optional field. A mismatch is returned by [`finish`](Self::finish), so that a type with many fields has one
    /// exit and not one for each: exits are most of the compilation cost of such code.
    pub fn optional<T: FromWire>(&mut self, key: &str) -> Option<T> {
        let read = Option::<T>::from_wire(self.fields.swap_remove(key)?);
        read.unwrap_or_else(|mismatch| {
            self.mismatch.get_or_insert_with(|| mismatch.under(key));
            None
        })
    }

    /// Takes the remaining fields, in no particular order.
    pub fn remaining(&mut self) -> Map<String, Value> {
        std::mem::take(&mut self.fields)
    }

    /// Returns `value`, unless an optional field did not fit.
    ///
    /// # Errors
    /// The first [`Mismatch`] of a field that [`optional`](Self::optional) has taken.
    pub fn finish<T>(self, value: T) -> Result<T, Mismatch> {
        self.mismatch.map_or(Ok(value), Err)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_unreadable_field_is_reported_after_all_fields_are_read() {
        let mut fields = Fields::new(json!({"A": 1, "B": "x", "C": "y"})).unwrap();
        let read: [Option<i64>; 4] = ["A", "B", "C", "D"].map(|key| fields.optional(key));
        assert_eq!(read, [Some(1), None, None, None]);
        assert_eq!(fields.finish(()).unwrap_err().to_string(), r#"`B`: expected an integer, found "x""#);
    }
}
