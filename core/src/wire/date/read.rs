//! Reads the parts of a date.

use super::error::{DateError, Problem};
use super::parts::{DateOrder, DateParts, TimeParts};

/// The parts of a date in the format of most methods.
pub(super) fn parts(text: &str) -> Result<DateParts, DateError> {
    let error = |problem| DateError::new(text, problem);
    let Some((year, month, day, rest)) = numbers(text.trim()) else { return Err(error(Problem::Form)) };
    if year.len() != 4 || text.trim().get(4..5) != Some("-") {
        let is_local = year.len() == 4 || day.len() == 4;
        return Err(error(if is_local { Problem::Local } else { Problem::Form }));
    }
    if month.len() != 2 || day.len() != 2 {
        return Err(error(Problem::Form));
    }
    complete((year, month, day), rest).map_err(error)
}

/// The parts of a date in a format of the portal's language.
pub(super) fn local_parts(text: &str, order: DateOrder) -> Result<DateParts, DateError> {
    let error = |problem| DateError::new(text, problem);
    let Some((first, second, third, rest)) = numbers(text.trim()) else { return Err(error(Problem::Form)) };
    let (year, month, day) = match order {
        DateOrder::DayMonthYear => (third, second, first),
        DateOrder::MonthDayYear => (third, first, second),
        DateOrder::YearMonthDay => (first, second, third),
    };
    if year.len() != 4 || month.len() > 2 || day.len() > 2 {
        return Err(error(Problem::Form));
    }
    complete((year, month, day), rest).map_err(error)
}

/// Three numbers with the same separator between them, and the rest of the text.
fn numbers(text: &str) -> Option<(&str, &str, &str, &str)> {
    let (first, rest) = digits(text);
    let separator = rest.chars().next().filter(|c| matches!(c, '-' | '.' | '/'))?;
    let (second, rest) = digits(rest.strip_prefix(separator)?);
    let (third, rest) = digits(rest.strip_prefix(separator)?);
    let is_empty = [first, second, third].iter().any(|number| number.is_empty());
    (!is_empty).then_some((first, second, third, rest))
}

/// The digits at the beginning, and the rest.
fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

/// Adds the time and the offset in the rest of the text, and checks the ranges.
fn complete((year, month, day): (&str, &str, &str), rest: &str) -> Result<DateParts, Problem> {
    let number = |digits: &str| digits.parse::<u16>().map_err(|_| Problem::Form);
    let small = |digits: &str| digits.parse::<u8>().map_err(|_| Problem::Form);
    let (year, month, day) = (i32::from(number(year)?), small(month)?, small(day)?);
    if !(1..=12).contains(&month) || !(1..=days_of(year, month)).contains(&day) {
        return Err(Problem::Calendar);
    }
    if rest.is_empty() {
        return Ok(DateParts { year, month, day, time: None, offset_seconds: None });
    }
    let rest = rest.strip_prefix(['T', 't', ' ']).ok_or(Problem::Form)?;
    let (time, rest) = time(rest)?;
    let offset_seconds = match rest.trim_start() {
        "" => None,
        offset => Some(self::offset(offset)?),
    };
    Ok(DateParts { year, month, day, time: Some(time), offset_seconds })
}

/// A time of the day, and the rest.
fn time(text: &str) -> Result<(TimeParts, &str), Problem> {
    let (hour, rest) = one_or_two(text).ok_or(Problem::Form)?;
    let (minute, mut rest) = rest.strip_prefix(':').and_then(one_or_two).ok_or(Problem::Form)?;
    let mut time = TimeParts { hour, minute, ..TimeParts::default() };
    if let Some(of_seconds) = rest.strip_prefix(':') {
        (time.second, rest) = one_or_two(of_seconds).ok_or(Problem::Form)?;
        if let Some(fraction) = rest.strip_prefix(['.', ',']) {
            let (fraction, behind) = digits(fraction);
            time.nanosecond = nanoseconds(fraction).ok_or(Problem::Form)?;
            rest = behind;
        }
    }
    let (time, rest) = half_of_day(time, rest)?;
    let exists = time.hour < 24 && time.minute < 60 && time.second < 60;
    if exists { Ok((time, rest)) } else { Err(Problem::Calendar) }
}

fn one_or_two(text: &str) -> Option<(u8, &str)> {
    let (found, rest) = digits(text);
    (found.len() <= 2).then(|| found.parse().ok()).flatten().map(|number| (number, rest))
}

/// The digits behind the point of a second as nanoseconds. Further digits are left out.
fn nanoseconds(fraction: &str) -> Option<u32> {
    if fraction.is_empty() {
        return None;
    }
    let digits = fraction.bytes().chain(std::iter::repeat(b'0')).take(9);
    Some(digits.fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')))
}

/// Applies `am` or `pm` behind the time.
fn half_of_day(time: TimeParts, rest: &str) -> Result<(TimeParts, &str), Problem> {
    let behind = rest.trim_start();
    let is_pm = match behind.get(..2) {
        Some(half) if half.eq_ignore_ascii_case("am") => false,
        Some(half) if half.eq_ignore_ascii_case("pm") => true,
        _ => return Ok((time, rest)),
    };
    if !(1..=12).contains(&time.hour) {
        return Err(Problem::Calendar);
    }
    let hour = time.hour % 12 + if is_pm { 12 } else { 0 };
    Ok((TimeParts { hour, ..time }, behind.get(2..).unwrap_or_default()))
}

/// An offset from UTC, in seconds.
fn offset(text: &str) -> Result<i32, Problem> {
    if text.eq_ignore_ascii_case("z") {
        return Ok(0);
    }
    let (sign, rest) = match (text.strip_prefix('+'), text.strip_prefix('-')) {
        (Some(rest), _) => (1, rest),
        (_, Some(rest)) => (-1, rest),
        _ => return Err(Problem::Form),
    };
    let (hours, minutes) = match (rest.len(), rest.split_once(':')) {
        (5, Some((hours, minutes))) => (hours, minutes),
        (4, None) => rest.split_at_checked(2).ok_or(Problem::Form)?,
        (2, None) => (rest, "00"),
        _ => return Err(Problem::Form),
    };
    let number = |digits: &str| {
        let is_number = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { digits.parse::<i32>().map_err(|_| Problem::Form) } else { Err(Problem::Form) }
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    if hours > 23 || minutes > 59 {
        return Err(Problem::Calendar);
    }
    Ok(sign * (hours * 3600 + minutes * 60))
}

fn days_of(year: i32, month: u8) -> u8 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
