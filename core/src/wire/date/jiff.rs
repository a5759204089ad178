//! Conversions to and from the types of jiff.

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned, civil};

use super::DateTime;
use super::error::{DateError, Problem};
use super::parts::{DateParts, TimeParts};

try_from_date! {
    /// The day as written, whatever the offset.
    civil::Date => |parts, error| date(parts).ok_or_else(|| error(Problem::Calendar)),
    /// The date and time as written, whatever the offset.
    civil::DateTime => date_time,
    /// The instant of a date, a time and an offset.
    Timestamp => |parts, error| {
        let (time, offset) = (date_time(parts, error)?, offset(parts, error)?);
        offset.to_timestamp(time).map_err(|_| error(Problem::Calendar))
    },
    /// The date and time with the offset as written, which is no named time zone.
    Zoned => |parts, error| {
        let (time, offset) = (date_time(parts, error)?, offset(parts, error)?);
        time.to_zoned(TimeZone::fixed(offset)).map_err(|_| error(Problem::Calendar))
    },
}

fn date(parts: DateParts) -> Option<civil::Date> {
    civil::Date::new(i16::try_from(parts.year).ok()?, parts.month.cast_signed(), parts.day.cast_signed()).ok()
}

fn date_time(parts: DateParts, error: &dyn Fn(Problem) -> DateError) -> Result<civil::DateTime, DateError> {
    let TimeParts { hour, minute, second, nanosecond } = parts.time.ok_or_else(|| error(Problem::NoTime))?;
    let time = civil::Time::new(
        hour.cast_signed(),
        minute.cast_signed(),
        second.cast_signed(),
        nanosecond.cast_signed(),
    );
    match (date(parts), time) {
        (Some(date), Ok(time)) => Ok(date.to_datetime(time)),
        _ => Err(error(Problem::Calendar)),
    }
}

fn offset(parts: DateParts, error: &dyn Fn(Problem) -> DateError) -> Result<Offset, DateError> {
    let seconds = parts.offset_seconds.ok_or_else(|| error(Problem::NoOffset))?;
    Offset::from_seconds(seconds).map_err(|_| error(Problem::Calendar))
}

impl From<civil::Date> for DateTime {
    fn from(date: civil::Date) -> Self {
        Self::from(parts_of(date))
    }
}

impl From<civil::DateTime> for DateTime {
    fn from(time: civil::DateTime) -> Self {
        Self::from(parts_with_time(time, None))
    }
}

/// Written in UTC.
impl From<Timestamp> for DateTime {
    fn from(instant: Timestamp) -> Self {
        Self::from(parts_with_time(Offset::UTC.to_datetime(instant), Some(0)))
    }
}

/// Written with the offset of the time zone at this instant; in UTC if the offset has seconds.
impl From<Zoned> for DateTime {
    fn from(zoned: Zoned) -> Self {
        Self::from(&zoned)
    }
}

/// Written with the offset of the time zone at this instant; in UTC if the offset has seconds.
impl From<&Zoned> for DateTime {
    fn from(zoned: &Zoned) -> Self {
        let offset = zoned.offset().seconds();
        if offset % 60 != 0 {
            return Self::from(zoned.timestamp());
        }
        Self::from(parts_with_time(zoned.datetime(), Some(offset)))
    }
}

fn parts_of(date: civil::Date) -> DateParts {
    DateParts {
        year: i32::from(date.year()),
        month: date.month().unsigned_abs(),
        day: date.day().unsigned_abs(),
        time: None,
        offset_seconds: None,
    }
}

fn parts_with_time(time: civil::DateTime, offset_seconds: Option<i32>) -> DateParts {
    let parts = TimeParts {
        hour: time.hour().unsigned_abs(),
        minute: time.minute().unsigned_abs(),
        second: time.second().unsigned_abs(),
        nanosecond: time.subsec_nanosecond().unsigned_abs(),
    };
    DateParts { time: Some(parts), offset_seconds, ..parts_of(time.date()) }
}
