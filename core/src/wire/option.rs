//! Optional values.

use serde_json::Value;

use super::{FromWire, FromWireError, JsonRef, Mismatches, ToWire};

/// `null`, and each other form in which PHP writes "nothing", if the type itself has no use for that form: `""` is no integer
/// and therefore `None`, but it is an empty `String`.
impl<T: FromWire> FromWire for Option<T> {
    #[inline]
    fn from_wire(json: JsonRef<'_>, mismatches: &mut Mismatches) -> Result<Self, FromWireError> {
        if json.is_nothing() && (json.is_null() || !T::fits(json)) {
            return Ok(None);
        }
        T::from_wire(json, mismatches).map(Some)
    }

    fn fits(json: JsonRef<'_>) -> bool {
        json.is_nothing() || T::fits(json)
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
