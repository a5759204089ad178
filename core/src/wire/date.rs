//! Dates and times.

use std::fmt;

use serde_json::Value;

use super::{FromWire, FromWireError, JsonKind, JsonRef, Mismatches, ToWire};

/// A date, or a date and time, as the portal wrote it.
///
/// Most methods write RFC 3339 with an offset (`2026-03-16T20:24:38+01:00`). Some write `2026-03-16 20:24:38`, and a few use
/// the format of the portal's language, in which day and month cannot be distinguished without knowing it. The text is
/// therefore kept, for the date library of your choice.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DateTime(String);

impl DateTime {
    /// The text as received.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T: Into<String>> From<T> for DateTime {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Any text that is not empty; an empty text means no date.
impl FromWire for DateTime {
    fn from_wire(json: JsonRef<'_>, _: &mut Mismatches) -> Result<Self, FromWireError> {
        match json.string() {
            Some(text) if !text.is_empty() => Ok(Self(text.into_owned())),
            _ => Err(FromWireError::new("a date", json)),
        }
    }

    fn fits(json: JsonRef<'_>) -> bool {
        json.kind() == JsonKind::String && !json.is_php_empty()
    }
}

impl From<DateTime> for Value {
    fn from(date: DateTime) -> Self {
        Self::String(date.0)
    }
}

impl ToWire for DateTime {
    fn to_wire(&self) -> Value {
        Value::from(self.0.as_str())
    }
}
