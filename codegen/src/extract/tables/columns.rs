//! The columns of a table, by the words at their heads.

use crate::extract::lexicon::columns::{Column, column};
use crate::extract::syntax::ast::{Cell, Row, Table};
use crate::extract::syntax::text::prose;

/// A table whose columns are known.
pub(super) struct Columns<'a> {
    columns: Vec<Option<Column>>,
    /// The rows below the head.
    pub(super) rows: &'a [Row],
}

impl<'a> Columns<'a> {
    /// The columns as the first row names them. A table that begins with its data has the given ones.
    pub(super) fn of(table: &'a Table, headless: &[Column]) -> Self {
        let heads: Vec<_> =
            table.rows.first().map(|row| row.cells.iter().map(head).collect()).unwrap_or_default();
        if heads.iter().any(Option::is_some) {
            return Self { columns: heads, rows: table.rows.get(1..).unwrap_or_default() };
        }
        Self { columns: headless.iter().copied().map(Some).collect(), rows: &table.rows }
    }

    /// The same, the first column being that of the names whatever its head says; no rows where it holds something else, as
    /// codes.
    pub(super) fn names_first(mut self) -> Self {
        if !self.has(Column::Name)
            && let Some(first) = self.columns.first_mut()
        {
            match first {
                None | Some(Column::Cause) => *first = Some(Column::Name),
                _ => self.rows = &[],
            }
        }
        self
    }

    /// Whether the table has such a column.
    pub(super) fn has(&self, column: Column) -> bool {
        self.columns.contains(&Some(column))
    }

    /// The cell of a row that stands in such a column.
    pub(super) fn cell(&self, row: &'a Row, column: Column) -> Option<&'a Cell> {
        let index = self.columns.iter().position(|known| *known == Some(column))?;
        row.cells.get(index)
    }
}

/// What the head of a column says: its first line, or what stands before a stroke as in "Parameter / Type".
fn head(cell: &Cell) -> Option<Column> {
    let words = prose(cell.first_line());
    column(&words).or_else(|| column(words.split('/').next().unwrap_or_default()))
}
