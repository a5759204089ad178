//! A flag that is read in every form and written as `Y` or `N`.

use serde_core::de::{Deserialize, Deserializer, Error};
use serde_core::ser::{Serialize, Serializer};
use serde_json::Value;

use crate::wire::{ToWire, YesNo, decode_strict};

/// Reads a flag.
///
/// # Errors
/// Anything but a flag.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    decode_strict(Value::deserialize(deserializer)?).map_err(Error::custom)
}

/// Writes a flag as `Y` or `N`.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(flag: &bool, serializer: S) -> Result<S::Ok, S::Error> {
    YesNo::from(*flag).to_wire().serialize(serializer)
}
