//! The shape of a response.

use serde_json::Value;

use super::shapes;
use super::shapes::whole_object_with;

/// A longer text is no code.
const MAX_CODE: usize = 100;

/// The shape of an envelope: that of any value, with the code of an error.
pub(super) fn shape(body: &Value) -> Value {
    let Value::Object(envelope) = body else { return shapes::shape(body) };
    whole_object_with(envelope, |key, value| if key == "error" { error(value) } else { shapes::shape(value) })
}

/// The error of an envelope: a code, or the object of REST 3.
fn error(error: &Value) -> Value {
    match error {
        Value::Object(parts) => whole_object_with(parts, |key, value| {
            if matches!(key, "code" | "error") { code(value) } else { shapes::shape(value) }
        }),
        other => code(other),
    }
}

/// The code of an error, which stays, unless it is a sentence.
pub(super) fn code(code: &Value) -> Value {
    let is_code = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '\\');
    match code {
        Value::String(text) if text.len() <= MAX_CODE && text.chars().all(is_code) => code.clone(),
        Value::Number(_) => code.clone(),
        other => shapes::shape(other),
    }
}
