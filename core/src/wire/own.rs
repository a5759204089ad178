//! Types of a program, read by their `Deserialize` in the forms of the wire.
//!
//! The implementation of `Deserialize` says what it expects (`deserialize_i64`, `deserialize_bool`), and the value is read in the
//! forms that [`FromWire`](super::FromWire) accepts for it, by the same functions.

mod absent;
mod error;
mod key;
mod node;
mod parts;

use serde_core::de::DeserializeOwned;
use serde_json::Value;

use super::in_memory::to_json;
use super::{JsonRef, Mismatch};
use absent::Absent;
use node::Node;

/// Reads a value that is in memory.
///
/// # Errors
/// The first value that does not fit.
pub(crate) fn read_value<T: DeserializeOwned>(value: &Value) -> Result<T, Mismatch> {
    read(to_json(value)?.get())
}

/// Reads a value.
///
/// An empty form of PHP in an `Option` is `None` if its type has no use for that form. Whether it has is known only once the type
/// has tried; the value is then read again from the start, with `None` in each place where that type meets that form.
///
/// # Errors
/// The first value that does not fit.
pub(super) fn read<T: DeserializeOwned>(json: JsonRef<'_>) -> Result<T, Mismatch> {
    let absent = Absent::default();
    loop {
        let known = absent.len();
        match T::deserialize(Node::new(json, &absent)) {
            Err(_) if absent.len() > known => {}
            result => return result.map_err(|error| error.into_mismatch(json)),
        }
    }
}
