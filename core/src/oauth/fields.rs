//! Reading the fields of a request or an answer about tokens: texts and numbers in whatever form they come.

use serde_json::{Map, Value};

/// The text under a name, a number as its digits; an empty text is none.
pub(super) fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<std::borrow::Cow<'a, str>> {
    match fields.get(name)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().into()),
        Value::Number(number) => Some(number.to_string().into()),
        _ => None,
    }
}

/// The same text on its own, for a field of a type.
pub(super) fn owned(fields: &Map<String, Value>, name: &str) -> Option<Box<str>> {
    text(fields, name).map(Box::from)
}

/// The number under a name that is above zero: an identifier, a moment or a span in seconds. A broken part is cut off.
pub(super) fn number(fields: &Map<String, Value>, name: &str) -> Option<u64> {
    let text = text(fields, name)?;
    let whole = text.split('.').next().unwrap_or_default();
    whole.parse().ok().filter(|number| *number > 0)
}
