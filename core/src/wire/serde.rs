//! Serialization of generated types in the forms of the wire.

use serde_core::de::Error as _;
#[doc(hidden)]
pub use serde_core::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::{Fields, FromWire, FromWireError, Mismatch, Mismatches, ToWire};

/// Writes a value as it is on the wire.
pub fn serialize<T: ToWire, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.to_wire().serialize(serializer)
}

/// Reads a value in every form that it has on the wire. A part that does not fit costs its field and stays in `extra`, as in a
/// response; a value that does not fit as a whole is an error.
pub fn deserialize<'de, T: FromWire, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    T::from_wire(value, &mut Mismatches::new()).map_err(|error| D::Error::custom(error.mismatch()))
}

/// Reads what a request writes: an object with required fields.
#[doc(hidden)]
pub fn read_written<T>(
    value: Value,
    mismatches: &mut Mismatches,
    read: impl FnOnce(&mut Fields<'_>) -> Result<T, Mismatch>,
) -> Result<T, FromWireError> {
    let before = mismatches.len();
    let unchanged = value.clone();
    let read = read(&mut Fields::new(value, mismatches)?);
    read.map_err(|mismatch| {
        mismatches.truncate(before);
        FromWireError::with_mismatch(unchanged, mismatch)
    })
}

/// Reads a request whose parameters are positional. An empty list is a parameter that was skipped.
#[doc(hidden)]
pub fn read_by_position<T>(
    mut value: Value,
    mismatches: &mut Mismatches,
    read: impl FnOnce(&mut Fields<'_>) -> Result<T, Mismatch>,
) -> Result<T, FromWireError> {
    if let Value::Object(params) = &mut value {
        params.retain(|_, param| !param.as_array().is_some_and(Vec::is_empty));
    }
    read_written(value, mismatches, read)
}
