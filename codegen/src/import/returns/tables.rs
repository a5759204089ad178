//! The tables of returned data: what each row says, and to which object of the result it belongs.
//!
//! Many pages put the fields of objects inside the result into the same table as the objects, without a mark. So a row is
//! put where the shape has its name; a name that the shape does not know stands beside the rows around it.

mod place;

use super::answer_sections;
use super::shape::{Inner, Node};
use crate::descriptor::Schema;
use crate::import::columns::{Columns, first_line};
use crate::import::page::{Cell, Page, Section, Table};
use crate::import::vocabulary::Column;
use crate::import::{documented_types, params};

/// A table of fields.
#[derive(Debug)]
pub(super) struct FieldTable {
    /// The words of the heading above it.
    heading: String,
    rows: Vec<FieldRow>,
}

/// A field and its type.
#[derive(Debug)]
pub(in crate::import) struct FieldRow {
    pub(in crate::import) name: String,
    pub(in crate::import) line: usize,
    pub(in crate::import) told: Option<Schema>,
}

/// The tables of fields on a page.
pub(super) fn of_page(page: &Page) -> Vec<FieldTable> {
    answer_sections(page)
        .flat_map(|section| section.tables().map(move |table| (section, table)))
        .filter_map(|(section, table)| field_table(section, table))
        .collect()
}

fn field_table(section: &Section, table: &Table) -> Option<FieldTable> {
    rows_of(table).map(|rows| FieldTable { heading: section.heading.clone(), rows })
}

/// The fields in the rows of a table; `None` where it has none.
pub(in crate::import) fn rows_of(table: &Table) -> Option<Vec<FieldRow>> {
    let columns = Columns::of(table, &[Column::Name, Column::Description]);
    if columns.has(Column::Code) {
        return None;
    }
    fields(columns.rows.iter().filter_map(|row| columns.cell(row, Column::Name)))
}

/// The same where the table is known to list fields, whatever it calls its first column.
pub(in crate::import) fn rows_of_entity(table: &Table) -> Option<Vec<FieldRow>> {
    let columns = Columns::of(table, &[Column::Name, Column::Description]);
    fields(columns.rows.iter().filter_map(|row| row.cells.first()))
}

fn fields<'a>(cells: impl Iterator<Item = &'a Cell>) -> Option<Vec<FieldRow>> {
    let rows: Vec<FieldRow> = cells.filter_map(field_row).collect();
    (!rows.is_empty()).then_some(rows)
}

fn field_row(cell: &Cell) -> Option<FieldRow> {
    let line = first_line(cell);
    // Where the type stands on the same line, emphasis tells the name from it.
    let name =
        line.strip_prefix("**").and_then(|rest| rest.split_once("**")).map_or(&line[..], |(name, _)| name);
    let line = name.replace(['*', '^', '`'], "");
    let name = line.split_whitespace().next()?.trim_end_matches([',', ':', '.']);
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '[' | ']' | ':' | '$');
    let fits = name.chars().all(is_name)
        && name.contains(|c: char| c.is_ascii_alphanumeric())
        && !name.contains("...");
    let told = params::type_in(cell).and_then(|word| documented_types::schema_of(&word));
    (fits && name.len() <= 120).then(|| FieldRow { name: name.to_owned(), line: cell.line, told })
}

/// Whether the table of the envelope has such a row beside `result`.
pub(super) fn speaks_of(tables: &[FieldTable], name: &str) -> bool {
    let of_envelope = tables.iter().find(|table| table.is_of_envelope());
    of_envelope.is_some_and(|table| table.rows.iter().any(|row| row.name == name))
}

/// Puts what the tables say into the shape; whether any of it found a place.
pub(super) fn attach(tables: &[FieldTable], root: &mut Node<'_>) -> bool {
    let mut used = false;
    let mut places = place::Places::of(root);
    for table in tables {
        used |= place::attach(table, root, &mut places);
    }
    used
}

impl FieldTable {
    fn is_of_envelope(&self) -> bool {
        let is_time = |row: &FieldRow| {
            row.name == "time" && row.told.as_ref().is_some_and(|told| told.format.as_deref() == Some("time"))
        };
        self.rows.iter().any(|row| row.name == "result" || is_time(row))
    }
}
