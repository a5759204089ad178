//! What a method of REST 3 has against a field.

use std::fmt;

use crate::excerpt::excerpt;

/// A field that a method of REST 3 refused, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Invalid {
    /// The field, as the portal names it: `fields.deadline`; empty where it names none.
    pub field: Box<str>,
    /// The portal's reason, in the language of the portal.
    pub message: Box<str>,
}

impl Invalid {
    pub(crate) fn new(field: impl Into<Box<str>>, message: impl Into<Box<str>>) -> Self {
        Self { field: field.into(), message: message.into() }
    }

    /// The same with both texts passed through `scrub`, which takes secrets out of them.
    pub(super) fn scrubbed(self, scrub: &dyn Fn(&str) -> String) -> Self {
        Self::new(scrub(&self.field), scrub(&self.message))
    }
}

/// How much of a reason is shown, in characters.
const SHOWN: usize = 200;

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = excerpt(&self.message, SHOWN);
        if self.field.is_empty() { f.write_str(&message) } else { write!(f, "{}: {message}", self.field) }
    }
}
