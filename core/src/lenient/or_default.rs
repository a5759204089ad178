//! A value of any type; nothing in any form is its default: `0` for `""`, an empty text for `false`.

use serde_core::de::{Deserialize, DeserializeOwned, Deserializer, Error};
use serde_core::ser::{Serialize, Serializer};
use serde_json::Value;

use crate::wire::own;

/// Reads a value, or nothing.
///
/// # Errors
/// A value that does not fit.
pub fn deserialize<'de, D: Deserializer<'de>, T>(deserializer: D) -> Result<T, D::Error>
where
    T: DeserializeOwned + Default,
{
    let value: Option<T> = own::read_value(&Value::deserialize(deserializer)?).map_err(Error::custom)?;
    Ok(value.unwrap_or_default())
}

/// Writes a value as its type does.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer, T: Serialize>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.serialize(serializer)
}
