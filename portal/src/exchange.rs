//! What a method is called with, and what it returns.

use serde_json::{Map, Value, json};

/// The parameters of a call by name.
pub(crate) type Params = Map<String, Value>;

/// A successful result, with the other members of its response.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Answer {
    /// The result.
    pub result: Value,
    /// How many rows there are in all, if the result is a page of a list.
    pub total: Option<usize>,
    /// The `start` of the next page.
    pub next: Option<usize>,
    /// The identifiers of the rows that it is about.
    pub(crate) ids: Vec<i64>,
}

impl Answer {
    /// A result.
    pub fn of(result: Value) -> Self {
        Self { result, ..Self::default() }
    }

    /// The result as a member of an object, as in `{"items": […]}`.
    pub fn within(self, name: &str) -> Self {
        Self { result: json!({name: self.result}), ..self }
    }

    /// A result about rows.
    pub(crate) fn about(ids: Vec<i64>, result: Value) -> Self {
        Self { ids, ..Self::of(result) }
    }
}

impl From<Value> for Answer {
    fn from(result: Value) -> Self {
        Self::of(result)
    }
}
