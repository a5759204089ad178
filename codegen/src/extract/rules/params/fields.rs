//! The fields of objects and of the items of lists, through every way in which pages refer to them.

mod objects;

use crate::descriptor::{JsonType, Schema, SourceForm};
use crate::extract::diagnostics::PageDiagnostics;
use crate::extract::rules::params::anchors::{PageAnchors, Tables};
use crate::extract::rules::params::attach::{
    in_both_forms, in_list, is_structured, may_hold_fields, put, shown,
};
use crate::extract::rules::params::field_context::FieldContext;
use crate::extract::rules::params::{constraints, described_keys, filters_and_orders};
use crate::extract::site_index::SiteIndex;
use crate::extract::syntax::ast::{Block, Cell, Row, Table, flat};
use crate::extract::tables::field_table::FieldTable;
use crate::schema::words;

/// How deep objects may lie inside one another.
const DEPTH: usize = 5;
/// How much is read for one page: each row counts with its length. Tables that refer to one another would otherwise be read
/// again and again.
const ROWS: usize = 100_000;
/// How many links to other pages are followed for one page.
const LINKS: usize = 60;

/// Reads the rows of tables, and what they refer to.
pub(super) struct Reader<'a, 't> {
    form: SourceForm,
    /// Whether the method changes something that is there, of which what is not sent stays as it is.
    updates: bool,
    index: &'a SiteIndex<'a>,
    pub(super) diagnostics: &'t mut PageDiagnostics,
    rows: usize,
    links: usize,
    /// The tables that are being read. A field named like the object that holds it does not lead back to them.
    open: Vec<usize>,
}

impl<'a, 't> Reader<'a, 't> {
    pub(super) fn new(
        form: SourceForm,
        method: &str,
        index: &'a SiteIndex<'a>,
        diagnostics: &'t mut PageDiagnostics,
    ) -> Self {
        let updates = method.rsplit('.').next().is_some_and(|word| word.eq_ignore_ascii_case("update"));
        Self { form, updates, index, diagnostics, rows: ROWS, links: LINKS, open: Vec::new() }
    }

    /// What a row says of a value; `None` where it says nothing.
    pub(super) fn schema(
        &mut self,
        anchors: &PageAnchors<'_>,
        told: FieldContext<'_>,
        depth: usize,
    ) -> Option<Schema> {
        let explained = described_keys::keys(told, self.index);
        let in_both_forms = |documented| in_both_forms(in_list(documented, told), told, explained.as_ref());
        let documented =
            self.documented(told).map(in_both_forms).or_else(|| constraints::infer_from_default(told));
        let open = filters_and_orders::schema(told.name, documented.as_ref(), told.example);
        if open.is_some() {
            return open;
        }
        let holds_fields = documented.as_ref().map_or_else(|| is_structured(told.example), may_hold_fields);
        if !holds_fields {
            let mut schema = documented?;
            if let Some(description) = told.description {
                constraints::add(&mut schema, description);
            }
            return Some(schema);
        }
        let deep = filters_and_orders::names_fields(told.name) || depth >= DEPTH;
        let fields = if deep { None } else { self.fields(anchors, told, explained, depth) };
        let had_type = documented.is_some();
        let mut schema = documented.unwrap_or_default();
        match fields {
            Some(fields) if told.example.is_unknown() && described_keys::shows_object(told) => {
                put(&mut schema, fields, &Schema::any_object());
            }
            Some(fields) => put(&mut schema, fields, told.example),
            None if had_type => shown(&mut schema, told),
            None => return None,
        }
        Some(schema)
    }

    fn documented(&mut self, told: FieldContext<'_>) -> Option<Schema> {
        let word = told.type_words?;
        let schema = words::schema_in(word, Some(self.index));
        let silent = ["unknown", "any", "mixed", "enum"].contains(&word);
        if schema.is_none() && self.form == SourceForm::Yfm && !silent {
            let message = format!("the type \"{word}\" of {} is not understood", told.name);
            self.diagnostics.add(told.cell.line, message, "a type of the documentation");
        }
        schema.map(|schema| identified(schema, told))
    }

