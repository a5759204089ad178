//! What a method is called with, and what it returns.

use serde_json::{Map, Value};

/// The parameters of a call by name.
pub(crate) type Params = Map<String, Value>;

/// A successful result, with the other members of its response.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    pub(crate) result: Value,
    pub(crate) total: Option<usize>,
    pub(crate) next: Option<usize>,
}

impl Answer {
    pub(crate) fn of(result: Value) -> Self {
        Self { result, ..Self::default() }
    }
}
