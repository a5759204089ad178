//! Conversions to and from the types of chrono.

use chrono::{Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Timelike, Utc};

use super::DateTime;
use super::error::{DateError, Problem};
use super::parts::{DateParts, TimeParts};

try_from_date! {
    /// The day as written, whatever the offset.
    NaiveDate => |parts, error| date(parts).ok_or_else(|| error(Problem::Calendar)),
    /// The date and time as written, whatever the offset.
    NaiveDateTime => date_time,
    /// The date and time with the offset as written.
    chrono::DateTime<FixedOffset> => with_offset,
    /// The instant of a date, a time and an offset.
    chrono::DateTime<Utc> => |parts, error| with_offset(parts, error).map(|time| time.to_utc()),
}

fn date(parts: DateParts) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(parts.year, parts.month.into(), parts.day.into())
}

fn date_time(parts: DateParts, error: &dyn Fn(Problem) -> DateError) -> Result<NaiveDateTime, DateError> {
    let TimeParts { hour, minute, second, nanosecond } = parts.time.ok_or_else(|| error(Problem::NoTime))?;
    let time = NaiveTime::from_hms_nano_opt(hour.into(), minute.into(), second.into(), nanosecond);
    match (date(parts), time) {
        (Some(date), Some(time)) => Ok(date.and_time(time)),
        _ => Err(error(Problem::Calendar)),
    }
}

fn with_offset(
    parts: DateParts,
    error: &dyn Fn(Problem) -> DateError,
) -> Result<chrono::DateTime<FixedOffset>, DateError> {
    let time = date_time(parts, error)?;
    let seconds = parts.offset_seconds.ok_or_else(|| error(Problem::NoOffset))?;
    let offset = FixedOffset::east_opt(seconds).ok_or_else(|| error(Problem::Calendar))?;
    offset.from_local_datetime(&time).single().ok_or_else(|| error(Problem::Calendar))
}

impl From<NaiveDate> for DateTime {
    fn from(date: NaiveDate) -> Self {
        Self::from(parts_of(date))
    }
}

impl From<NaiveDateTime> for DateTime {
    fn from(time: NaiveDateTime) -> Self {
        Self::from(parts_with_time(time, None))
    }
}

/// Written with the offset of the time zone at this instant; in UTC if the offset has seconds.
impl<Tz: TimeZone> From<chrono::DateTime<Tz>> for DateTime {
    fn from(time: chrono::DateTime<Tz>) -> Self {
        let offset = time.offset().fix().local_minus_utc();
        if offset % 60 != 0 {
            return Self::from(parts_with_time(time.naive_utc(), Some(0)));
        }
        Self::from(parts_with_time(time.naive_local(), Some(offset)))
    }
}

fn parts_of(date: NaiveDate) -> DateParts {
    DateParts {
        year: date.year(),
        month: small(date.month()),
        day: small(date.day()),
        time: None,
        offset_seconds: None,
    }
}

fn parts_with_time(time: NaiveDateTime, offset_seconds: Option<i32>) -> DateParts {
    let parts = TimeParts {
        hour: small(time.hour()),
        minute: small(time.minute()),
        second: small(time.second()),
        // A leap second has more nanoseconds than a second.
        nanosecond: time.nanosecond() % 1_000_000_000,
    };
    DateParts { time: Some(parts), offset_seconds, ..parts_of(time.date()) }
}

/// A number that is smaller than 61.
fn small(number: u32) -> u8 {
    u8::try_from(number).unwrap_or_default()
}
