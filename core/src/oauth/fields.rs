//! Fields of requests and responses with tokens: strings and numbers in any form.

use serde_json::{Map, Value};

/// The word that scripts in the pages of a portal send for a missing part.
const MISSING: &str = "undefined";

/// The string under a name; `None` if it is empty or the word for a missing part.
pub(super) fn string<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    let text = fields.get(name)?.as_str()?.trim();
    Some(text).filter(|text| !text.is_empty() && *text != MISSING)
}

/// The same string, or a number as its digits.
pub(super) fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<std::borrow::Cow<'a, str>> {
    match fields.get(name)? {
        Value::Number(number) => Some(number.to_string().into()),
        _ => string(fields, name).map(Into::into),
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
