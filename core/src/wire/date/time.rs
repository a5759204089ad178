//! Conversions to and from the types of time.

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcDateTime, UtcOffset};

use super::DateTime;
use super::error::{DateError, Problem};
use super::parts::{DateParts, TimeParts};

try_from_date! {
    /// The day as written, whatever the offset.
    Date => |parts, error| date(parts).ok_or_else(|| error(Problem::Calendar)),
    /// The date and time as written, whatever the offset.
    PrimitiveDateTime => date_time,
    /// The date and time with the offset as written.
    OffsetDateTime => with_offset,
    /// The instant of a date, a time and an offset.
    UtcDateTime => |parts, error| {
        let utc = with_offset(parts, error)?.checked_to_utc();
        utc.ok_or_else(|| error(Problem::Calendar))
    },
}

fn date(parts: DateParts) -> Option<Date> {
    Date::from_calendar_date(parts.year, Month::try_from(parts.month).ok()?, parts.day).ok()
}

fn date_time(parts: DateParts, error: &dyn Fn(Problem) -> DateError) -> Result<PrimitiveDateTime, DateError> {
    let TimeParts { hour, minute, second, nanosecond } = parts.time.ok_or_else(|| error(Problem::NoTime))?;
    match (date(parts), Time::from_hms_nano(hour, minute, second, nanosecond)) {
        (Some(date), Ok(time)) => Ok(PrimitiveDateTime::new(date, time)),
        _ => Err(error(Problem::Calendar)),
    }
}

fn with_offset(parts: DateParts, error: &dyn Fn(Problem) -> DateError) -> Result<OffsetDateTime, DateError> {
    let time = date_time(parts, error)?;
    let seconds = parts.offset_seconds.ok_or_else(|| error(Problem::NoOffset))?;
    let offset = UtcOffset::from_whole_seconds(seconds).map_err(|_| error(Problem::Calendar))?;
    Ok(time.assume_offset(offset))
}

impl From<Date> for DateTime {
    fn from(date: Date) -> Self {
        Self::from(parts_of(date))
    }
}

impl From<PrimitiveDateTime> for DateTime {
    fn from(time: PrimitiveDateTime) -> Self {
        Self::from(parts_with_time(time.date(), time.time(), None))
    }
}

/// Written in UTC.
impl From<UtcDateTime> for DateTime {
    fn from(instant: UtcDateTime) -> Self {
        Self::from(parts_with_time(instant.date(), instant.time(), Some(0)))
    }
}

/// Written with its offset, without the seconds of the offset, which are moved to the time.
impl From<OffsetDateTime> for DateTime {
    fn from(time: OffsetDateTime) -> Self {
        let (hours, minutes, _) = time.offset().as_hms();
        let whole =
            UtcOffset::from_hms(hours, minutes, 0).ok().and_then(|offset| time.checked_to_offset(offset));
        let time = whole.unwrap_or(time);
        let offset = time.offset().whole_seconds();
        Self::from(parts_with_time(time.date(), time.time(), Some(offset)))
    }
}

fn parts_of(date: Date) -> DateParts {
    DateParts {
        year: date.year(),
        month: u8::from(date.month()),
        day: date.day(),
        time: None,
        offset_seconds: None,
    }
}

fn parts_with_time(date: Date, time: Time, offset_seconds: Option<i32>) -> DateParts {
    let (hour, minute, second, nanosecond) = time.as_hms_nano();
    let parts = TimeParts { hour, minute, second, nanosecond };
    DateParts { time: Some(parts), offset_seconds, ..parts_of(date) }
}