    /// The fields of an object: in a table of its own cell, behind a link, below a heading that names it, on another page,
    /// or as a list in its description.
    fn fields(
        &mut self,
        anchors: &PageAnchors<'_>,
        told: FieldContext<'_>,
        explained: Option<Schema>,
        depth: usize,
    ) -> Option<Schema> {
        let cells = || told.description.into_iter().chain([told.cell]);
        let nested: Vec<&Table> = cells().flat_map(|cell| flat(&cell.blocks)).filter_map(table).collect();
        if !nested.is_empty()
            && let Some(found) = self.object(anchors, &nested, told, depth + 1)
        {
            return Some(found);
        }
        let texts = || cells().flat_map(Cell::paragraphs);
        let links: Vec<&str> = texts().flat_map(|text| &text.targets).map(String::as_str).take(12).collect();
        for anchor in links.iter().filter_map(|link| link.strip_prefix('#')) {
            // What is behind a link may be a table of one of the keys that the description explains.
            let of_key = |keys: &Schema| keys.properties.keys().any(|key| key.eq_ignore_ascii_case(anchor));
            if explained.as_ref().is_some_and(of_key) && !anchor.eq_ignore_ascii_case(told.name) {
                continue;
            }
            let found = anchors.anchored(anchor).and_then(|tables| self.read(anchors, tables, told, depth));
            if found.is_some() {
                return found;
            }
        }
        let found = anchors.headed(told.name).and_then(|tables| self.read(anchors, tables, told, depth));
        found
            .or_else(|| links.iter().find_map(|link| self.elsewhere(anchors, link, told, depth)))
            .or_else(|| explained.map(|keys| self.completed(keys, anchors, told, depth)))
    }

    /// The keys that a description explains, with the fields of those that have a heading of their own.
    fn completed(
        &mut self,
        mut keys: Schema,
        anchors: &PageAnchors<'_>,
        told: FieldContext<'_>,
        depth: usize,
    ) -> Schema {
        for (name, schema) in &mut keys.properties {
            let Some(example) = told.example.properties.get(name).filter(|sent| is_structured(sent)) else {
                continue;
            };
            let of_key = FieldContext { name: name.as_str(), description: None, example, ..told };
            let found = anchors.headed(name).and_then(|tables| self.read(anchors, tables, of_key, depth + 1));
            if let Some(fields) = found.filter(|_| depth < DEPTH) {
                put(schema, fields, example);
            }
        }
        keys
    }

    fn read(
        &mut self,
        anchors: &PageAnchors<'_>,
        tables: &Tables<'_>,
        told: FieldContext<'_>,
        depth: usize,
    ) -> Option<Schema> {
        match tables {
            Tables::Parts(tables) => self.object(anchors, tables, told, depth + 1),
            Tables::Variants(tables) => {
                let mut variants: Vec<Schema> = Vec::new();
                for table in tables {
                    let variant = self.object(anchors, &[table], told, depth + 1);
                    variants.extend(variant.filter(|variant| !variants.contains(variant)));
                }
                match variants.len() {
                    0 | 1 => variants.pop(),
                    _ => Some(Schema { one_of: variants, ..Schema::any_object() }),
                }
            }
        }
    }

    /// The fields that another page lists: behind the anchor that a link names, or at the head of a page about fields.
    fn elsewhere(
        &mut self,
        anchors: &PageAnchors<'_>,
        link: &str,
        told: FieldContext<'_>,
        depth: usize,
    ) -> Option<Schema> {
        self.links = self.links.checked_sub(1)?;
        let page = self.index.linked(anchors.path, link)?;
        let other = PageAnchors::new(page, anchors.path);
        let tables = match link.split_once('#') {
            Some((_, anchor)) => other.anchored(anchor)?,
            None => other.of_fields()?,
        };
        let listed = match tables {
            Tables::Parts(tables) | Tables::Variants(tables) => tables,
        };
        listed
            .iter()
            .all(|table| FieldTable::of(table).is_typed())
            .then(|| self.read(&other, tables, told, depth))?
    }

    /// Whether there is still time for a row, which costs the more the longer it is.
    fn may_read(&mut self, row: &Row) -> bool {
        let spans = row.cells.iter().flat_map(Cell::paragraphs).flat_map(|text| &text.spans);
        let cost: usize = spans.map(|span| 1 + span.text.len() / 64).sum();
        let left = self.rows.checked_sub(cost + 1);
        if left.is_none() && self.rows > 0 {
            let message = "too many fields are referred to on this page; some were left out";
            self.diagnostics.add(row.line, message, "");
        }
        self.rows = left.unwrap_or(0);
        left.is_some()
    }
}

/// The identifier of an entity, where a field is named after one and its type after the entity.
fn identified(schema: Schema, told: FieldContext<'_>) -> Schema {
    let is_entity = schema.types == Schema::any_object().types && schema.format.is_some();
    let is_identifier = told.name.to_lowercase().ends_with("id") && !is_structured(told.example);
    if is_entity && is_identifier {
        return Schema { types: Schema::of(JsonType::Integer).types, ..schema };
    }
    schema
}

fn table(block: &Block) -> Option<&Table> {
    match block {
        Block::Table(table) => Some(table),
        _ => None,
    }
}
