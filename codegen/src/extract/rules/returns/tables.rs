//! The tables of returned data: what each row says, and to which object of the result it belongs.
//!
//! Many pages put the fields of objects inside the result into the same table as the objects, without a mark. So a row is
//! put where the shape has its name; a name that the shape does not know stands beside the rows around it.

mod row_binding;

use crate::extract::rules::returns::sections::response_sections;
use crate::extract::rules::returns::tree::Node;
use crate::extract::syntax::ast::{Page, Section, Table};
use crate::extract::tables::field_table::{FieldTable, TypedField};

/// A table of returned data.
#[derive(Debug)]
pub(super) struct ResultTable {
    /// The words of the heading above it.
    heading: String,
    rows: Vec<TypedField>,
}

/// The tables of fields on a page.
pub(super) fn of_page(page: &Page) -> Vec<ResultTable> {
    response_sections(page)
        .flat_map(|section| section.tables().map(move |table| (section, table)))
        .filter_map(|(section, table)| result_table(section, table))
        .collect()
}

fn result_table(section: &Section, table: &Table) -> Option<ResultTable> {
    let rows = FieldTable::of(table).returned_fields();
    (!rows.is_empty()).then(|| ResultTable { heading: section.heading.clone(), rows })
}

/// Whether the table of the envelope has such a row beside `result`.
pub(super) fn mentions(tables: &[ResultTable], name: &str) -> bool {
    let of_envelope = tables.iter().find(|table| table.is_of_envelope());
    of_envelope.is_some_and(|table| table.rows.iter().any(|row| row.name == name))
}

/// Puts what the tables say into the shape; whether any of it found a place.
pub(super) fn attach(tables: &[ResultTable], root: &mut Node<'_>) -> bool {
    let mut used = false;
    let mut objects = row_binding::ObjectIndex::of(root);
    for table in tables {
        used |= row_binding::bind_table(table, root, &mut objects);
    }
    used
}

impl ResultTable {
    fn is_of_envelope(&self) -> bool {
        let is_time = |row: &TypedField| {
            row.name == "time"
                && row.schema.as_ref().is_some_and(|told| told.format.as_deref() == Some("time"))
        };
        self.rows.iter().any(|row| row.name == "result" || is_time(row))
    }
}
