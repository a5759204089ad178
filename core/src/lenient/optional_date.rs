//! A [`date`](super::date) that may be nothing, in any form.

use std::fmt::Display;

use serde_core::de::{Deserialize, Deserializer, Error};
use serde_core::ser::{Serialize, Serializer};
use serde_json::Value;

use crate::wire::{DateTime, decode_strict};

/// Reads a date; nothing in any form is `None`.
///
/// # Errors
/// A value that is no text, and the error of the conversion.
pub fn deserialize<'de, D: Deserializer<'de>, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: TryFrom<DateTime, Error: Display>,
{
    let date: Option<DateTime> = decode_strict(Value::deserialize(deserializer)?).map_err(Error::custom)?;
    date.map(T::try_from).transpose().map_err(Error::custom)
}

/// Writes a date as its type does.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer, T: Serialize>(date: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
    date.serialize(serializer)
}
