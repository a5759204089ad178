//! Tables of the fields of an object: a name and a type in each row.

use crate::descriptor::Schema;
use crate::extract::lexicon::Column;
use crate::extract::syntax::ast::{Cell, Table};
use crate::extract::tables::columns::Columns;
use crate::extract::tables::type_cell::type_in;
use crate::schema::words::schema_of;

/// A table of fields.
#[derive(Debug)]
pub(crate) struct FieldTable {
    /// The words of the heading above it.
    pub(crate) heading: String,
    pub(crate) rows: Vec<FieldRow>,
}

/// A field and its type.
#[derive(Debug)]
pub(crate) struct FieldRow {
    pub(crate) name: String,
    pub(crate) line: usize,
    pub(crate) schema: Option<Schema>,
}

/// The fields in the rows of a table; `None` where it has none.
pub(crate) fn rows_of(table: &Table) -> Option<Vec<FieldRow>> {
    let columns = Columns::of(table, &[Column::Name, Column::Description]);
    if columns.has(Column::Code) {
        return None;
    }
    fields(columns.rows.iter().filter_map(|row| columns.cell(row, Column::Name)))
}

/// The same where the table is known to list fields, whatever it calls its first column.
pub(crate) fn rows_of_entity(table: &Table) -> Option<Vec<FieldRow>> {
    let columns = Columns::of(table, &[Column::Name, Column::Description]);
    fields(columns.rows.iter().filter_map(|row| row.cells.first()))
}

fn fields<'a>(cells: impl Iterator<Item = &'a Cell>) -> Option<Vec<FieldRow>> {
    let rows: Vec<FieldRow> = cells.filter_map(field_row).collect();
    (!rows.is_empty()).then_some(rows)
}

fn field_row(cell: &Cell) -> Option<FieldRow> {
    let line = cell.first_line();
    // Where the type stands on the same line, emphasis tells the name from it.
    let name =
        line.strip_prefix("**").and_then(|rest| rest.split_once("**")).map_or(&line[..], |(name, _)| name);
    let line = name.replace(['*', '^', '`'], "");
    let name = line.split_whitespace().next()?.trim_end_matches([',', ':', '.']);
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '[' | ']' | ':' | '$');
    let fits = name.chars().all(is_name)
        && name.contains(|c: char| c.is_ascii_alphanumeric())
        && !name.contains("...");
    let schema = type_in(cell).and_then(|word| schema_of(&word));
    (fits && name.len() <= 120).then(|| FieldRow { name: name.to_owned(), line: cell.line, schema })
}
