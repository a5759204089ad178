//! Fields of requests and responses with tokens: strings and numbers in any form.

use serde_json::{Map, Value};

/// The string under a name, a number as its digits; `None` if it is empty.
pub(super) fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<std::borrow::Cow<'a, str>> {
    match fields.get(name)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().into()),
        Value::Number(number) => Some(number.to_string().into()),
        _ => None,
    }
}

/// The same string, owned.
pub(super) fn owned(fields: &Map<String, Value>, name: &str) -> Option<Box<str>> {
    text(fields, name).map(Box::from)
}

/// The positive number under a name: an identifier, a time or a duration in seconds. A fraction is dropped.
pub(super) fn number(fields: &Map<String, Value>, name: &str) -> Option<u64> {
    let text = text(fields, name)?;
    let whole = text.split('.').next().unwrap_or_default();
    whole.parse().ok().filter(|number| *number > 0)
}
