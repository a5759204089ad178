//! A row, and what happened to it.

use std::borrow::Cow;

use serde_json::Value;

use super::cell::Cell;
use super::compare::View;

/// What happened to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowEvent {
    Added,
    Changed,
    Removed,
    /// It exists from the start, or because it was asked for.
    Found,
}

/// A field of a row: its folded name, its name, and its value.
pub(crate) type Field<'f> = (Cow<'f, str>, Cow<'f, str>, Value);

/// The value of one of several fields by its folded name: the last one, which replaces those before.
pub(crate) fn last_value<'f>(fields: &'f [Field<'_>], folded: &str) -> Option<&'f Value> {
    fields.iter().rev().find(|(field, ..)| field == folded).map(|(.., value)| value)
}

/// The values of a row, by column.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    pub(super) cells: Vec<Cell>,
}

impl Row {
    /// The value in a column. `None` if the row does not have the field.
    pub(crate) fn value(&self, column: usize) -> Option<Value> {
        self.cells.get(column).and_then(Cell::value)
    }

    /// Whether the row has a field.
    pub(crate) fn has(&self, column: usize) -> bool {
        !matches!(self.cells.get(column), None | Some(Cell::Absent))
    }

    /// The value in a column without a copy. A field that the row does not have is empty.
    pub(crate) fn view(&self, column: usize) -> View<'_> {
        self.cells.get(column).map_or(View::Null, Cell::view)
    }
}
