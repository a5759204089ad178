//! The failure of a list that cannot be read to its end.

use crate::error::{ErrorKind, Failure};

/// A list that has not ended and cannot be read further.
pub(super) fn incomplete(text: &str) -> Failure {
    let text = format!("{text}; the list is incomplete and contains at least the rows read so far");
    Failure::new(ErrorKind::IncompleteList, text)
}
