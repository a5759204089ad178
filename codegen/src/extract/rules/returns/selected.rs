//! The fields of rows that a request chooses: the description of `select` links to the page that lists them.

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::extract::evidence::Evidence;
use crate::extract::lexicon::headings::SectionKind;
use crate::extract::lexicon::preamble::DICTIONARY_TITLES;
use crate::extract::lexicon::results::LISTS_OF_TYPES;
use crate::extract::page_log::PageLog;
use crate::extract::register::returns::FIELDS_TO_SELECT;
use crate::extract::rules::returns::tree::{Inner, Node};
use crate::extract::site_index::SiteIndex;
use crate::extract::syntax::ast::{Cell, Page, Section, Table};
use crate::extract::tables::field_table::{FieldTable, TypedField};

/// The parameter with the names of the fields.
const SELECT: &str = "select";

/// A table of fields that shares fewer names with the rows may be about something else.
const MIN_SHARED: usize = 3;

/// Adds the fields of the table to the rows that have most of its names. Returns whether there are any.
pub(super) fn attach(
    page: &Page,
    path: &str,
    root: &mut Node<'_>,
    index: &SiteIndex<'_>,
    log: &mut PageLog,
) -> bool {
    let links = page.sections.iter().flat_map(Section::tables).flat_map(links);
    let sections: Vec<&Section> = links.flat_map(|link| sections(path, link, index)).collect();
    let mut best: Option<(usize, Vec<TypedField>)> = None;
    for table in sections.into_iter().flat_map(Section::tables) {
        let fields = FieldTable::of(table).returned_fields();
        let names: HashSet<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        let shared =
            rows(root).map_or(0, |row| row.keys().filter(|name| names.contains(name.as_str())).count());
        if shared >= MIN_SHARED && best.as_ref().is_none_or(|(most, _)| shared > *most) {
            best = Some((shared, fields));
        }
    }
    let (Some((shared, fields)), Some(row)) = (best, rows(root)) else { return false };
    let shown = row.values().filter(|field| !field.samples.is_empty()).count();
    // Rows with most of the fields show what the list returns.
    if shared * 2 < shown || shared * 2 > fields.len() {
        return false;
    }
    log.fire(&FIELDS_TO_SELECT);
    for field in fields {
        row.entry(field.name).or_insert_with(|| {
            let found = field.schema.map(|schema| Evidence::new(&FIELDS_TO_SELECT, schema, 0));
            Node { from_table: found, ..Node::default() }
        });
    }
    true
}

/// The sections that a link leads to: the one of its anchor, or all of a page about fields alone.
fn sections<'a>(path: &str, link: &str, index: &SiteIndex<'a>) -> Vec<&'a Section> {
    let Some(page) = index.linked(path, link) else { return Vec::new() };
    let about_fields =
        !page.has(SectionKind::Response) && DICTIONARY_TITLES.are_words_of(&page.title.prose());
    match link.split_once('#') {
        Some((_, anchor)) => {
            let is_named = |section: &&Section| section.anchor.as_deref() == Some(anchor);
            page.sections.iter().filter(is_named).collect()
        }
        None if about_fields && !LISTS_OF_TYPES.stand_in(link) => page.sections.iter().collect(),
        None => Vec::new(),
    }
}

/// The links in the description of the parameter.
fn links(table: &Table) -> Vec<&str> {
    let rows = FieldTable::of(table).rows.into_iter();
    let is_select = |name: &String| name.eq_ignore_ascii_case(SELECT);
    let select = rows.filter(|row| row.name.field.as_ref().is_some_and(is_select));
    let texts = select.filter_map(|row| row.description).flat_map(Cell::paragraphs);
    texts.flat_map(|text| &text.targets).map(String::as_str).collect()
}

/// The fields of the rows: those in the result, or in the only list of it.
fn rows<'n, 'a>(root: &'n mut Node<'a>) -> Option<&'n mut IndexMap<String, Node<'a>>> {
    match &mut root.inner {
        Inner::List(items) => match &mut items.inner {
            Inner::Object(fields) => Some(fields),
            _ => None,
        },
        Inner::Object(fields) => {
            let mut lists = fields.values_mut().filter(|field| matches!(field.inner, Inner::List(_)));
            let list = lists.next()?;
            if lists.next().is_some() { None } else { rows(list) }
        }
        _ => None,
    }
}
