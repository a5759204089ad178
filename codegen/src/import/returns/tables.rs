//! The tables of returned data: what each row says, and to which object of the result it belongs.
//!
//! Many pages put the fields of objects inside the result into the same table as the objects, without a mark. So a row is
//! put where the shape has its name; a name that the shape does not know stands beside the rows around it.

mod place;

use super::answer_sections;
use super::shape::{Inner, Node};
use crate::descriptor::Schema;
use crate::import::columns::{Columns, first_line};
use crate::import::page::{Cell, Page, Section, Table, Troubles};
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
struct FieldRow {
    name: String,
    line: usize,
    told: Option<Schema>,
}

/// The tables of fields on a page.
pub(super) fn of_page(page: &Page, _troubles: &mut Troubles) -> Vec<FieldTable> {
    answer_sections(page)
        .flat_map(|section| section.tables().map(move |table| (section, table)))
        .filter_map(|(section, table)| field_table(section, table))
        .collect()
}

fn field_table(section: &Section, table: &Table) -> Option<FieldTable> {
    let columns = Columns::of(table, &[Column::Name, Column::Description]);
    if columns.has(Column::Code) {
        return None;
    }
    let rows: Vec<FieldRow> =
        columns.rows.iter().filter_map(|row| columns.cell(row, Column::Name)).filter_map(field_row).collect();
    (!rows.is_empty()).then(|| FieldTable { heading: section.heading.clone(), rows })
}

fn field_row(cell: &Cell) -> Option<FieldRow> {
    let line = first_line(cell).replace(['*', '^', '`'], "");
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
        self.rows.iter().any(|row| row.name == "result")
    }
}
