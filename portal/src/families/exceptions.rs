//! What the names of methods do not say.

use std::collections::HashMap;

use serde::Deserialize;

const FILE: &str = include_str!("exceptions.json");

/// Exceptions by the prefix of the methods.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Exceptions(HashMap<String, Exception>);

/// What is special about the methods with a prefix.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exception {
    /// The field with the identifier.
    pub(super) id: Option<String>,
    /// The roles of methods by the last word of their names. `none`: no state.
    #[serde(default)]
    pub(super) roles: HashMap<String, String>,
    /// Whether no method shows the rows, which matter to the portal.
    #[serde(default)]
    pub(super) unread: bool,
}

impl Exceptions {
    pub(super) fn embedded() -> Self {
        serde_json::from_str(FILE).unwrap_or_default()
    }

    /// The exception of a prefix.
    pub(super) fn of(&self, prefix: &str) -> Option<&Exception> {
        self.0.get(prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read() {
        assert!(!Exceptions::embedded().0.is_empty());
    }
}
