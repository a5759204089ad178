//! The coercions of PHP between JSON values.

use serde_json::Value;

use crate::descriptor::JsonType;

/// Whether PHP coerces a value to a type.
pub(super) fn php_coerces_to(value: &Value, wanted: JsonType) -> bool {
    match (wanted, value) {
        (JsonType::Null, value) => is_nothing(value),
        (JsonType::Boolean, Value::Bool(_)) => true,
        (JsonType::Boolean, Value::Number(number)) => matches!(number.as_i64(), Some(0 | 1)),
        (JsonType::Boolean, Value::String(text)) => ["Y", "N", "1", "0", "true", "false", ""]
            .iter()
            .any(|form| form.eq_ignore_ascii_case(text.trim())),
        (JsonType::Integer, Value::Number(number)) => {
            number.is_i64() || number.is_u64() || number.as_f64().is_some_and(|number| number.fract() == 0.0)
        }
        (JsonType::Number, Value::Number(_)) => true,
        (JsonType::Integer | JsonType::Number, Value::String(text)) if text.is_empty() => true,
        (JsonType::Integer, Value::String(text)) => text.trim().parse::<i64>().is_ok(),
        (JsonType::Number, Value::String(text)) => text.trim().parse::<f64>().is_ok_and(f64::is_finite),
        // PHP casts booleans to 1 and 0, and an empty string to 0.
        (JsonType::Integer | JsonType::Number, Value::Bool(_)) => true,
        (JsonType::String, Value::String(_) | Value::Number(_) | Value::Bool(_)) => true,
        // A PHP array is a list or an object, depending on its keys.
        (JsonType::Array | JsonType::Object, Value::Array(_) | Value::Object(_)) => true,
        (_, Value::Null) => true,
        _ => false,
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

/// Whether a string is a placeholder for the reader: `**put_id_here**`, `<id>`, `your_id`, `…`.
pub(super) fn is_placeholder(value: &Value) -> bool {
    let Value::String(text) = value else { return false };
    let text = text.trim();
    let lower = text.to_lowercase();
    text.starts_with("**")
        || (text.starts_with('<') && text.ends_with('>'))
        || (text.starts_with('{') && text.ends_with('}'))
        || matches!(text, "..." | "…")
        || text.starts_with('$')
        || lower.starts_with("put_")
        || lower.starts_with("your_")
        || lower.contains("_here")
}

/// Removes the filter operators before a name: `>=DATE`, `!%NAME`.
pub(super) fn strip_operators(name: &str) -> &str {
    name.trim_start_matches(['>', '<', '=', '!', '%', '@', '*', '?', '+', '~', '-', '^'])
}

/// Describes a value in a message.
pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Object(map) => format!("an object with {} keys", map.len()),
        Value::String(text) => {
            const SHOWN: usize = 40;
            match text.char_indices().nth(SHOWN) {
                Some((end, _)) => format!("\"{}…\"", text.get(..end).unwrap_or_default()),
                None => format!("{text:?}"),
            }
        }
        scalar => scalar.to_string(),
    }
}

/// Describes a type in a message.
pub(super) fn type_phrase(json_type: JsonType) -> &'static str {
    match json_type {
        JsonType::Null => "null",
        JsonType::Boolean => "a boolean",
        JsonType::Integer => "an integer",
        JsonType::Number => "a number",
        JsonType::String => "a string",
        JsonType::Array => "a list",
        JsonType::Object => "an object",
    }
}
