//! Optional values.

use serde_json::Value;

use super::{FromWire, Mismatch, ToWire, is_php_empty};

/// `null`, and each other form in which PHP writes "nothing", if the type itself has no use for that form: `""` is no integer
/// and therefore `None`, but it is an empty `String`.
impl<T: FromWire> FromWire for Option<T> {
    fn from_wire(value: Value) -> Result<Self, Mismatch> {
        if value.is_null() {
            Ok(None)
        } else if is_php_empty(&value) {
            Ok(T::from_wire(value).ok())
        } else {
            T::from_wire(value).map(Some)
        }
    }
}

impl<T: ToWire> ToWire for Option<T> {
    fn to_wire(&self) -> Value {
        self.as_ref().map_or(Value::Null, ToWire::to_wire)
    }
}

impl<T: FromWire> FromWire for Box<T> {
    fn from_wire(value: Value) -> Result<Self, Mismatch> {
        T::from_wire(value).map(Self::new)
    }
}

impl<T: ToWire> ToWire for Box<T> {
    fn to_wire(&self) -> Value {
        (**self).to_wire()
    }
}
