//! Rows that a call has changed, and the events that follow.

mod data;
mod subject;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use serde_json::Value;

pub(crate) use data::data;
pub(crate) use subject::Subjects;

/// How many changes of one call raise events.
const MAX_CHANGES: usize = 10_000;

/// The changes of a call.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// Whether they matter. If not, none is kept.
    pub(crate) watched: bool,
    list: Vec<Change>,
}

/// A row that was changed.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) kind: Kind,
    /// The name of the table, and the prefix of the methods.
    pub(crate) names: [String; 2],
    /// The kind of the row among those behind the same methods: `deal`; empty for one that users define. `None`: there are no kinds.
    pub(crate) of: Option<String>,
    /// The parameters that chose the table, folded.
    pub(crate) partition: HashMap<String, String>,
    /// The identifier.
    pub(crate) id: Value,
    /// The fields by their folded names: after the change, or before a removal.
    pub(crate) fields: HashMap<String, Value>,
}

/// What happened to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Add,
    Update,
    Delete,
}

impl Changes {
    /// Keeps a change, if changes matter.
    pub(crate) fn push(&mut self, change: impl FnOnce() -> Option<Change>) {
        if self.watched && self.list.len() < MAX_CHANGES {
            self.list.extend(change());
        }
    }

    /// The changes since the last time.
    pub(crate) fn take(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.list)
    }
}
