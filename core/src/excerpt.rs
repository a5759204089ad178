//! Excerpts of long texts.

use std::borrow::Cow;

/// The first `limit` characters of a text, with an ellipsis if it is longer.
///
/// Errors keep the portal's text whole and cut it only when it is shown: an earlier cut could leave half of a secret, which
/// redaction would not recognize.
pub(crate) fn excerpt(text: &str, limit: usize) -> Cow<'_, str> {
    match text.char_indices().nth(limit) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}
