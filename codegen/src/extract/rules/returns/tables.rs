//! The tables of returned data: the field in each row, and the object of the result that it belongs to.
//!
//! Many pages put the fields of objects inside the result into the same table as the objects, without a mark. So a row is
//! bound to the object that has its name; a name that no object has belongs to the object of the rows around it.

pub(super) mod keyed;
pub(super) mod objects;
mod other_number;
pub(super) mod payload;
mod row_binding;

use crate::extract::page_log::PageLog;
use crate::extract::register::returns::{
    FIELD_NAME_IN_A_ROW, NAME_AND_TYPE_ON_ONE_LINE, RESPONSE_SECTIONS, TABLE_OF_CODES_IS_NO_TABLE_OF_FIELDS,
};
use crate::extract::rules::returns::sections::response_sections;
use crate::extract::rules::returns::tables::objects::ObjectIndex;
use crate::extract::rules::returns::tree::Node;
use crate::extract::syntax::ast::{Page, Section, SpanKind, Table};
use crate::extract::tables::field_table::{FieldRow, FieldTable, TypedField};

/// A table of returned data.
#[derive(Debug)]
pub(super) struct ResultTable {
    /// The words of the heading above it.
    heading: String,
    /// The anchor of the heading.
    anchor: Option<String>,
    rows: Vec<TypedField>,
}

/// The tables of fields on a page.
pub(super) fn of_page(page: &Page, log: &mut PageLog) -> Vec<ResultTable> {
    of_sections(response_sections(page), log)
}

/// The tables of fields in these sections.
pub(super) fn of_sections<'a>(
    sections: impl Iterator<Item = &'a Section>,
    log: &mut PageLog,
) -> Vec<ResultTable> {
    sections
        .flat_map(|section| section.tables().map(move |table| (section, table)))
        .filter_map(|(section, table)| result_table(section, table, log))
        .collect()
}

fn result_table(section: &Section, table: &Table, log: &mut PageLog) -> Option<ResultTable> {
    let fields = FieldTable::of(table);
    if fields.lists_codes() {
        log.fire(&TABLE_OF_CODES_IS_NO_TABLE_OF_FIELDS);
    }
    let rows = fields.returned_fields();
    if rows.is_empty() {
        return None;
    }
    log.fire(&RESPONSE_SECTIONS);
    if rows.len() < fields.rows.len() {
        log.fire(&FIELD_NAME_IN_A_ROW);
    }
    if fields.rows.iter().any(has_type_behind_the_name) {
        log.fire(&NAME_AND_TYPE_ON_ONE_LINE);
    }
    Some(ResultTable { heading: section.heading.clone(), anchor: section.anchor.clone(), rows })
}

/// Whether the first line of the cell has a name that is emphasized and a type that is not, with nothing between them.
fn has_type_behind_the_name(row: &FieldRow<'_>) -> bool {
    let mut spans = row.cell.first_line().iter().filter(|span| !span.text.trim().is_empty());
    let (name, behind) = (spans.next(), spans.next());
    name.is_some_and(|span| span.strong)
        && behind.is_some_and(|span| !span.strong && span.kind == SpanKind::Code)
}

/// Whether the table of the envelope has such a row beside `result`.
pub(super) fn mentions(tables: &[ResultTable], name: &str) -> bool {
    let of_envelope = tables.iter().find(|table| table.is_of_envelope());
    of_envelope.is_some_and(|table| table.rows.iter().any(|row| row.name == name))
}

/// Puts the types of the tables into the tree. Returns whether the tree has changed.
pub(super) fn attach(tables: &[ResultTable], root: &mut Node<'_>, log: &mut PageLog) -> bool {
    keyed::attach(tables, root);
    let mut used = false;
    let mut objects = ObjectIndex::of(root);
    for table in tables {
        used |= row_binding::bind_table(table, root, &mut objects, log);
    }
    used
}

impl ResultTable {
    fn is_of_envelope(&self) -> bool {
        let is_time = |row: &TypedField| {
            let format = row.schema.as_ref().and_then(|schema| schema.format.as_deref());
            row.name == "time" && format == Some("time")
        };
        self.rows.iter().any(|row| row.name == "result" || is_time(row))
    }
}
