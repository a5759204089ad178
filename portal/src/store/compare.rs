//! How values of rows and conditions are compared.

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::Timestamp;
use serde_json::{Number, Value};

use crate::{moment, php};

/// A stored value, or one of a condition, without a copy.
#[derive(Clone, Copy, Debug)]
pub(crate) enum View<'v> {
    Null,
    Bool(bool),
    Integer(i64),
    Number(f64, &'v Number),
    Text(&'v str),
    Json(&'v Value),
}

impl<'v> View<'v> {
    pub(crate) fn of(value: &'v Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Bool(*flag),
            Value::Number(number) => Self::of_number(number),
            Value::String(text) => Self::Text(text),
            other => Self::Json(other),
        }
    }

    pub(super) fn of_number(number: &'v Number) -> Self {
        match number.as_f64() {
            Some(value) => Self::Number(value, number),
            None => Self::Null,
        }
    }

    /// The value as text, as PHP casts it.
    pub(super) fn text(self) -> Cow<'v, str> {
        match self {
            Self::Null | Self::Bool(false) => Cow::Borrowed(""),
            Self::Bool(true) => Cow::Borrowed("1"),
            Self::Integer(number) => Cow::Owned(number.to_string()),
            Self::Number(_, number) => Cow::Owned(number.to_string()),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Json(value) => Cow::Owned(value.to_string()),
        }
    }

    /// Whether there is no value.
    pub(crate) fn is_null(self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether it is one of the forms of "nothing", except a flag.
    pub(super) fn is_nothing(self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.is_empty(),
            Self::Json(value) => php::is_empty(value),
            _ => false,
        }
    }
}

/// Compares two values: as numbers or dates if both are, else as texts without case.
pub(crate) fn compare(one: View<'_>, other: View<'_>) -> Ordering {
    if let (Some(one), Some(other)) = (number(one), number(other)) {
        return one.total_cmp(&other);
    }
    let (one, other) = (one.text(), other.text());
    if let (Some(one), Some(other)) = (moment::parse(&one), moment::parse(&other)) {
        return one.cmp(&other);
    }
    without_case(&one, &other)
}

/// The order of two values in a list: nothing, numbers, moments, and texts without case. Unlike [`compare`], which reads both values
/// as what one of them allows, it is the same for all values, so that rows can be sorted by it.
pub(crate) fn total_order(one: View<'_>, other: View<'_>) -> Ordering {
    match (Sorted::of(one), Sorted::of(other)) {
        (Sorted::Number(one), Sorted::Number(other)) => one.total_cmp(&other),
        (Sorted::Moment(one), Sorted::Moment(other)) => one.cmp(&other),
        (Sorted::Text(one), Sorted::Text(other)) => without_case(&one, &other),
        (one, other) => one.class().cmp(&other.class()),
    }
}

/// What a value is sorted by.
enum Sorted<'v> {
    Nothing,
    Number(f64),
    Moment(Timestamp),
    Text(Cow<'v, str>),
}

impl<'v> Sorted<'v> {
    fn of(value: View<'v>) -> Self {
        if value.is_nothing() {
            return Self::Nothing;
        }
        if let Some(number) = number(value) {
            return Self::Number(number);
        }
        let text = value.text();
        moment::parse(&text).map_or(Self::Text(text), Self::Moment)
    }

    /// The position of its kind.
    fn class(&self) -> u8 {
        match self {
            Self::Nothing => 0,
            Self::Number(_) => 1,
            Self::Moment(_) => 2,
            Self::Text(_) => 3,
        }
    }
}

fn without_case(one: &str, other: &str) -> Ordering {
    if one.is_ascii() && other.is_ascii() {
        let lower = |byte: u8| byte.to_ascii_lowercase();
        return one.bytes().map(lower).cmp(other.bytes().map(lower));
    }
    one.to_lowercase().cmp(&other.to_lowercase())
}

/// A number, or a text or a flag that can be read as one.
fn number(value: View<'_>) -> Option<f64> {
    match value {
        View::Number(number, _) => Some(number),
        View::Integer(number) => Some(number as f64),
        View::Bool(flag) => Some(f64::from(u8::from(flag))),
        View::Text(text) => match text.trim() {
            "Y" => Some(1.0),
            "N" => Some(0.0),
            text if text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) => {
                text.parse().ok().filter(|number: &f64| number.is_finite())
            }
            _ => None,
        },
        View::Null | View::Json(_) => None,
    }
}

/// The seconds from 1970 until a moment, which may be such a number.
pub(crate) fn timestamp(value: View<'_>) -> Option<i64> {
    let seconds = || moment::parse(&value.text()).map(Timestamp::as_second);
    number(value).map_or_else(seconds, |seconds| Some(seconds as i64))
}

/// Whether a text matches a pattern with `%` for any part. The parts between are found in order, so that it is linear.
pub(super) fn like(text: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('%');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_compared_as_what_they_stand_for() {
        for (one, other, wanted) in [
            (json!(9), json!("10"), Ordering::Less),
            (json!("100.50"), json!(100.5), Ordering::Equal),
            (json!("Alpha"), json!("alpha"), Ordering::Equal),
            (json!(true), json!("Y"), Ordering::Equal),
            (json!(false), json!("0"), Ordering::Equal),
            (json!("2026-05-01T03:00:00+03:00"), json!("2026-05-01T00:00:00Z"), Ordering::Equal),
            (json!("2026-05-01T03:00:00+03:00"), json!("2026-05-01 03:00:00"), Ordering::Equal),
            (json!("2026-05-02T00:00:00+03:00"), json!("2026-05-01"), Ordering::Greater),
        ] {
            assert_eq!(compare(View::of(&one), View::of(&other)), wanted, "{one} and {other}");
        }
    }

    #[test]
    fn any_rows_can_be_sorted() {
        let values = [
            json!(null),
            json!(""),
            json!([]),
            json!({}),
            json!(false),
            json!(true),
            json!(0),
            json!(-0.0),
            json!(7),
            json!(10),
            json!("7"),
            json!("10"),
            json!("5 apples"),
            json!("+"),
            json!("-"),
            json!(".5"),
            json!("1e9"),
            json!("Y"),
            json!("n"),
            json!("2026-05-01"),
            json!("2026-05-01T00:00:00Z"),
            json!("2026-05-01 apples"),
            json!("apples"),
            json!("Äpfel"),
            json!("äpfel"),
            json!([1]),
            json!({"a": 1}),
            json!("K"),
            json!("k"),
            json!("\u{212a}"),
        ];
        let order = |one: &Value, other: &Value| total_order(View::of(one), View::of(other));
        for one in &values {
            assert_eq!(order(one, one), Ordering::Equal, "{one}");
            for other in &values {
                assert_eq!(order(one, other), order(other, one).reverse(), "{one} and {other}");
                for third in &values {
                    let (first, second) = (order(one, other), order(other, third));
                    if first == second || second == Ordering::Equal {
                        assert_eq!(order(one, third), first, "{one}, {other} and {third}");
                    }
                }
            }
        }
        let sorted = [
            json!(null),
            json!("9"),
            json!(10),
            json!("2026-05-01"),
            json!("2026-06-01T00:00:00Z"),
            json!("Apple"),
        ];
        for pair in sorted.windows(2) {
            assert_eq!(order(&pair[0], &pair[1]), Ordering::Less, "{pair:?}");
        }
    }
}
