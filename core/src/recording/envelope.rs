//! The shape of a response.

use serde_json::Value;

use super::error_code::is_code;
use super::shapes;
use super::shapes::whole_object_with;

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

fn code(code: &Value) -> Value {
    if is_code(code) { code.clone() } else { shapes::shape(code) }
}
