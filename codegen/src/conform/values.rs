//! Values and types of requests in words, and placeholders in examples.

use serde_json::Value;

use crate::descriptor::JsonType;

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
