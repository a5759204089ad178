//! Fields that a method of REST 3 rejects.

use std::fmt;

use crate::excerpt::excerpt;

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
        Self { field: field.into(), message: message.into() }
    }

    /// Passes both texts through `redact_text`, which removes secrets.
    pub(super) fn redact(self, redact_text: &dyn Fn(&str) -> String) -> Self {
        Self::new(redact_text(&self.field), redact_text(&self.message))
    }
}

/// How many characters of a reason are shown.
const SHOWN: usize = 200;

impl fmt::Display for InvalidField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = excerpt(&self.message, SHOWN);
        if self.field.is_empty() { f.write_str(&message) } else { write!(f, "{}: {message}", self.field) }
    }
}
