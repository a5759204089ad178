//! Showing the beginning of a text that may be long.

use std::borrow::Cow;

/// The first `limit` characters of a text, with an ellipsis where there is more.
///
/// Errors keep a portal's text whole and cut it here, when it is shown: a cut made earlier could leave half of a secret that
/// nobody recognises any more.
pub(crate) fn excerpt(text: &str, limit: usize) -> Cow<'_, str> {
    match text.char_indices().nth(limit) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}
