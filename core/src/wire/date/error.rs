//! The error of a date that cannot be converted.

use std::error::Error;
use std::fmt;

use crate::excerpt::excerpt;

/// A text that is no date, or lacks what a type requires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateError {
    text: Box<str>,
    problem: Problem,
}

/// What is wrong with the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(any(feature = "chrono", feature = "jiff", feature = "time")),
    expect(dead_code, reason = "only the types of libraries lack a time or an offset")
)]
pub(super) enum Problem {
    /// It has another form.
    Form,
    /// It has a format of the portal's language.
    Local,
    /// It names no day, no time or no offset that exists.
    Calendar,
    /// It has no time.
    NoTime,
    /// It has no offset.
    NoOffset,
}

/// How many characters of the text are shown.
const SHOWN: usize = 60;

impl DateError {
    #[cold]
    pub(super) fn new(text: &str, problem: Problem) -> Self {
        Self { text: text.into(), problem }
    }

    /// The text that cannot be converted.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = match self.problem {
            Problem::Form => "is no date: expected YYYY-MM-DD, with or without a time and an offset",
            Problem::Local => {
                "has the format of the portal's language: convert it with `DateTime::in_order`, which takes the order of day, \
                 month and year"
            }
            Problem::Calendar => "names no date and time of the calendar",
            Problem::NoTime => "has no time: convert it to a date",
            Problem::NoOffset => {
                "has no offset: convert it to a date and time, and add the time zone of the portal"
            }
        };
        write!(f, "{:?} {reason}", excerpt(&self.text, SHOWN))
    }
}

impl Error for DateError {}
