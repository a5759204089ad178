//! Dates and times.

/// Implements `TryFrom<DateTime>` and `TryFrom<&DateTime>` by a function of the parts and of an error for the text.
#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
macro_rules! try_from_date {
    ($($(#[$docs:meta])* $target:ty => $convert:expr,)*) => {$(
        $(#[$docs])*
        impl TryFrom<&DateTime> for $target {
            type Error = DateError;

            fn try_from(date: &DateTime) -> Result<Self, DateError> {
                type Convert = fn(DateParts, &dyn Fn(Problem) -> DateError) -> Result<$target, DateError>;
                let convert: Convert = $convert;
                convert(date.parts()?, &|problem| DateError::new(date.as_str(), problem))
            }
        }

        $(#[$docs])*
        impl TryFrom<DateTime> for $target {
            type Error = DateError;

            fn try_from(date: DateTime) -> Result<Self, DateError> {
                Self::try_from(&date)
            }
        }
    )*};
}

#[cfg(feature = "chrono")]
mod chrono;
mod error;
#[cfg(feature = "jiff")]
mod jiff;
mod parts;
mod read;
#[cfg(feature = "time")]
mod time;

pub use error::DateError;
pub use parts::{DateOrder, DateParts, TimeParts};

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use super::{FromWire, FromWireError, JsonKind, JsonRef, Mismatches, ToWire};

/// A date, or a date and time, as the portal wrote it.
///
/// Most methods write RFC 3339 with an offset (`2026-03-16T20:24:38+01:00`). Some write `2026-03-16 20:24:38`, and a few use
/// the format of the portal's language, in which day and month cannot be distinguished without knowing it. The text is
/// therefore kept, and converted on request: to [`DateParts`], and with the features `jiff`, `chrono` and `time` to and from
/// the types of these libraries.
///
/// | feature | with an offset | date and time, with or without an offset | date, with or without a time |
/// |---|---|---|---|
/// | `jiff` | `Timestamp`, `Zoned` | `civil::DateTime` | `civil::Date` |
/// | `chrono` | `DateTime<Utc>`, `DateTime<FixedOffset>` | `NaiveDateTime` | `NaiveDate` |
/// | `time` | `UtcDateTime`, `OffsetDateTime` | `PrimitiveDateTime` | `Date` |
///
/// Date and time are those of the offset, as written. A conversion never adds what the text does not have: a date without a
/// time is no instant, and a time without an offset neither, since the time zone of the portal is not known. Values of these
/// libraries are written without fractions of a second, which portals do not have.
///
/// ```
/// use bitrix24_core::wire::{DateOrder, DateTime};
///
/// let changed = DateTime::from("2026-03-16 20:24:38");
/// let parts = changed.parts()?;
/// assert_eq!((parts.day, parts.time.map(|time| time.hour), parts.offset_seconds), (16, Some(20), None));
///
/// // The caller knows the language of the portal.
/// let created = DateTime::from("16.03.2026");
/// assert!(created.parts().is_err());
/// assert_eq!(created.in_order(DateOrder::DayMonthYear)?.as_str(), "2026-03-16");
/// # Ok::<(), bitrix24_core::wire::DateError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DateTime(String);

impl DateTime {
    /// The text as received.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The parts of the text: `2026-03-16`, then perhaps `T` or a space and `20:24`, `20:24:38` or `20:24:38.5`, then perhaps
    /// an offset (`Z`, `+01:00`, `+0100`, `+01`).
    ///
    /// # Errors
    /// A [`DateError`] if the text has another form, or names no day of the calendar. A date in the format of the portal's
    /// language is an error too: see [`in_order`](Self::in_order).
    pub fn parts(&self) -> Result<DateParts, DateError> {
        read::parts(&self.0)
    }

    /// The date in a format of the portal's language (`16.03.2026 20:24:38`, `03/16/2026 08:24 pm`), in the format of
    /// [`parts`](Self::parts). A date that has that format already is returned unchanged.
    ///
    /// # Errors
    /// A [`DateError`] if the text has another form, or names no day of the calendar in this order.
    pub fn in_order(&self, order: DateOrder) -> Result<Self, DateError> {
        if read::parts(&self.0).is_ok() {
            return Ok(self.clone());
        }
        read::local_parts(&self.0, order).map(Self::from)
    }
}

impl From<String> for DateTime {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for DateTime {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<&String> for DateTime {
    fn from(text: &String) -> Self {
        Self(text.clone())
    }
}

impl From<&DateTime> for DateTime {
    fn from(date: &DateTime) -> Self {
        date.clone()
    }
}

/// Never fails: the text is kept, and read on request.
impl FromStr for DateTime {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::from(text))
    }
}

impl From<DateParts> for DateTime {
    fn from(parts: DateParts) -> Self {
        Self(parts.to_string())
    }
}

impl TryFrom<&DateTime> for DateParts {
    type Error = DateError;

    fn try_from(date: &DateTime) -> Result<Self, DateError> {
        date.parts()
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
        json.kind() == JsonKind::String && !json.is_nothing()
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
