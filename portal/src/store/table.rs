//! A table: rows by identifier, and columns by name.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::Value;

use super::cell::Cell;

/// How many rows a table may have.
const MAX_ROWS: usize = 1_000_000;

/// How many columns a table may have. Fields that no row had before are not stored beyond it.
const MAX_COLUMNS: usize = 2_000;

/// Rows by identifier.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// The names of the columns as they were first written, by their folded names.
    columns: IndexMap<String, String>,
    rows: BTreeMap<i64, Row>,
    last: i64,
}

/// The values of a row, by column.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    cells: Vec<Cell>,
}

impl Row {
    /// The value in a column. `None` if the row does not have the field.
    pub(crate) fn value(&self, column: usize) -> Option<Value> {
        self.cells.get(column).and_then(Cell::value)
    }
}

impl Table {
    /// A table with these columns, by their folded names.
    pub(crate) fn new(columns: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { columns: columns.into_iter().collect(), ..Self::default() }
    }

    /// The index of a column, by its folded name.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.columns.get_index_of(name)
    }

    /// The columns: folded names and names.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (&str, &str)> {
        self.columns.iter().map(|(folded, name)| (folded.as_str(), name.as_str()))
    }

    /// Adds a row. `None`: the table is full.
    pub(crate) fn add(&mut self, fields: impl IntoIterator<Item = (String, String, Value)>) -> Option<i64> {
        if self.rows.len() >= MAX_ROWS {
            return None;
        }
        self.last += 1;
        self.rows.insert(self.last, Row::default());
        self.set(self.last, fields);
        Some(self.last)
    }

    /// Sets fields of a row: folded names, names and values. Returns whether there is such a row.
    pub(crate) fn set(&mut self, id: i64, fields: impl IntoIterator<Item = (String, String, Value)>) -> bool {
        let Some(row) = self.rows.get_mut(&id) else { return false };
        for (folded, name, value) in fields {
            let column = match self.columns.get_index_of(&folded) {
                Some(column) => column,
                None if self.columns.len() < MAX_COLUMNS => self.columns.insert_full(folded, name).0,
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

    /// The identifier that the next row gets.
    pub(crate) fn next_id(&self) -> i64 {
        self.last + 1
    }

    /// A row by its identifier.
    pub(crate) fn row(&self, id: i64) -> Option<&Row> {
        self.rows.get(&id)
    }

    /// Removes a row. Returns whether there was one.
    pub(crate) fn remove(&mut self, id: i64) -> bool {
        self.rows.remove(&id).is_some()
    }

    /// All rows in the order of their identifiers, from one identifier to another.
    pub(crate) fn range(&self, from: i64, to: i64) -> impl DoubleEndedIterator<Item = (i64, &Row)> {
        let range = (from <= to).then(|| self.rows.range(from..=to));
        range.into_iter().flatten().map(|(id, row)| (*id, row))
    }

    /// All rows with the names of their fields.
    pub(super) fn all(&self) -> Vec<(i64, Vec<(String, Value)>)> {
        let fields = |row: &Row| {
            let named = self.columns.values().enumerate();
            named.filter_map(|(at, name)| Some((name.clone(), row.value(at)?))).collect()
        };
        self.rows.iter().map(|(id, row)| (*id, fields(row))).collect()
    }
}
