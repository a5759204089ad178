//! Values in the JSON that PHP writes, and in the JSON that PHP reads.
//!
//! A portal sends `"12"` for a number, `"Y"` for yes, `[]` for an empty object and `false` for nothing. Each kind of value has
//! one implementation of [`FromWire`], which accepts every form that portals are known to send and rejects everything else with
//! a [`Mismatch`]: where, what was expected, what was found. Nothing is dropped: fields that a type does not know stay in its
//! `extra`, values that an enumeration does not know in its `Other`.

mod date;
mod list;
mod map;
mod mismatch;
mod object;
mod option;
mod scalar;

pub use date::DateTime;
pub use map::object;
pub use mismatch::Mismatch;
pub use object::Fields;
pub use scalar::{YesNo, is_php_empty};

use serde_json::Value;

/// A value that can be decoded from the portal's JSON.
pub trait FromWire: Sized {
    /// Decodes a value in any form in which the portal is known to send it.
    ///
    /// # Errors
    /// A [`Mismatch`] if the JSON has another form.
    fn from_wire(value: Value) -> Result<Self, Mismatch>;
}

/// A value that can be written into a request.
pub trait ToWire {
    /// The value as JSON.
    fn to_wire(&self) -> Value;
}

/// JSON itself, if the documentation gives no type or several.
impl FromWire for Value {
    fn from_wire(value: Value) -> Result<Self, Mismatch> {
        Ok(value)
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
