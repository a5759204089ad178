//! A date of any type that is made from the text of a portal: a [`DateTime`], or a date of another library.

use std::fmt::Display;

use serde_core::de::{Deserialize, Deserializer, Error};
use serde_core::ser::{Serialize, Serializer};
use serde_json::Value;

use crate::wire::{DateTime, decode_strict};

/// Reads a date.
///
/// # Errors
/// A value that is no text, an empty text, and the error of the conversion.
pub fn deserialize<'de, D: Deserializer<'de>, T>(deserializer: D) -> Result<T, D::Error>
where
    T: TryFrom<DateTime, Error: Display>,
{
    let date: DateTime = decode_strict(Value::deserialize(deserializer)?).map_err(Error::custom)?;
    T::try_from(date).map_err(Error::custom)
}

/// Writes a date as its type does.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer, T: Serialize>(date: &T, serializer: S) -> Result<S::Ok, S::Error> {
    date.serialize(serializer)
}
