//! What examples of responses show of the form of values, where it is not what the names of fields say: `shown.json`.
//!
//! The test below compares the file with the documentation in the folder that `BITRIX24_DOCS` names; with
//! `BITRIX24_PORTAL_SHOWN=FILE` it writes what the file should be.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::super::empty::Empty;

/// The methods of REST 2 with another form, by name in lower case.
static METHODS: LazyLock<BTreeMap<String, Shown>> =
    LazyLock::new(|| serde_json::from_str(include_str!("shown.json")).unwrap_or_default());

/// The fields of the results of a method with another form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Shown {
    /// Numbers.
    #[serde(skip_serializing_if = "Fields::is_none")]
    numbers: Fields,
    /// Numbers as text.
    #[serde(skip_serializing_if = "Fields::is_none")]
    texts: Fields,
    /// Flags as `true` and `false`.
    #[serde(skip_serializing_if = "Fields::is_none")]
    flags: Fields,
    /// Flags as `Y` and `N`.
    #[serde(skip_serializing_if = "Fields::is_none")]
    letters: Fields,
    /// Dates without time and zone.
    #[serde(skip_serializing_if = "Fields::is_none")]
    dates: Fields,
    /// Fields without a value that are `null`.
    #[serde(skip_serializing_if = "Fields::is_none")]
    null: Fields,
    /// Fields without a value that are an empty text.
    #[serde(skip_serializing_if = "Fields::is_none")]
    blank: Fields,
    /// Fields without a value that are `false`.
    #[serde(skip_serializing_if = "Fields::is_none")]
    no: Fields,
    /// Fields without a value that are an empty list.
    #[serde(skip_serializing_if = "Fields::is_none")]
    list: Fields,
}

/// Fields by their names, in any object of the result.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged)]
enum Fields {
    Named(BTreeSet<String>),
    /// `true`: all of them.
    All(bool),
}

impl Default for Fields {
    fn default() -> Self {
        Self::All(false)
    }
}

impl Fields {
    fn contain(&self, name: &str) -> bool {
        match self {
            Self::Named(names) => names.contains(name),
            Self::All(all) => *all,
        }
    }

    fn is_none(&self) -> bool {
        *self == Self::All(false)
    }
}

impl Shown {
    /// What is shown of a method. `None`: nothing that its names do not say.
    pub(super) fn of(method: &str) -> Option<&'static Self> {
        METHODS.get(method)
    }

    /// Whether the numbers of a field are texts. `None`: as its object has them.
    pub(super) fn has_text(&self, field: &str) -> Option<bool> {
        match (self.numbers.contain(field), self.texts.contain(field)) {
            (true, _) => Some(false),
            (_, true) => Some(true),
            _ => None,
        }
    }

    /// Whether the flag in a field is a letter. `None`: as its type says.
    pub(super) fn has_letter(&self, field: &str) -> Option<bool> {
        match (self.flags.contain(field), self.letters.contain(field)) {
            (true, _) => Some(false),
            (_, true) => Some(true),
            _ => None,
        }
    }

    /// How a field without a value is. `None`: as its type says.
    pub(super) fn empty(&self, field: &str) -> Option<Empty> {
        let all = [
            (&self.null, Empty::Null),
            (&self.blank, Empty::Text),
            (&self.no, Empty::False),
            (&self.list, Empty::List),
        ];
        all.into_iter().find(|(fields, _)| fields.contain(field)).map(|(_, empty)| empty)
    }

    /// Whether the date in a field has neither time nor zone.
    pub(super) fn has_date(&self, field: &str) -> bool {
        self.dates.contain(field)
    }
}

#[cfg(test)]
mod tests;
