//! Rows in memory, of any entity.

mod cell;
mod compare;
mod condition;
mod order;
mod query;
mod row;
mod table;
mod written;

use std::collections::{HashMap, HashSet};
use std::io;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

pub(crate) use compare::{View, compare, timestamp, total_order};
pub(crate) use condition::Filter;
pub(crate) use order::Order;
pub(crate) use row::{Field, Row, RowEvent, last_value};
pub(crate) use table::{ColumnsVersion, Table};
pub(crate) use written::{RowForm, RowTexts};

use crate::data::{Change, Data, Section};

/// All tables, by name and the values of their partition.
#[derive(Debug, Default)]
pub(crate) struct Store {
    tables: HashMap<TableKey, Table>,
    /// The tables that may have changed.
    touched: HashSet<TableKey>,
    /// Where rows are after a restart.
    data: Data,
    /// Tables that came into being, as changes of the file.
    created: Vec<Change>,
}

/// A table: its name, and the values that choose one of several with this name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct TableKey {
    pub(crate) name: String,
    pub(crate) partition: Vec<String>,
}

impl TableKey {
    /// The only table with a name.
    pub(crate) fn of(name: &str) -> Self {
        Self { name: name.to_owned(), partition: Vec::new() }
    }
}

/// The rows with which a table begins.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct TableStart {
    /// Whether it has those that every portal has.
    pub(crate) basic: bool,
    /// How many rows it has with plausible ones.
    pub(crate) samples: usize,
}

/// A row that changed.
#[derive(Clone, Debug)]
pub(crate) struct RowChange {
    pub(crate) table: TableKey,
    pub(crate) id: i64,
    pub(crate) event: RowEvent,
    /// The fields that the row had, if it was removed.
    pub(crate) removed: Option<Map<String, Value>>,
}

impl TableKey {
    fn to_bytes(&self) -> Vec<u8> {
        // JSON has no line break.
        format!("{}\n", json!([self.name, self.partition])).into_bytes()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (name, partition) = serde_json::from_slice(bytes).ok()?;
        Some(Self { name, partition })
    }

    fn row(&self, id: i64) -> Vec<u8> {
        [self.to_bytes().as_slice(), &id.to_be_bytes()].concat()
    }
}

impl Store {
    pub(crate) fn new(data: Data) -> Self {
        Self { data, ..Self::default() }
    }

    /// A table, or `None` if it was not used since the start.
    pub(crate) fn get(&self, key: &TableKey) -> Option<&Table> {
        self.tables.get(key)
    }

    /// A table that may be changed.
    pub(crate) fn get_mut(&mut self, key: &TableKey) -> Option<&mut Table> {
        let table = self.tables.get_mut(key)?;
        if !self.touched.contains(key) {
            self.touched.insert(key.clone());
        }
        Some(table)
    }

    /// The rows with which a table began when it was used first. `None`: it was never used.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn created_with(&self, key: &TableKey) -> io::Result<Option<TableStart>> {
        let kept = self.data.get(Section::Tables, &key.to_bytes())?;
        Ok(kept.and_then(|kept| serde_json::from_slice(&kept).ok()))
    }

    /// Adds a table with the rows that it has at the beginning, and what happened to them before the start.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn insert(&mut self, key: TableKey, mut table: Table, first: TableStart) -> io::Result<()> {
        let prefix = key.to_bytes();
        for (row, fields) in self.data.scan(Section::Rows, &prefix)? {
            let id = row.get(prefix.len()..).and_then(|id| id.try_into().ok()).map(i64::from_be_bytes);
            let fields = if fields.is_empty() { None } else { Some(read_fields(&fields)?) };
            table.restore(id.ok_or_else(damaged)?, fields);
        }
        if self.data.is_kept() {
            self.created.push(Change::set(Section::Tables, prefix, json!(first).to_string()));
        }
        self.tables.insert(key, table);
        Ok(())
    }

    /// The tables with a name that were used, before the start too.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn keys(&self, name: &str) -> io::Result<Vec<TableKey>> {
        let mut keys = self.all_keys()?;
        keys.retain(|key| key.name.eq_ignore_ascii_case(name));
        Ok(keys)
    }

    fn all_keys(&self) -> io::Result<Vec<TableKey>> {
        let kept = self.data.scan(Section::Tables, b"")?;
        let kept = kept.iter().filter_map(|(key, _)| TableKey::from_bytes(key));
        let mut keys: Vec<TableKey> = self.tables.keys().cloned().chain(kept).collect();
        keys.sort();
        keys.dedup();
        Ok(keys)
    }

    /// All rows of a table.
    pub(crate) fn rows(&self, key: &TableKey) -> Vec<Map<String, Value>> {
        self.tables.get(key).map(Table::all).unwrap_or_default()
    }

    /// A table, whose name is compared without case.
    pub(crate) fn find(&self, key: &TableKey) -> Option<&Table> {
        let same = |(of, _): &(&TableKey, &Table)| {
            of.name.eq_ignore_ascii_case(&key.name) && of.partition == key.partition
        };
        self.tables.iter().find(same).map(|(_, table)| table)
    }

    /// All tables, sorted, with the number of their rows. `None`: it was used before the start only.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn sizes(&self) -> io::Result<Vec<(TableKey, Option<usize>)>> {
        let size = |key: TableKey| {
            let rows = self.tables.get(&key).map(Table::len);
            (key, rows)
        };
        Ok(self.all_keys()?.into_iter().map(size).collect())
    }

    /// The greatest identifier of a row in the tables with a name.
    pub(crate) fn last_id(&self, name: &str) -> Option<i64> {
        let named = self.tables.iter().filter(|(key, _)| key.name.eq_ignore_ascii_case(name));
        named.filter_map(|(_, table)| table.range(0, i64::MAX).next_back()).map(|(id, _)| id).max()
    }

    /// The rows that changed since this was called before: the only place that knows.
    pub(crate) fn take_changes(&mut self) -> Vec<RowChange> {
        let mut changes = Vec::new();
        for key in self.touched.drain() {
            let Some(table) = self.tables.get_mut(&key) else { continue };
            let events = table.take_changes().into_iter();
            changes.extend(events.map(|(id, event, removed)| RowChange {
                table: key.clone(),
                id,
                event,
                removed,
            }));
        }
        changes
    }

    /// Changes of rows, and of what tables there are, as changes of the file.
    pub(crate) fn changes_of(&mut self, changes: &[RowChange]) -> Vec<Change> {
        let mut kept = std::mem::take(&mut self.created);
        if self.data.is_kept() {
            kept.extend(changes.iter().map(|change| {
                let table = self.tables.get(&change.table).filter(|_| change.event != RowEvent::Removed);
                let fields = table.and_then(|table| table.fields(change.id));
                let value = fields.map(|fields| Value::Object(fields).to_string()).unwrap_or_default();
                Change::set(Section::Rows, change.table.row(change.id), value)
            }));
        }
        kept
    }
}

fn read_fields(bytes: &[u8]) -> io::Result<Map<String, Value>> {
    serde_json::from_slice(bytes).map_err(|_| damaged())
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the data file is damaged: a row cannot be read")
}
