//! Optional values.

use serde_json::Value;

use super::{FromWire, FromWireError, Mismatches, ToWire, is_php_empty};

/// `null`, and each other form in which PHP writes "nothing", if the type itself has no use for that form: `""` is no integer
/// and therefore `None`, but it is an empty `String`.
impl<T: FromWire> FromWire for Option<T> {
    fn from_wire(value: Value, mismatches: &mut Mismatches) -> Result<Self, FromWireError> {
        if value.is_null() || is_php_empty(&value) && !T::fits(&value) {
            return Ok(None);
        }
        T::from_wire(value, mismatches).map(Some)
    }

    fn fits(value: &Value) -> bool {
        is_php_empty(value) || T::fits(value)
    }
}

impl<T: ToWire> ToWire for Option<T> {
    fn to_wire(&self) -> Value {
        self.as_ref().map_or(Value::Null, ToWire::to_wire)
    }
}

impl<T: ToWire> ToWire for Box<T> {
    fn to_wire(&self) -> Value {
        (**self).to_wire()
    }
}
