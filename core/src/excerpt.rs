//! Excerpts of long texts.

use std::borrow::Cow;

/// The first `limit` characters of a text, with an ellipsis if it is longer.
///
/// Errors keep much more of a text than they show, and cut it again when it is shown, after redaction: a cut leaves a part of a
/// secret, and redaction does not recognize a short one.
pub(crate) fn excerpt(text: &str, limit: usize) -> Cow<'_, str> {
    match text.char_indices().nth(limit) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// The text, or its first `limit` bytes with an ellipsis if it is longer.
pub(crate) fn bounded(text: Box<str>, limit: usize) -> Box<str> {
    if text.len() <= limit {
        return text;
    }
    let end = (0..=limit).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    format!("{}…", &text[..end]).into()
}
