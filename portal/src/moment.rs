//! Moments in the time zone of the portal, as portals write them.

use std::time::SystemTime;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
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

/// The moment that a text says: with its zone, or in that of the portal; a date is its first moment. Dates are written as ISO 8601
/// has them, or as `31.12.2026 10:00:00`.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    Some(read(text)?.0)
}

/// The moment that a text says, and whether it has a zone.
fn read(text: &str) -> Option<(Timestamp, bool)> {
    if text.len() < 10 || !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some((moment, true));
    }
    Some((local(text)?.to_zoned(ZONE).ok()?.timestamp(), false))
}

/// A date, or a moment without a zone.
fn local(text: &str) -> Option<DateTime> {
    if let Ok(moment) = text.parse::<DateTime>() {
        return Some(moment);
    }
    let dotted = |format| DateTime::strptime(format, text).ok();
    let date = || Date::strptime("%d.%m.%Y", text).ok().map(|date| date.at(0, 0, 0, 0));
    dotted("%d.%m.%Y %H:%M:%S").or_else(|| dotted("%d.%m.%Y %H:%M")).or_else(date)
}

/// A date or a moment without a zone as results have it. `None`: it has one, or is none.
pub(crate) fn with_zone(text: &str) -> Option<String> {
    let (moment, has_zone) = read(text)?;
    (!has_zone).then(|| write(moment))
}

fn write(moment: Timestamp) -> String {
    moment.to_zoned(ZONE).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_have_moments_with_a_zone() {
        for (given, wanted) in [
            ("2026-01-15", Some("2026-01-15T00:00:00+03:00")),
            ("2026-01-15 10:30:00", Some("2026-01-15T10:30:00+03:00")),
            ("2026-01-15T10:30", Some("2026-01-15T10:30:00+03:00")),
            ("15.01.2026", Some("2026-01-15T00:00:00+03:00")),
            ("15.01.2026 10:30", Some("2026-01-15T10:30:00+03:00")),
            ("15.01.2026 10:30:59", Some("2026-01-15T10:30:59+03:00")),
            ("2026-01-15T10:30:00+01:00", None),
            ("2026-01-15T10:30:00Z", None),
            ("99.99.2026", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(with_zone(given).as_deref(), wanted, "{given}");
            assert!(wanted.is_none_or(|wanted| parse(given) == parse(wanted)), "{given}");
        }
    }
}
