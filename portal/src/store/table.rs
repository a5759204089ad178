//! A table: rows by identifier, and columns by name.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::cell::Cell;
use super::condition::Filter;
use super::query::Queries;
use super::row::{Field, Row, RowEvent};
use super::written::{RowForm, RowTexts, Written};
use crate::families::fold;

/// How many rows a table may have.
const MAX_ROWS: usize = 1_000_000;

/// How many columns a table may have. Fields that no row had before are not stored beyond it.
const MAX_COLUMNS: usize = 2_000;

/// Rows by identifier.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// The names of the columns as they were first written, by their folded names.
    columns: IndexMap<String, String>,
    columns_version: ColumnsVersion,
    rows: BTreeMap<i64, Row>,
    /// Other names of columns: both folded.
    aliases: HashMap<String, String>,
    last: i64,
    /// Identifiers of rows that were removed.
    removed: BTreeSet<i64>,
    /// What happened to rows since it was last asked for.
    changed: BTreeMap<i64, RowEvent>,
    /// The rows of the last queries, until a row changes.
    queries: RefCell<Queries>,
    written: RefCell<Written>,
    /// The rows that were removed since then.
    gone: BTreeMap<i64, Row>,
}

/// A state of the columns of a table, which no other table has. It is another one after a column was added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ColumnsVersion(u64);

impl Default for ColumnsVersion {
    fn default() -> Self {
        static LAST: AtomicU64 = AtomicU64::new(0);
        Self(LAST.fetch_add(1, Ordering::Relaxed))
    }
}

/// A row that changed, what happened to it, and the fields that it had if it was removed.
pub(super) type Changed = (i64, RowEvent, Option<Map<String, Value>>);

impl Table {
    /// A table with these columns, by their folded names.
    pub(crate) fn new(columns: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { columns: columns.into_iter().collect(), ..Self::default() }
    }

    /// Gives columns further names: the further one and that of the column, both folded.
    pub(crate) fn alias(&mut self, names: impl IntoIterator<Item = (String, String)>) {
        self.aliases.extend(names);
    }

