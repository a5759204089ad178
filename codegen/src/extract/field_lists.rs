//! The fields that documents list, as they are written: every table of names, and every answer that describes fields.
//!
//! An import chooses among these lists. Here all of them stay, so that its choice can be measured.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::descriptor::Api;
use crate::extract::classify::PageSubject;
use crate::extract::examples::responses;
use crate::extract::lexicon::headings::SectionKind;
use crate::extract::lexicon::portal_names::is_portal_name;
use crate::extract::lexicon::results::{DESCRIBING_VERBS, OF_ENVELOPE};
use crate::extract::pages::each_page;
use crate::extract::source::documents::Document;
use crate::extract::source::links;
use crate::extract::syntax::ast::{Block, Cell, Page, Section, Table};
use crate::extract::syntax::parsed::ReadPage;
use crate::extract::tables::field_table::{FieldRow, FieldTable};
use crate::extract::tables::name_cell::ParameterName;

/// A page that lists fields.
#[derive(Debug)]
pub struct FieldPage {
    /// The document.
    pub file: String,
    /// The method that the page is about.
    pub method: Option<(Api, String)>,
    /// The documents that the page links to.
    pub links: Vec<String>,
    /// The lists, in the order of the page.
    pub lists: Vec<FieldList>,
}

/// A list of fields.
#[derive(Debug)]
pub struct FieldList {
    /// The words of the heading above it.
    pub heading: String,
    /// The line in which it begins.
    pub line: usize,
    /// Whether a method describes fields with it.
    pub describes: bool,
    /// Whether a table above it on the same page links to its section.
    pub is_part: bool,
    /// The names, without those that exist on one portal only.
    pub names: Vec<String>,
}

/// A result that describes fields is inside at most this many objects.
const DEPTH: usize = 3;

/// Reads the lists of all documents, in the order of their paths. Tables of parameters are no lists.
pub fn field_lists(documents: &[Document]) -> Vec<FieldPage> {
    let pages = each_page(documents, |read, subject| of_page(&read, subject.as_ref()));
    pages.into_iter().filter(|page| !page.lists.is_empty() || page.method.is_some()).collect()
}

fn of_page(read: &ReadPage<'_>, subject: Option<&PageSubject>) -> FieldPage {
    let describes = subject.is_some_and(|subject| {
        let verb = subject.method.rsplit('.').next().unwrap_or_default();
        DESCRIBING_VERBS.iter().any(|known| known.eq_ignore_ascii_case(verb))
    });
    let of_result =
        |section: &&Section| matches!(section.topic(), SectionKind::Response | SectionKind::ReturnedData);
    let sections = read.page.sections.iter().filter(|section| subject.is_none() || of_result(section));
    let tables = sections.flat_map(|section| section.tables().map(move |table| (section, table)));
    let linked = linked_sections(read.page);
    let mut lists: Vec<FieldList> = tables
        .map(|(section, table)| FieldList {
            heading: section.heading.clone(),
            line: table.line,
            describes: false,
            is_part: section.anchor.as_ref().is_some_and(|anchor| linked.contains(anchor.as_str())),
            names: names_in(table),
        })
        .collect();
    for response in responses(read.page).into_iter().filter(|_| describes) {
        let described = response.result.as_ref().ok().and_then(|result| described(result, DEPTH));
        let names = described.unwrap_or_default();
        lists.push(FieldList {
            heading: String::new(),
            line: response.line,
            describes,
            is_part: false,
            names,
        });
    }
    lists.retain(|list| !list.names.is_empty());
    FieldPage {
        file: read.source.path.clone(),
        method: subject.map(|subject| (subject.api, subject.method.clone())),
        links: links_of(read.page, &read.source.path),
        lists,
    }
}

/// The anchors of the sections that tables above them link to.
fn linked_sections(page: &Page) -> BTreeSet<&str> {
    let (mut above, mut found) = (BTreeSet::new(), BTreeSet::new());
    for section in &page.sections {
        found.extend(section.anchor.as_deref().filter(|anchor| above.contains(anchor)));
        let cells = section.tables().flat_map(|table| &table.rows).flat_map(|row| &row.cells);
        let targets = cells.flat_map(Cell::paragraphs).flat_map(|text| &text.targets);
        above.extend(targets.filter_map(|target| target.strip_prefix('#')));
    }
    found
}

/// The names in a table. The first row is a head, even if its words are unknown, unless rows have types.
fn names_in(table: &Table) -> Vec<String> {
    let fields = FieldTable::of(table);
    let has_unknown_head = fields.rows.len() == table.rows.len() && !fields.is_typed();
    fields.rows.iter().skip(usize::from(has_unknown_head)).flat_map(names).collect()
}

/// The names in a row: several where a cell lists alternatives.
fn names(row: &FieldRow<'_>) -> Vec<String> {
    let found = match &row.name.parameter {
        Some(ParameterName::Names { names, .. }) => names.clone(),
        Some(ParameterName::Placeholder) => Vec::new(),
        None => row.name.field.iter().cloned().collect(),
    };
    found.into_iter().filter(|name| is_field(name)).collect()
}

/// Whether a name is that of a field on every portal.
fn is_field(name: &str) -> bool {
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    is_plain && !is_portal_name(name) && !OF_ENVELOPE.contains(&name) && name != "result"
}

/// The names of the described fields: the keys of the object whose values each have a type or are titles.
fn described(value: &Value, depth: usize) -> Option<Vec<String>> {
    let object = value.as_object()?;
    let is_description = |value: &Value| {
        value.as_object().is_some_and(|object| object.keys().any(|key| key.eq_ignore_ascii_case("type")))
    };
    if object.len() > 1 && (object.values().all(is_description) || object.values().all(Value::is_string)) {
        return Some(object.keys().filter(|name| is_field(name)).cloned().collect());
    }
    let inside = object.values().filter(|_| depth > 0);
    inside.filter_map(|value| described(value, depth.saturating_sub(1))).next()
}

/// The documents that a page links to.
fn links_of(page: &Page, file: &str) -> Vec<String> {
    let mut found = Vec::new();
    for section in &page.sections {
        visit(&section.blocks, file, &mut found);
    }
    found
}

fn visit(blocks: &[Block], file: &str, found: &mut Vec<String>) {
    for block in blocks {
        match block {
            Block::Paragraph(text) => {
                let targets = text.targets.iter().filter_map(|target| target.split('#').next());
                found.extend(targets.filter_map(|target| links::resolve(target, file, "")));
            }
            Block::Table(table) => {
                let cells = table.rows.iter().flat_map(|row| &row.cells);
                cells.for_each(|cell| visit(&cell.blocks, file, found));
            }
            Block::Note { blocks, .. } | Block::Tabs(blocks) => visit(blocks, file, found),
            Block::Heading { .. } | Block::Code(_) | Block::Include { .. } => {}
        }
    }
}
