//! Values in the JSON that PHP writes, and in the JSON that PHP reads.
//!
//! A response is read as [`Json`]: its text, and the places of the values in it. Types are decoded from [`JsonRef`], which borrows
//! from the text, so that a text is copied once, by the type that keeps it. Only what no type describes becomes a `Value`.
//!
//! A portal sends `"12"` for a number, `"Y"` for yes, `[]` for an empty object and `false` for nothing. Each kind of value has
//! one implementation of [`FromWire`], which accepts every form that portals are known to send.
//!
//! Any other value is a [`Mismatch`]: where, what was expected, what was found. It costs one field and not the response: the
//! field is `None`, the value stays in the `extra` of its struct under its wire name, and [`decode`] returns the mismatch beside
//! the decoded value. Nothing is dropped: fields that a type does not know stay in its `extra` too, values that an enumeration
//! does not know in its `Other`.

mod date;
mod decimal;
mod decode;
mod extra;
mod from_wire_error;
mod in_memory;
mod json;
mod list;
mod map;
mod mismatch;
mod mismatches;
mod object;
mod one_or_many;
mod option;
pub(crate) mod own;
mod policy;
mod reader;
mod required;
mod scalar;
mod scalar_or;
#[cfg(feature = "serde")]
#[doc(hidden)]
pub mod serde;

pub use date::{DateError, DateOrder, DateParts, DateTime, TimeParts};
pub use decimal::Decimal;
#[cfg(feature = "rust_decimal")]
pub use decimal::DecimalError;
pub(crate) use decode::decode_as;
pub use decode::{Decoded, decode, decode_json, decode_json_strict, decode_strict};
pub use extra::CustomFields;
pub use from_wire_error::FromWireError;
pub(crate) use json::JsonWriter;
pub use json::{Json, JsonKind, JsonRef};
pub use map::object;
pub use mismatch::Mismatch;
pub use mismatches::Mismatches;
#[doc(hidden)]
pub use object::no_fields;
pub use object::{Fields, FromFields};
pub use one_or_many::OneOrMany;
pub use policy::MismatchPolicy;
pub use reader::{Reader, SerdeReader, WireReader};
pub use required::Required;
pub use scalar::{YesNo, ZeroOne, is_php_empty};
pub use scalar_or::ScalarOr;
#[cfg(feature = "serde")]
#[doc(hidden)]
pub use serde::{deserialize, read_by_position, read_written, serialize};

use serde_json::Value;

/// A value that can be decoded from the portal's JSON. Structs implement [`FromFields`] instead.
pub trait FromWire: Sized {
    /// Decodes a value in any form in which the portal is known to send it. Parts of it that do not fit are recorded in
    /// `mismatches`.
    ///
    /// # Errors
    /// A [`FromWireError`] if the value as a whole has another form.
    fn from_wire(json: JsonRef<'_>, mismatches: &mut Mismatches) -> Result<Self, FromWireError>;

    /// Whether [`from_wire`](Self::from_wire) succeeds for this value. Lists ask before they decode their first item, so that no
    /// memory is reserved for items that do not fit. The default decodes the value.
    fn fits(json: JsonRef<'_>) -> bool {
        Self::from_wire(json, &mut Mismatches::new()).is_ok()
    }

    /// The value for a whole result that does not fit but means the same: PHP's empty forms for an empty list, for example.
    /// [`decode`] records it as a mismatch. Default: none.
    fn fallback(_result: JsonRef<'_>) -> Option<Self> {
        None
    }
}

/// A value that can be written into a request.
pub trait ToWire {
    /// The value as JSON.
    fn to_wire(&self) -> Value;
}

/// JSON itself, if the documentation gives no type or several.
impl FromWire for Value {
    fn from_wire(json: JsonRef<'_>, _: &mut Mismatches) -> Result<Self, FromWireError> {
        Ok(json.to_value())
    }

    fn fits(_: JsonRef<'_>) -> bool {
        true
    }
}

impl ToWire for Value {
    fn to_wire(&self) -> Value {
        self.clone()
    }
}

impl<T: ToWire + ?Sized> ToWire for &T {
    fn to_wire(&self) -> Value {
        (**self).to_wire()
    }
}
