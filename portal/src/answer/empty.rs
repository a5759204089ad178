//! The forms of a field without a value.

use serde_json::{Value, json};

/// How "nothing" is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Empty {
    List,
    No,
    Text,
    False,
    Null,
}

impl Empty {
    /// The value.
    pub(super) fn value(self) -> Value {
        match self {
            Self::List => json!([]),
            Self::No => "N".into(),
            Self::Text => "".into(),
            Self::False => false.into(),
            Self::Null => Value::Null,
        }
    }

    /// The value as JSON.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::List => "[]",
            Self::No => "\"N\"",
            Self::Text => "\"\"",
            Self::False => "false",
            Self::Null => "null",
        }
    }
}
