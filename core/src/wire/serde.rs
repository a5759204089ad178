//! Serialization of generated types in the forms of the wire.

use serde_core::de::Error as _;
#[doc(hidden)]
pub use serde_core::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::{Fields, FromWire, FromWireError, Json, JsonRef, Mismatch, Mismatches, ToWire, decode};

/// Writes a value as it is on the wire.
pub fn serialize<T: ToWire, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.to_wire().serialize(serializer)
}

/// Reads a value in every form that it has on the wire. A part that does not fit costs its field and stays in `extra`, as in a
/// response; a value that does not fit as a whole is an error.
pub fn deserialize<'de, T: FromWire, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let read = decode(value).map_err(|error| D::Error::custom(error.mismatch()))?;
    Ok(read.value)
}

/// Reads what a request writes: an object with required fields.
#[doc(hidden)]
pub fn read_written<T>(
    json: JsonRef<'_>,
    mismatches: &mut Mismatches,
    read: impl for<'a> FnOnce(&mut Fields<'a>) -> Result<T, Mismatch>,
) -> Result<T, FromWireError> {
    Ok(read(&mut Fields::new(json, mismatches)?)?)
}

/// Reads a request whose parameters are positional. An empty list is a parameter that was skipped.
#[doc(hidden)]
pub fn read_by_position<T>(
    json: JsonRef<'_>,
    mismatches: &mut Mismatches,
    read: impl for<'a> FnOnce(&mut Fields<'a>) -> Result<T, Mismatch>,
) -> Result<T, FromWireError> {
    let mut params = json.to_value();
    if let Value::Object(params) = &mut params {
        params.retain(|_, param| !param.as_array().is_some_and(Vec::is_empty));
    }
    match Json::from_value(&params) {
        Some(given) => read_written(given.get(), mismatches, read),
        None => read_written(json, mismatches, read),
    }
}
