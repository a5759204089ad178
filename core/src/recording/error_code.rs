//! The code of an error, which recorded lines keep.

use serde_json::Value;

/// A longer text is no code.
const MAX_LENGTH: usize = 100;

/// Whether a value is the code of an error and not a sentence.
pub(super) fn is_code(value: &Value) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '\\');
    match value {
        Value::String(text) => text.len() <= MAX_LENGTH && text.chars().all(is_part),
        Value::Number(_) => true,
        _ => false,
    }
}
