//! The fields of objects and of the items of lists, through every way in which pages refer to them.

mod objects;

use crate::descriptor::{JsonType, Schema, SourceForm};
use crate::extract::diagnostics::PageDiagnostics;
use crate::extract::evidence::{Evidence, Leaf};
use crate::extract::register::params::{
    FIELDS_BELOW_HEADING, FILTER_IS_OPEN, TYPE_FROM_DEFAULT, TYPE_FROM_REQUEST_BODY, TYPE_NOT_UNDERSTOOD,
    TYPE_WORD,
};
use crate::extract::resolve::resolve;
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
    /// The names on the way to the field that is being read.
    path: Vec<String>,
}

impl<'a, 't> Reader<'a, 't> {
    pub(super) fn new(
        form: SourceForm,
        method: &str,
        index: &'a SiteIndex<'a>,
        diagnostics: &'t mut PageDiagnostics,
    ) -> Self {
        let updates = method.rsplit('.').next().is_some_and(|word| word.eq_ignore_ascii_case("update"));
        Self {
            form,
            updates,
            index,
            diagnostics,
            rows: ROWS,
            links: LINKS,
            open: Vec::new(),
            path: Vec::new(),
        }
    }

    /// What a row says about a value, with the rule that gives its type; `None` where it says nothing.
    pub(super) fn schema(
        &mut self,
        anchors: &PageAnchors<'_>,
        context: FieldContext<'_>,
        depth: usize,
    ) -> Option<Evidence<Schema>> {
        let explained = described_keys::keys(context, self.index);
        let documented = self.documented(context, explained.as_ref());
        let of_type = documented.as_ref().map(|found| &found.value);
        if let Some(open) = filters_and_orders::schema(context.name, of_type, context.example) {
            return Some(Evidence::new(&FILTER_IS_OPEN, open, context.cell.line));
        }
        let holds_fields = of_type.map_or_else(|| is_structured(context.example), may_hold_fields);
        if !holds_fields {
            let mut found = documented?;
            if let Some(description) = context.description {
                self.constrain(&mut found.value, description);
            }
            return Some(found);
        }
        let deep = filters_and_orders::names_fields(context.name) || depth >= DEPTH;
        let fields = if deep { None } else { self.fields(anchors, context, explained, depth) };
        let had_type = documented.is_some();
        let mut found = documented
            .unwrap_or_else(|| Evidence::new(&FIELDS_BELOW_HEADING, Schema::default(), context.cell.line));
        let schema = &mut found.value;
        match fields {
            Some(fields) if context.example.is_unknown() && described_keys::shows_object(context) => {
                put(schema, fields, &Schema::any_object());
            }
            Some(fields) => put(schema, fields, context.example),
            None if had_type => shown(schema, context),
            None => return None,
        }
        Some(found)
    }

    /// The documented type: the words in the cell, or else what the default shows.
    fn documented(
        &mut self,
        context: FieldContext<'_>,
        explained: Option<&Schema>,
    ) -> Option<Evidence<Schema>> {
        let Some(schema) = self.type_of_words(context) else {
            let inferred = constraints::infer_from_default(context)?;
            return Some(Evidence::new(&TYPE_FROM_DEFAULT, inferred, context.cell.line));
        };
        let schema = in_both_forms(in_list(schema, context), context, explained);
        Some(Evidence::new(&TYPE_WORD, schema, context.cell.line))
    }

    fn type_of_words(&mut self, context: FieldContext<'_>) -> Option<Schema> {
        let word = context.type_words?;
        let schema = words::schema_in(word, Some(self.index));
        let silent = ["unknown", "any", "mixed", "enum"].contains(&word);
        if schema.is_none() && self.form == SourceForm::Yfm && !silent {
            self.diagnostics.fire(&TYPE_NOT_UNDERSTOOD);
            let message = format!("the type \"{word}\" of {} is not understood", context.name);
            self.diagnostics.add(context.cell.line, message, "a type of the documentation");
        }
        schema.map(|schema| identified(schema, context))
    }

    /// Adds what a description says about the values of a scalar.
    fn constrain(&mut self, schema: &mut Schema, description: &Cell) {
        for (rule, keyword) in constraints::add(schema, description) {
            let value = constraints::keyword(schema, keyword);
            let (path, ledger) = (&self.path, &mut self.diagnostics.ledger);
            let names = || path.iter().map(String::as_str);
            ledger.claim(rule, description.line, || Leaf::schema("params", names(), keyword), value);
        }
    }

