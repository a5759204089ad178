//! The parts of a value, and its text.

use std::borrow::Cow;

use serde_core::de::Visitor;

use super::error::ReadError;
use crate::wire::{JsonKind, JsonRef};

/// Passes the text of a string, which is borrowed unless it contains escapes.
pub(super) fn visit_text<'de, V: Visitor<'de>>(
    json: JsonRef<'de>,
    visitor: V,
) -> Result<V::Value, ReadError> {
    match json.string().unwrap_or_default() {
        Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
        Cow::Owned(text) => visitor.visit_string(text),
    }
}

/// The parts of a value with their keys; a value without parts has none.
pub(super) type Parts<'de> = Box<dyn Iterator<Item = (Cow<'de, str>, JsonRef<'de>)> + 'de>;

pub(super) fn parts(json: JsonRef<'_>) -> Parts<'_> {
    match json.kind() {
        JsonKind::Array => {
            Box::new(json.items().enumerate().map(|(index, item)| (index.to_string().into(), item)))
        }
        _ => Box::new(json.entries()),
    }
}
