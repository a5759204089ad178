//! The type of an example value.

use std::collections::HashMap;

use indexmap::IndexMap;
use serde_json::Value;

use super::join::join;
use crate::descriptor::{JsonType, Schema};

/// The schema that an example shows. `null` and a placeholder show nothing, and an empty list nothing about its items; what
/// shows nothing contradicts nothing.
pub(crate) fn schema_of(example: &Value) -> Schema {
    match example {
        Value::Null => Schema::default(),
        Value::Bool(_) => Schema::of(JsonType::Boolean),
        Value::Number(number) if number.is_i64() || number.is_u64() => Schema::of(JsonType::Integer),
        Value::Number(_) => Schema::of(JsonType::Number),
        Value::String(text) if is_placeholder(text) => Schema::default(),
        Value::String(text) => {
            let format = is_date_time(text).then(|| "date-time".to_owned());
            Schema { format, ..Schema::of(JsonType::String) }
        }
        Value::Array(items) => {
            let items = items.iter().map(schema_of).reduce(join).filter(|items| !items.is_unknown());
            Schema { items: items.map(Box::new), ..Schema::of(JsonType::Array) }
        }
        Value::Object(fields) => {
            let properties: IndexMap<_, _> =
                fields.iter().map(|(name, value)| (name.clone(), schema_of(value))).collect();
            Schema { properties, ..Schema::of(JsonType::Object) }
        }
    }
}

/// The types of the parameters in the bodies of example requests.
pub(crate) fn parameters_of(bodies: &[Value]) -> HashMap<String, Schema> {
    let mut types: HashMap<String, Schema> = HashMap::new();
    for (name, value) in bodies.iter().filter_map(Value::as_object).flatten() {
        let known = types.remove(name).unwrap_or_default();
        types.insert(name.clone(), join(known, schema_of(value)));
    }
    types
}

/// Whether a text is a placeholder for a value that the caller has to fill in.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let marked = |open: &str, close: &str| text.len() > 2 && text.starts_with(open) && text.ends_with(close);
    marked("**", "**") || marked("<", ">") || marked("{", "}")
}

/// Whether a text is a date-time with its offset from UTC, as the portal writes it.
fn is_date_time(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    matches!(
        shape.as_str(),
        "0000-00-00T00:00:00+00:00" | "0000-00-00T00:00:00-00:00" | "0000-00-00T00:00:00Z"
    )
}

/// Whether an example is a date-time with its offset from UTC.
pub(crate) fn is_moment(example: &Value) -> bool {
    example.as_str().is_some_and(is_date_time)
}

/// The format of a text that is a date or a date-time in a form that portals write: with or without an offset, seconds and
/// fractions, and in the order of the portal's language.
pub(crate) fn date_format(text: &str) -> Option<&'static str> {
    const DAYS: [&str; 4] = ["0000-00-00", "00.00.0000", "00/00/0000", "0000/00/00"];
    const TIMES: [&str; 3] = ["00:00:00", "00:00", "0:00:00"];
    let shape: String = text.trim().chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let rest = DAYS.iter().find_map(|day| shape.strip_prefix(day))?;
    if rest.is_empty() {
        return Some("date");
    }
    let time = rest.strip_prefix(['T', ' '])?;
    let rest = TIMES.iter().find_map(|form| time.strip_prefix(form))?;
    let fraction = rest.strip_prefix('.').map(|fraction| fraction.trim_start_matches('0'));
    let zone = fraction.unwrap_or(rest);
    let is_zone = matches!(zone, "" | "Z" | "+00:00" | "-00:00" | "+0000" | "-0000");
    (is_zone || matches!(zone.trim().to_ascii_lowercase().as_str(), "am" | "pm")).then_some("date-time")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(examples: &[Value]) -> Value {
        let schema = examples.iter().map(schema_of).reduce(join).unwrap_or_default();
        serde_json::to_value(schema).unwrap()
    }

    #[test]
    fn an_example_shows_its_type() {
        for (examples, schema) in [
            (json!([7]), json!({"type": "integer"})),
            (json!([7, 7.5]), json!({"type": "number"})),
            (json!([7, "7"]), json!({"type": ["integer", "string"]})),
            (json!([null, true]), json!({"type": "boolean"})),
            (json!([[]]), json!({"type": "array"})),
            (
                json!([[{"a": 1}, {"b": "x"}]]),
                json!({"type": "array", "items": {"type": "object",
                "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}}}),
            ),
            (json!(["2026-03-01T10:00:00+03:00"]), json!({"type": "string", "format": "date-time"})),
            (json!(["2026-03-01T10:00:00+03:00", ""]), json!({"type": "string"})),
            (json!(["**put_token_here**"]), json!({})),
        ] {
            assert_eq!(shown(examples.as_array().unwrap()), schema, "{examples}");
        }
    }

    #[test]
    fn dates_are_recognized_in_the_forms_that_portals_write() {
        for (text, format) in [
            ("2026-03-01", Some("date")),
            ("01.03.2026", Some("date")),
            ("2026-03-01 10:00:00", Some("date-time")),
            ("01.03.2026 10:00:00", Some("date-time")),
            ("03/01/2026 10:00:00 am", Some("date-time")),
            ("2026-03-01T10:00:00+03:00", Some("date-time")),
            ("2026-03-01T10:00:00.000Z", Some("date-time")),
            ("2026-03-01T10:00:00.000000+0300", Some("date-time")),
            ("03/01/2026;03/02/2026", None),
            ("10:00:00", None),
            ("12-31", None),
            ("2026", None),
            ("", None),
        ] {
            assert_eq!(date_format(text), format, "{text}");
        }
    }
}
