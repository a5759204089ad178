//! The parts of a date.

use std::fmt;

/// A day of the calendar, perhaps with a time and an offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_structs, reason = "a date has these parts, and callers create them")]
pub struct DateParts {
    /// From 0 to 9999 in a text.
    pub year: i32,
    /// From 1 to 12.
    pub month: u8,
    /// From 1 to 31.
    pub day: u8,
    /// The time, if there is one.
    pub time: Option<TimeParts>,
    /// The offset from UTC in seconds, positive to the east, if there is one. Only a date with a time has one.
    pub offset_seconds: Option<i32>,
}

impl DateParts {
    /// The seconds since 1970-01-01 UTC, without the fraction; `None` without a time or an offset, since the time zone of the portal is
    /// not known.
    ///
    /// ```
    /// use bitrix24_core::wire::DateTime;
    /// assert_eq!(DateTime::from("2001-09-09T04:46:40+03:00").parts()?.unix_seconds(), Some(1_000_000_000));
    /// assert_eq!(DateTime::from("2001-09-09").parts()?.unix_seconds(), None);
    /// # Ok::<(), bitrix24_core::wire::DateError>(())
    /// ```
    pub fn unix_seconds(&self) -> Option<i64> {
        let (time, offset) = (self.time?, self.offset_seconds?);
        let seconds = i64::from(time.hour) * 3600 + i64::from(time.minute) * 60 + i64::from(time.second);
        Some(self.unix_days() * 86_400 + seconds - i64::from(offset))
    }

    /// The days since 1970-01-01. A year is counted from March, so that the leap day is its last one.
    fn unix_days(&self) -> i64 {
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        let year = i64::from(self.year) - i64::from(month < 3);
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }
}

/// A time of the day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_structs, reason = "a time has these parts, and callers create them")]
pub struct TimeParts {
    /// From 0 to 23.
    pub hour: u8,
    /// From 0 to 59.
    pub minute: u8,
    /// From 0 to 59.
    pub second: u8,
    /// From 0 to 999,999,999.
    pub nanosecond: u32,
}

/// The order of day, month and year in the format of a portal's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DateOrder {
    /// `16.03.2026`, `16/03/2026`, `16-03-2026`.
    DayMonthYear,
    /// `03/16/2026`.
    MonthDayYear,
    /// `2026/03/16`, `2026.03.16`.
    YearMonthDay,
}

/// As a request contains it: `2026-03-16`, `2026-03-16T20:24:38`, `2026-03-16T20:24:38+01:00`. Fractions of a second and
/// seconds of an offset are left out.
impl fmt::Display for DateParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)?;
        let Some(time) = self.time else { return Ok(()) };
        write!(f, "T{:02}:{:02}:{:02}", time.hour, time.minute, time.second)?;
        let Some(offset) = self.offset_seconds else { return Ok(()) };
        let (sign, minutes) = (if offset < 0 { '-' } else { '+' }, offset.unsigned_abs() / 60);
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}
