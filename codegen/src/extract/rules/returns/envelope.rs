//! The envelope of a response: the result, and what pages show beside or inside of it.

use serde_json::{Map, Value};

/// The parts of a response.
#[derive(Debug, Default)]
pub(crate) struct Envelope {
    /// The result, without a timing object that a page shows inside of it.
    pub(crate) result: Value,
    /// The timing object.
    pub(crate) time: Option<Value>,
    /// Whether the offset of the following page is among the parts.
    pub(crate) next: bool,
    /// Whether the number of all rows is among the parts.
    pub(crate) total: bool,
    /// Whether the timing object was inside of the result.
    pub(crate) has_timing_inside: bool,
}

impl Envelope {
    /// Takes a response with `result` apart.
    pub(crate) fn of(mut envelope: Map<String, Value>) -> Self {
        let mut result = envelope.shift_remove("result").unwrap_or_default();
        let mut time = envelope.shift_remove("time").filter(is_time);
        let mut has_timing_inside = false;
        if let Value::Object(fields) = &mut result
            && fields.get("time").is_some_and(is_time)
        {
            has_timing_inside = true;
            let inside = fields.shift_remove("time");
            time = time.or(inside);
        }
        let (next, total) = (envelope.contains_key("next"), envelope.contains_key("total"));
        Self { result, time, next, total, has_timing_inside }
    }

    /// Takes a response apart whose `result` is left out: its fields are those of the result and of the envelope.
    pub(crate) fn bare(value: Value) -> Self {
        let mut envelope = Map::new();
        let result = match value {
            Value::Object(mut fields) => {
                for key in ["time", "next", "total"] {
                    if let Some(of_envelope) = fields.shift_remove(key) {
                        envelope.insert(key.to_owned(), of_envelope);
                    }
                }
                Value::Object(fields)
            }
            value => value,
        };
        envelope.insert("result".to_owned(), result);
        Self::of(envelope)
    }
}

/// Whether a value is the timing object of a call.
fn is_time(value: &Value) -> bool {
    value.get("start").is_some()
        && (value.get("finish").is_some()
            || value.get("duration").is_some()
            || value.get("date_start").is_some())
}
