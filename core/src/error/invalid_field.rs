//! Fields that a method of REST 3 rejects.

use std::fmt;

use crate::excerpt::{bounded, excerpt};

/// A field that a method of REST 3 rejected, and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidField {
    /// The field as the portal names it: `fields.deadline`; empty if it names none.
    pub field: Box<str>,
    /// The portal's reason, in the language of the portal.
    pub message: Box<str>,
}

impl InvalidField {
    pub(crate) fn new(field: impl Into<Box<str>>, message: impl Into<Box<str>>) -> Self {
        Self { field: bounded(field.into(), MAX_TEXT), message: bounded(message.into(), MAX_TEXT) }
    }

    /// Passes both texts through `redact_text`, which removes secrets.
    pub(super) fn redact(self, redact_text: &dyn Fn(&str) -> String) -> Self {
        Self::new(redact_text(&self.field), redact_text(&self.message))
    }
}

/// How many bytes of a text are kept.
const MAX_TEXT: usize = 4 << 10;

/// How many characters of a text are shown.
const SHOWN: usize = 200;

impl fmt::Display for InvalidField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = excerpt(&self.message, SHOWN);
        if self.field.is_empty() {
            f.write_str(&message)
        } else {
            write!(f, "{}: {message}", excerpt(&self.field, SHOWN))
        }
    }
}
