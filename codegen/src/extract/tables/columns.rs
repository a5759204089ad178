//! Maps the columns of a table to their meaning by the words in the head row.

use crate::extract::lexicon::columns::{Column, column};
use crate::extract::syntax::ast::{Cell, Row, Table};
use crate::extract::syntax::text::prose;

/// Columns that occur beside others only. Alone, such a word is the name of a field in a table without a head row.
const DETAILS: [Column; 3] = [Column::Type, Column::Required, Column::Default];

/// A table with known columns.
pub(super) struct Columns<'a> {
    columns: Vec<Option<Column>>,
    /// The rows below the head row.
    pub(super) rows: &'a [Row],
}

impl<'a> Columns<'a> {
    /// The columns as the first row names them. A table without a head row has the columns `headless`.
    pub(super) fn of(table: &'a Table, headless: &[Column]) -> Self {
        let heads: Vec<_> =
            table.rows.first().map(|row| row.cells.iter().map(head).collect()).unwrap_or_default();
        let is_head = |head: &Option<Column>| head.is_some_and(|column| !DETAILS.contains(&column));
        if heads.iter().any(is_head) {
            return Self { columns: heads, rows: table.rows.get(1..).unwrap_or_default() };
        }
        Self { columns: headless.iter().copied().map(Some).collect(), rows: &table.rows }
    }

    /// Takes the first column as that of the names if its head is unknown or names a cause. A table whose first column has
    /// another meaning, such as codes, has no rows then.
    pub(super) fn names_first(mut self) -> Self {
        if !self.has(Column::Name)
            && let Some(first) = self.columns.first_mut()
        {
            match first {
                None | Some(Column::Cause | Column::Type) => *first = Some(Column::Name),
                _ => self.rows = &[],
            }
        }
        self
    }

    /// Whether the table has the column.
    pub(super) fn has(&self, column: Column) -> bool {
        self.columns.contains(&Some(column))
    }

    /// The cell of a row in the column.
    pub(super) fn cell(&self, row: &'a Row, column: Column) -> Option<&'a Cell> {
        let index = self.columns.iter().position(|known| *known == Some(column))?;
        row.cells.get(index)
    }
}

/// The column that a head cell names: in its first line, or before a slash or a bracket as in "Parameter / Type".
fn head(cell: &Cell) -> Option<Column> {
    let words = prose(cell.first_line());
    column(&words).or_else(|| column(words.split(['/', '(']).next().unwrap_or_default()))
}
