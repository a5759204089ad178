//! What examples mean beside the name of their field: a portal writes numbers, flags and dates as texts.

use serde_json::Value;

use crate::descriptor::{JsonType, Schema};
use crate::extract::evidence::Evidence;
use crate::extract::register::Rule;
use crate::extract::register::entities::FIELD_OF_A_REQUEST;
use crate::extract::register::returns::{
    COUNT_IN_DIGITS, IDENTIFIER_IN_DIGITS, MEASURE_IS_NUMBER, YES_OR_NO_IS_FLAG,
};
use crate::extract::rules::returns::resolve::names::FieldName;
use crate::schema::example;

/// The type of a text that stands for something else, before the documented one. `documented` is the type in a table.
pub(super) fn of(
    name: &FieldName,
    live: &[&Value],
    documented: Option<&Schema>,
    evidence: &[Evidence<Schema>],
) -> Option<(Schema, &'static Rule)> {
    let kind = evidence.first().and_then(|found| found.value.types.single());
    let is_text = kind == Some(JsonType::String);
    let is_plain = documented.is_none_or(is_plain);
    let sends_codes =
        evidence.iter().any(|found| *found.rule == FIELD_OF_A_REQUEST && !found.value.values.is_empty());
    if !sends_codes && is_flag(name, live, documented, kind) {
        let flag = Schema { format: Some("char".to_owned()), ..Schema::of(JsonType::Boolean) };
        return Some((flag, &YES_OR_NO_IS_FLAG));
    }
    let all = |is: fn(&Value) -> bool| !live.is_empty() && live.iter().all(|value| is(value));
    if kind == Some(JsonType::Boolean) && name.is_tally() && all(is_whole) {
        return Some((Schema::of(JsonType::Integer), &COUNT_IN_DIGITS));
    }
    if !is_text {
        return None;
    }
    if let Some(number) = sent_number(name, documented, evidence)
        && (all(if number == JsonType::Integer { is_whole } else { is_decimal })
            || live.is_empty() && documented.is_some_and(|documented| documented.types.0.contains(&number)))
    {
        return Some((Schema::of(number), &FIELD_OF_A_REQUEST));
    }
    if !is_plain {
        return None;
    }
    let is_number_key = live.is_empty() && name.is_number_key();
    if name.identifies() && !name.is_text_key() && (all(is_whole) || is_number_key) {
        Some((Schema::of(JsonType::Integer), &IDENTIFIER_IN_DIGITS))
    } else if name.is_measure() && all(is_decimal) {
        Some((Schema::of(JsonType::Number), &MEASURE_IS_NUMBER))
    } else if name.counts() && (documented.is_none() || !name.holds_letter_codes()) && all(is_whole) {
        Some((Schema::of(JsonType::Integer), &COUNT_IN_DIGITS))
    } else {
        None
    }
}

/// The number as which a request documents the field.
fn sent_number(
    name: &FieldName,
    documented: Option<&Schema>,
    evidence: &[Evidence<Schema>],
) -> Option<JsonType> {
    let format = documented.and_then(|documented| documented.format.as_deref());
    let sent = evidence.iter().filter(|found| *found.rule == FIELD_OF_A_REQUEST);
    let mut kinds = sent.filter_map(|found| found.value.types.single());
    let number = kinds.find(|kind| matches!(kind, JsonType::Integer | JsonType::Number));
    number.filter(|_| !name.is_text_key() && !matches!(format, Some("date" | "date-time")))
}

/// Whether `Y` and `N` are all that the examples show and the table lists.
fn is_flag(name: &FieldName, live: &[&Value], documented: Option<&Schema>, kind: Option<JsonType>) -> bool {
    let format = documented.and_then(|documented| documented.format.as_deref());
    let is_char = format == Some("char");
    let has_codes = documented.is_some_and(|documented| !documented.values.is_empty());
    if has_codes || name.holds_letter_codes() || format.is_some() && !is_char {
        return false;
    }
    let is_text = kind == Some(JsonType::String);
    match live.is_empty() {
        true => is_char || is_text && documented.is_some() && name.is_flag(),
        false => live.iter().all(|value| matches!(value.as_str(), Some("Y" | "N"))),
    }
}

/// Whether a table says no more than which JSON type a value has. A single letter may be a digit.
fn is_plain(documented: &Schema) -> bool {
    documented.format.as_deref().is_none_or(|format| format == "char")
}

/// An integer, or the text of one without a zero before it.
fn is_whole(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    value.is_i64() || is_number(text) && text.parse::<i64>().is_ok()
}

/// A number, or the text of one without a zero before it.
fn is_decimal(value: &Value) -> bool {
    value.is_number() || value.as_str().is_some_and(is_number)
}

fn is_number(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let whole = whole.strip_prefix('-').unwrap_or(whole);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    digits(whole) && digits(fraction) && (whole.len() == 1 || !whole.starts_with('0'))
}

/// The format of a text that is a date in every example, or by its TypeScript type, or by its name where no example shows it.
pub(super) fn date(name: &FieldName, typed: Option<&Schema>, live: &[&Value]) -> Option<&'static str> {
    let is_moment = typed.is_some_and(|typed| typed.format.as_deref() == Some("date-time"));
    if is_moment && live.iter().all(|value| value.is_string()) || live.is_empty() && name.is_date() {
        return Some("date-time");
    }
    let mut formats = live.iter().map(|value| value.as_str().and_then(example::date_format));
    let first = formats.next()??;
    let others: Option<Vec<&str>> = formats.collect();
    let format = if others?.iter().all(|format| *format == first) { first } else { "date-time" };
    Some(format).filter(|_| !name.holds_anything() || live.iter().all(|value| example::is_moment(value)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_of_numbers_have_no_zero_before_them() {
        for (value, whole, decimal) in [
            (json!("7"), true, true),
            (json!("0"), true, true),
            (json!("-7"), true, true),
            (json!(7), true, true),
            (json!("7.50"), false, true),
            (json!("0.5"), false, true),
            (json!("007"), false, false),
            (json!("7."), false, false),
            (json!("7 "), false, false),
            (json!("99999999999999999999"), false, true),
            (json!("7|EUR"), false, false),
            (json!(""), false, false),
            (json!(true), false, false),
        ] {
            assert_eq!((is_whole(&value), is_decimal(&value)), (whole, decimal), "{value}");
        }
    }
}