    /// Records the evidence on a field inside a parameter: what documents it, and what example requests send.
    pub(super) fn record(&mut self, context: FieldContext<'_>, documented: Option<&Evidence<Schema>>) {
        let sent = Some(context.example).filter(|example| !example.is_unknown()).cloned();
        let sent = sent.map(|schema| Evidence::new(&TYPE_FROM_REQUEST_BODY, schema, 0));
        let evidence: Vec<Evidence<Schema>> = documented.cloned().into_iter().chain(sent).collect();
        let decision = resolve(&evidence, |_| true);
        let path = &self.path;
        let leaf = || Leaf::schema("params", path.iter().map(String::as_str), "type");
        self.diagnostics.ledger.decided(&evidence, &decision, leaf);
    }

    /// Reads a field with its name on the path that evidence is recorded under.
    pub(super) fn within<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(name.to_owned());
        let found = read(self);
        self.path.pop();
        found
    }

    /// The fields of an object: in a table of its own cell, behind a link, below a heading that names it, on another page,
    /// or as a list in its description.
    fn fields(
        &mut self,
        anchors: &PageAnchors<'_>,
        context: FieldContext<'_>,
        explained: Option<Schema>,
        depth: usize,
    ) -> Option<Schema> {
        let cells = || context.description.into_iter().chain([context.cell]);
        let nested: Vec<&Table> = cells().flat_map(|cell| flat(&cell.blocks)).filter_map(table).collect();
        if !nested.is_empty()
            && let Some(found) = self.object(anchors, &nested, context, depth + 1)
        {
            return Some(found);
        }
        let texts = || cells().flat_map(Cell::paragraphs);
        let links: Vec<&str> = texts().flat_map(|text| &text.targets).map(String::as_str).take(12).collect();
        for anchor in links.iter().filter_map(|link| link.strip_prefix('#')) {
            // What is behind a link may be a table of one of the keys that the description explains.
            let of_key = |keys: &Schema| keys.properties.keys().any(|key| key.eq_ignore_ascii_case(anchor));
            if explained.as_ref().is_some_and(of_key) && !anchor.eq_ignore_ascii_case(context.name) {
                continue;
            }
            let found =
                anchors.anchored(anchor).and_then(|tables| self.read(anchors, tables, context, depth));
            if found.is_some() {
                return found;
            }
        }
        let found =
            anchors.headed(context.name).and_then(|tables| self.read(anchors, tables, context, depth));
        found
            .or_else(|| links.iter().find_map(|link| self.elsewhere(anchors, link, context, depth)))
            .or_else(|| explained.map(|keys| self.completed(keys, anchors, context, depth)))
    }

    /// The keys that a description explains, with the fields of those that have a heading of their own.
    fn completed(
        &mut self,
        mut keys: Schema,
        anchors: &PageAnchors<'_>,
        context: FieldContext<'_>,
        depth: usize,
    ) -> Schema {
        for (name, schema) in &mut keys.properties {
            let Some(example) = context.example.properties.get(name).filter(|sent| is_structured(sent))
            else {
                continue;
            };
            let of_key = FieldContext { name: name.as_str(), description: None, example, ..context };
            let found = self.within(name, |reader| {
                anchors.headed(name).and_then(|tables| reader.read(anchors, tables, of_key, depth + 1))
            });
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
        context: FieldContext<'_>,
        depth: usize,
    ) -> Option<Schema> {
        match tables {
            Tables::Parts(tables) => self.object(anchors, tables, context, depth + 1),
            Tables::Variants(tables) => {
                let mut variants: Vec<Schema> = Vec::new();
                for table in tables {
                    let variant = self.object(anchors, &[table], context, depth + 1);
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
        context: FieldContext<'_>,
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
            .then(|| self.read(&other, tables, context, depth))?
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
fn identified(schema: Schema, context: FieldContext<'_>) -> Schema {
    let is_entity = schema.types == Schema::any_object().types && schema.format.is_some();
    let is_identifier = context.name.to_lowercase().ends_with("id") && !is_structured(context.example);
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
