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
