//! A row, and what happened to it.

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
