//! The queue in the data file.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use serde_json::json;

use super::{Queue, Row};
use crate::data::{Change, Data, Section};

/// The keys of the last numbers in the section of the portal.
const LAST: &[u8] = b"queue";

impl Queue {
    /// The events that waited before the start.
    ///
    /// # Errors
    /// The file with them cannot be read.
    pub(in crate::bindings) fn load(data: &Data) -> io::Result<Self> {
        let rows = data.scan(Section::Queue, b"")?.into_iter();
        let rows = rows.filter_map(|(_, row)| serde_json::from_slice::<Row>(&row).ok());
        let rows: BTreeMap<i64, Row> = rows.map(|row| (row.id, row)).collect();
        let free =
            rows.values().filter(|row| row.process.is_empty()).map(|row| (row.key(), row.id)).collect();
        let last = data.get(Section::Portal, LAST)?.and_then(|last| serde_json::from_slice(&last).ok());
        let (last, last_process) = last.unwrap_or_default();
        Ok(Self { rows, free, last, last_process, changed: BTreeSet::new() })
    }

    /// What changed since this was called before, as changes of the file.
    pub(in crate::bindings) fn take_changes(&mut self) -> Vec<Change> {
        let changed = std::mem::take(&mut self.changed);
        let mut changes = Vec::new();
        if !changed.is_empty() {
            let last = json!([self.last, self.last_process]).to_string();
            changes.push(Change::set(Section::Portal, LAST, last));
        }
        changes.extend(changed.into_iter().map(|id| {
            let key = id.to_be_bytes();
            match self.rows.get(&id).and_then(|row| serde_json::to_vec(row).ok()) {
                Some(row) => Change::set(Section::Queue, key, row),
                None => Change::removed(Section::Queue, key),
            }
        }));
        changes
    }

    /// Removes all events.
    pub(in crate::bindings) fn empty(&mut self) {
        self.changed.extend(std::mem::take(&mut self.rows).into_keys());
        self.free.clear();
    }
}