    /// The index of a column, by its folded name.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        let alias = if self.aliases.is_empty() { None } else { self.aliases.get(name) };
        let name = alias.map_or(name, String::as_str);
        self.columns.get_index_of(name)
    }

    /// The folded name of a column by a name of it, which may be a further one.
    pub(crate) fn own_name<'n>(&'n self, name: &'n str) -> &'n str {
        self.aliases.get(name).map_or(name, String::as_str)
    }

    /// The state of the columns.
    pub(crate) fn columns_version(&self) -> ColumnsVersion {
        self.columns_version
    }

    /// The columns: folded names and names.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (&str, &str)> {
        self.columns.iter().map(|(folded, name)| (folded.as_str(), name.as_str()))
    }

    /// Adds a row. `None`: the table is full.
    pub(crate) fn add<'f>(&mut self, fields: impl IntoIterator<Item = Field<'f>>) -> Option<i64> {
        if self.rows.len() >= MAX_ROWS {
            return None;
        }
        self.last += 1;
        self.rows.insert(self.last, Row::default());
        self.set(self.last, fields);
        self.changed.insert(self.last, RowEvent::Added);
        Some(self.last)
    }

    /// Inserts a row that the table has at the beginning: folded names, names and values.
    pub(crate) fn put_first<'f>(&mut self, id: i64, fields: impl IntoIterator<Item = Field<'f>>) {
        self.restore_fields(id, fields);
        self.changed.insert(id, RowEvent::Found);
    }

    /// Adds a row that the table has at the beginning, of columns and values. `None`: the table is full.
    pub(crate) fn add_cells(&mut self, values: impl IntoIterator<Item = (usize, Value)>) -> Option<i64> {
        if self.rows.len() >= MAX_ROWS {
            return None;
        }
        self.put(self.last + 1, values);
        Some(self.last)
    }

    /// Inserts a row with this identifier, which exists because it is asked for.
    pub(crate) fn insert(&mut self, id: i64, values: impl IntoIterator<Item = (usize, Value)>) {
        self.put(id, values);
        self.changed.insert(id, RowEvent::Found);
    }

    fn put(&mut self, id: i64, values: impl IntoIterator<Item = (usize, Value)>) {
        self.queries.get_mut().clear();
        self.written.get_mut().forget(id);
        let mut cells: Vec<Cell> = vec![Cell::Absent; self.columns.len()];
        for (column, value) in values {
            if let Some(cell) = cells.get_mut(column) {
                *cell = value.into();
            }
        }
        if self.rows.len() < MAX_ROWS {
            self.last = self.last.max(id);
            self.rows.insert(id, Row { cells });
        }
    }

    /// Sets fields of a row: folded names, names and values. Returns whether there is such a row.
    pub(crate) fn set<'f>(&mut self, id: i64, fields: impl IntoIterator<Item = Field<'f>>) -> bool {
        let Some(row) = self.rows.get_mut(&id) else { return false };
        self.queries.get_mut().clear();
        self.written.get_mut().forget(id);
        self.changed.entry(id).or_insert(RowEvent::Changed);
        for (folded, name, value) in fields {
            let alias = if self.aliases.is_empty() { None } else { self.aliases.get(folded.as_ref()) };
            let folded = alias.map_or(folded.as_ref(), String::as_str);
            let column = match self.columns.get_index_of(folded) {
                Some(column) => column,
                None if self.columns.len() < MAX_COLUMNS => {
                    self.columns_version = ColumnsVersion::default();
                    self.columns.insert_full(folded.to_owned(), name.into_owned()).0
                }
                None => continue,
            };
            if row.cells.len() <= column {
                row.cells.reserve_exact(self.columns.len().saturating_sub(row.cells.len()));
                row.cells.resize(column + 1, Cell::Absent);
            }
            if let Some(cell) = row.cells.get_mut(column) {
                *cell = value.into();
            }
        }
        true
    }

    /// Leaves out identifiers, so that the next row gets at least this one.
    pub(crate) fn skip_to(&mut self, id: i64) {
        self.last = self.last.max(id.saturating_sub(1));
    }

    /// The identifier that the next row gets.
    pub(crate) fn next_id(&self) -> i64 {
        self.last + 1
    }

    /// The number of rows.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// A row by its identifier.
    pub(crate) fn row(&self, id: i64) -> Option<&Row> {
        self.rows.get(&id)
    }

    /// Removes a row. Returns whether there was one.
    pub(crate) fn remove(&mut self, id: i64) -> bool {
        let row = self.rows.remove(&id);
        let removed = row.is_some();
        self.queries.get_mut().clear();
        self.written.get_mut().forget(id);
        if let Some(row) = row {
            self.changed.insert(id, RowEvent::Removed);
            self.gone.insert(id, row);
        }
        if removed && self.removed.len() < MAX_ROWS {
            self.removed.insert(id);
        }
        removed
    }

    /// Sets a row without noting a change: folded names, names and values.
    pub(crate) fn restore_fields<'f>(&mut self, id: i64, fields: impl IntoIterator<Item = Field<'f>>) {
        self.last = self.last.max(id);
        self.rows.insert(id, Row::default());
        self.set(id, fields);
        self.changed.remove(&id);
    }

    /// Sets fields of a row that the table has at the beginning, without noting a change.
    pub(crate) fn restore_further<'f>(&mut self, id: i64, fields: impl IntoIterator<Item = Field<'f>>) {
        if self.set(id, fields) {
            self.changed.remove(&id);
        }
    }

    /// Sets a row to what it was when the portal ended. `None`: it was removed.
    pub(super) fn restore(&mut self, id: i64, fields: Option<Map<String, Value>>) {
        self.rows.remove(&id);
        self.queries.get_mut().clear();
        self.written.get_mut().forget(id);
        self.last = self.last.max(id);
        match fields {
            Some(fields) => {
                let fields = fields.into_iter().map(|(name, value)| (fold(&name).into(), name.into(), value));
                self.restore_fields(id, fields);
            }
            None => drop(self.removed.insert(id)),
        }
    }

    /// The texts of rows in a form, as far as they are known.
    pub(crate) fn texts(&self, form: &RowForm) -> RowTexts {
        self.written.borrow_mut().form(form)
    }

    /// The identifiers of the rows of a query, in its order. `find` finds them, unless it did before and no row has changed since.
    pub(crate) fn query(
        &self,
        filter: &Filter,
        order: &[(String, bool)],
        find: impl FnOnce() -> Vec<i64>,
    ) -> Arc<[i64]> {
        if let Some(known) = self.queries.borrow().get(filter, order) {
            return known;
        }
        let found: Arc<[i64]> = find().into();
        self.queries.borrow_mut().add(filter, order, &found);
        found
    }

    /// What happened to rows since this was called before, with the fields of those that were removed.
    pub(super) fn take_changes(&mut self) -> Vec<Changed> {
        let (changed, mut gone) = (std::mem::take(&mut self.changed), std::mem::take(&mut self.gone));
        let with_fields = changed.into_iter().map(|(id, event)| {
            let removed = gone.remove(&id).filter(|_| event == RowEvent::Removed);
            (id, event, removed.map(|row| self.fields_of(&row)))
        });
        with_fields.collect()
    }

    /// The rows that were added, changed or removed since changes were taken.
    pub(crate) fn changed_rows(&self) -> impl Iterator<Item = (i64, &Row)> {
        let changed = self.changed.iter().filter(|(_, event)| **event != RowEvent::Found);
        changed.filter_map(|(id, _)| Some((*id, self.rows.get(id).or_else(|| self.gone.get(id))?)))
    }

    /// The fields of a row, by the names of the columns.
    pub(crate) fn fields(&self, id: i64) -> Option<Map<String, Value>> {
        self.rows.get(&id).map(|row| self.fields_of(row))
    }

    fn fields_of(&self, row: &Row) -> Map<String, Value> {
        let named = self.columns.values().enumerate();
        named.filter_map(|(at, name)| Some((name.clone(), row.value(at)?))).collect()
    }

    /// Whether a row with this identifier was removed.
    pub(crate) fn was_removed(&self, id: i64) -> bool {
        self.removed.contains(&id)
    }

    /// All rows in the order of their identifiers, from one identifier to another.
    pub(crate) fn range(&self, from: i64, to: i64) -> impl DoubleEndedIterator<Item = (i64, &Row)> {
        let range = (from <= to).then(|| self.rows.range(from..=to));
        range.into_iter().flatten().map(|(id, row)| (*id, row))
    }

    /// All rows with the names of their fields.
    pub(super) fn all(&self) -> Vec<Map<String, Value>> {
        self.rows.keys().filter_map(|id| self.fields(*id)).collect()
    }
}
