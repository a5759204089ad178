//! Values that are a scalar, or something with more data in its place.

use serde_json::Value;

use super::{FromWire, FromWireError, JsonRef, Mismatches, ToWire};

/// A value that a portal sends as a number, a text or a flag, and in other cases as an object or a list: the identifier of a user
/// or the user, the text of a property or the file that it holds.
///
/// ```
/// use bitrix24_core::json;
/// use bitrix24_core::wire::{ScalarOr, decode_strict};
///
/// type Manager = ScalarOr<i64, Vec<String>>;
/// assert_eq!(decode_strict::<Manager>(json!("7"))?, ScalarOr::Scalar(7));
/// assert_eq!(decode_strict::<Manager>(json!(["Ann"]))?.structured().map(Vec::len), Some(1));
/// # Ok::<(), bitrix24_core::wire::Mismatch>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "a value has one of two forms, and callers match both")]
pub enum ScalarOr<S, T> {
    /// A number, a text or a flag.
    Scalar(S),
    /// An object or a list.
    Structured(T),
}

impl<S, T> ScalarOr<S, T> {
    /// The scalar, if the value is one.
    pub fn scalar(&self) -> Option<&S> {
        match self {
            Self::Scalar(scalar) => Some(scalar),
            Self::Structured(_) => None,
        }
    }

    /// The object or the list, if the value is one.
    pub fn structured(&self) -> Option<&T> {
        match self {
            Self::Scalar(_) => None,
            Self::Structured(structured) => Some(structured),
        }
    }
}

fn is_structured(json: JsonRef<'_>) -> bool {
    json.is_array() || json.is_object()
}

impl<S: FromWire, T: FromWire> FromWire for ScalarOr<S, T> {
    fn from_wire(json: JsonRef<'_>, mismatches: &mut Mismatches) -> Result<Self, FromWireError> {
        if is_structured(json) {
            T::from_wire(json, mismatches).map(Self::Structured)
        } else {
            S::from_wire(json, mismatches).map(Self::Scalar)
        }
    }

    fn fits(json: JsonRef<'_>) -> bool {
        if is_structured(json) { T::fits(json) } else { S::fits(json) }
    }

    fn fallback(result: JsonRef<'_>) -> Option<Self> {
        T::fallback(result).map(Self::Structured)
    }
}

impl<S: ToWire, T: ToWire> ToWire for ScalarOr<S, T> {
    fn to_wire(&self) -> Value {
        match self {
            Self::Scalar(scalar) => scalar.to_wire(),
            Self::Structured(structured) => structured.to_wire(),
        }
    }
}
