//! How values stand in JSON that PHP has written, and how they are written for PHP to read.
//!
//! A portal sends `"12"` for a number, `"Y"` for yes, `[]` for an empty object and `false` for nothing. Each kind of value
//! has one implementation of [`FromWire`] that accepts every form in which it has been seen, and refuses what is something
//! else with a [`Mismatch`] that says where, what was expected and what was found. Nothing is dropped on the way: fields
//! that a type does not know stay in its `extra`, values that an enumeration does not know in its `Other`.

mod date;
mod list;
mod map;
mod mismatch;
mod object;
mod option;
mod scalar;
mod serialize;

pub use date::DateTime;
pub use map::object;
pub use mismatch::Mismatch;
pub use object::Fields;
pub use scalar::{YesNo, is_php_empty};

use serde_json::Value;

/// A value that can be read from the portal's JSON.
pub trait FromWire: Sized {
    /// Reads a value, in any form in which the portal is known to send it.
    ///
    /// # Errors
    /// A [`Mismatch`] where the JSON holds something else.
    fn from_wire(value: Value) -> Result<Self, Mismatch>;
}

/// A value that can be written into a request.
pub trait ToWire {
    /// The value as JSON.
    fn to_wire(&self) -> Value;
}

/// JSON itself, where the documentation gives no type or several.
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
