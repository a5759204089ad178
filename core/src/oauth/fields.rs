//! Fields of requests and responses with tokens: strings and numbers in any form.

use std::borrow::Cow;

use crate::wire::JsonRef;

/// The word that scripts in the pages of a portal send for a missing part.
const MISSING: &str = "undefined";

/// The string under a name; `None` if it is empty or the word for a missing part.
pub(super) fn string<'a>(fields: JsonRef<'a>, name: &str) -> Option<Cow<'a, str>> {
    present(fields.field(name)?)
}

/// The same string, or a number as its digits.
pub(super) fn text<'a>(fields: JsonRef<'a>, name: &str) -> Option<Cow<'a, str>> {
    let field = fields.field(name)?;
    field.number().map(Cow::Borrowed).or_else(|| present(field))
}

fn present(field: JsonRef<'_>) -> Option<Cow<'_, str>> {
    let text = match field.string()? {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    };
    Some(text).filter(|text| !text.is_empty() && text != MISSING)
}

/// The same string, owned.
pub(super) fn owned(fields: JsonRef<'_>, name: &str) -> Option<Box<str>> {
    text(fields, name).map(Box::from)
}

/// The positive number under a name: an identifier, a time or a duration in seconds. A fraction is dropped.
pub(super) fn number(fields: JsonRef<'_>, name: &str) -> Option<u64> {
    let text = text(fields, name)?;
    let whole = text.split('.').next().unwrap_or_default();
    whole.parse().ok().filter(|number| *number > 0)
}
