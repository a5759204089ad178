//! Moments in the time zone of the portal, as portals write them.

use std::time::SystemTime;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

/// The time zone of the portal, in which dates without one are meant.
pub(crate) const ZONE: TimeZone = TimeZone::fixed(Offset::constant(3));

/// The current time: `2026-12-01T10:00:00+03:00`.
pub(crate) fn now() -> String {
    moment(SystemTime::now())
}

/// A moment.
pub(crate) fn moment(time: SystemTime) -> String {
    write(Timestamp::try_from(time).unwrap_or_default())
}

/// A moment by the seconds since 1970, of which the fraction is left out.
pub(crate) fn moment_of_seconds(seconds: f64) -> String {
    write(Timestamp::from_second(seconds as i64).unwrap_or_default())
}

fn write(moment: Timestamp) -> String {
    moment.to_zoned(ZONE).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}
