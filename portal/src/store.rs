//! Rows in memory, of any entity.

mod cell;
mod compare;
mod condition;
mod table;

use std::collections::HashMap;

use serde_json::Value;

pub(crate) use compare::compare;
pub(crate) use condition::Filter;
pub(crate) use table::{Row, Table};

/// All tables, by name and the values of their partition.
#[derive(Debug, Default)]
pub(crate) struct Store {
    tables: HashMap<TableKey, Table>,
}

/// A table: its name, and the values that choose one of several with this name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TableKey {
    pub(crate) name: String,
    pub(crate) partition: Vec<String>,
}

impl Store {
    /// A table, or `None` if it was not used yet.
    pub(crate) fn get(&self, key: &TableKey) -> Option<&Table> {
        self.tables.get(key)
    }

    /// A table, which `create` makes if it was not used yet.
    pub(crate) fn table(&mut self, key: TableKey, create: impl FnOnce() -> Table) -> &mut Table {
        self.tables.entry(key).or_insert_with(create)
    }

    /// All rows of the tables with a name, with their identifiers.
    pub(crate) fn rows(&self, name: &str) -> Vec<(i64, Vec<(String, Value)>)> {
        let named = self.tables.iter().filter(|(key, _)| key.name.eq_ignore_ascii_case(name));
        let mut tables: Vec<_> = named.collect();
        tables.sort_by(|(one, _), (other, _)| one.partition.cmp(&other.partition));
        tables.iter().flat_map(|(_, table)| table.all()).collect()
    }
}
