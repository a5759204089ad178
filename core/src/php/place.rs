//! The place of a value in parameters.

use std::fmt;

/// The place of a value in parameters, which is shown as PHP writes it: `fields[PHONE][0]`. It is a list from the value upwards, so
/// that only an error costs a text.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    above: Option<&'a Place<'a>>,
    key: Key<'a>,
    /// How many brackets it has.
    pub(crate) depth: usize,
}

#[derive(Clone, Copy)]
enum Key<'a> {
    Name(&'a str),
    Index(usize),
}

impl<'a> Place<'a> {
    /// A parameter.
    pub(crate) fn top(name: &'a str) -> Self {
        Self { above: None, key: Key::Name(name), depth: 0 }
    }

    /// A field of the object at this place.
    pub(crate) fn field(&'a self, name: &'a str) -> Self {
        Self { above: Some(self), key: Key::Name(name), depth: self.depth + 1 }
    }

    /// An item of the list at this place.
    pub(crate) fn item(&'a self, index: usize) -> Self {
        Self { above: Some(self), key: Key::Index(index), depth: self.depth + 1 }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.above, self.key) {
            (None, Key::Name(name)) => f.write_str(name),
            (None, Key::Index(index)) => write!(f, "{index}"),
            (Some(above), Key::Name(name)) => write!(f, "{above}[{name}]"),
            (Some(above), Key::Index(index)) => write!(f, "{above}[{index}]"),
        }
    }
}
