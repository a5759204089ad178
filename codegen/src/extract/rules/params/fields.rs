//! The schema of a parameter or a field: its documented type, its constraints, and the fields of objects and of the items of
//! lists.

mod constrain;
mod documented;
mod lookup;
mod objects;
mod other_page;

use serde::Serialize;

use crate::descriptor::{JsonType, Schema, SourceForm};
use crate::extract::evidence::{Evidence, Leaf};
use crate::extract::lexicon::params::{OBJECTS, SEVERAL};
use crate::extract::lexicon::verbs::{RECORDS, WRITING_VERBS};
use crate::extract::page_log::PageLog;
use crate::extract::register::Rule;
use crate::extract::register::params::{
    ARRAY_SENT_AS_OBJECT, DATE_IN_DESCRIPTION, FILTER_IS_OPEN, FORM_OF_AN_ITEM, OBJECT_FORM_IN_SENTENCE,
    TABLE_WITHOUT_HEAD, TYPE_FROM_REQUEST_BODY,
};
use crate::extract::resolve::resolve;
use crate::extract::rules::params::anchors::PageAnchors;
use crate::extract::rules::params::attach::{complete, is_structured, may_hold_fields, put};
use crate::extract::rules::params::field_context::FieldContext;
use crate::extract::rules::params::required::Marks;
use crate::extract::rules::params::{dates, described_keys, filters_and_orders};
use crate::extract::site_index::SiteIndex;
use crate::extract::syntax::ast::{Cell, Row, Table};
use crate::extract::tables::field_table::FieldTable;

/// How deep objects may be nested.
const DEPTH: usize = 5;
/// How much is read for one page: each row counts with its length. Without a limit, tables that refer to one another would be
/// read again and again.
const ROWS: usize = 100_000;
/// How many links to other pages are followed for one page.
const LINKS: usize = 60;

/// Reads the rows of tables, and what they refer to.
pub(super) struct FieldReader<'a, 't> {
    form: SourceForm,
    /// Whether the method updates a record, whose fields stay as they are where a request leaves them out.
    updates: bool,
    /// Whether the method writes a record, by its last word.
    writes: bool,
    /// Whether one of several variants of an object is read; examples may send another one.
    in_variant: bool,
    index: &'a SiteIndex<'a>,
    pub(super) log: &'t mut PageLog,
    rows: usize,
    links: usize,
    /// The tables that are being read, which a field named like its object does not lead back to.
    open: Vec<usize>,
    /// The names on the way to the field that is being read.
    path: Vec<String>,
}

impl<'a, 't> FieldReader<'a, 't> {
    pub(super) fn new(
        form: SourceForm,
        method: &str,
        index: &'a SiteIndex<'a>,
        log: &'t mut PageLog,
    ) -> Self {
        let verb = method.rsplit('.').next().unwrap_or_default();
        let (updates, writes) = (verb.eq_ignore_ascii_case("update"), WRITING_VERBS.are(verb));
        let (open, path) = (Vec::new(), Vec::new());
        Self { form, updates, writes, in_variant: false, index, log, rows: ROWS, links: LINKS, open, path }
    }

    /// The schema of a value, with the rule that gives its type; `None` where the row gives none.
    pub(super) fn schema(
        &mut self,
        anchors: &PageAnchors<'_>,
        context: FieldContext<'_>,
        depth: usize,
    ) -> Option<Evidence<Schema>> {
        let unknown = Schema::default();
        let unsent = FieldContext { example: &unknown, ..context };
        // In a variant of an object, a value that an example sends may be that of another one.
        let is_keyed = self.in_variant && context.type_words.is_none();
        let is_keyed =
            is_keyed && describes_object(unsent) && described_keys::keys(unsent, self.index).is_some();
        let context = if is_keyed { unsent } else { context };
        let described = described_keys::keys(context, self.index);
        let documented = self.documented(context, described.as_ref());
        let of_type = documented.as_ref().map(|found| &found.value);
        if let Some(open) = filters_and_orders::schema(context, of_type) {
            return Some(Evidence::new(&FILTER_IS_OPEN, open, context.cell.line));
        }
        let is_described = described.is_some() && describes_object(context);
        let holds_fields =
            of_type.map_or_else(|| is_described || is_structured(context.example), may_hold_fields);
        if !holds_fields {
            let mut found = documented.or_else(|| sent(context).filter(|_| depth > 0))?;
            if dates::is_date(&found.value, context) {
                found.value.format = Some("date-time".to_owned());
                self.claim(&DATE_IN_DESCRIPTION, found.line, "format", &found.value.format);
            }
            if let Some(description) = context.description {
                self.constrain(&mut found.value, description);
            }
            self.constrain_list(&mut found.value, context);
            self.take_default(&mut found.value, context);
            return Some(found);
        }
        let deep = filters_and_orders::names_fields(context.name) || depth >= DEPTH;
        let fields = if deep { None } else { self.fields(anchors, context, described, depth) };
        let Some((mut fields, rule)) = fields else {
            let mut found = documented?;
            self.complete(&mut found, context);
            self.constrain_list(&mut found.value, context);
            self.keyed_by_code(&mut found, context);
            return Some(found);
        };
        self.require_described(&mut fields, context);
        let untyped = || Evidence::new(rule, Schema::default(), context.cell.line);
        let mut found = documented.unwrap_or_else(untyped);
        self.put(&mut found, fields, rule, context);
        self.constrain_list(&mut found.value, context);
        self.keyed_by_code(&mut found, context);
        Some(found)
    }

    /// Puts fields into the type of their object.
    fn put(
        &mut self,
        found: &mut Evidence<Schema>,
        fields: Schema,
        rule: &'static Rule,
        context: FieldContext<'_>,
    ) {
        self.log.fire(rule);
        let is_form = *rule == OBJECT_FORM_IN_SENTENCE;
        let form_of_value =
            (is_form || context.example.is_unknown()) && described_keys::shows_object(context);
        let is_form_alone = form_of_value && context.example.is_unknown();
        let object = Schema::any_object();
        let becomes_object =
            put(&mut found.value, fields, if is_form_alone { &object } else { context.example });
        if becomes_object {
            let rule = if is_form_alone { &FORM_OF_AN_ITEM } else { &ARRAY_SENT_AS_OBJECT };
            self.supersede(found, rule);
        } else if is_form && !form_of_value && found.value.items.is_some() {
            self.claim(&FORM_OF_AN_ITEM, context.cell.line, "items", &found.value.items);
        }
    }

    /// Completes a type that is documented without the fields or items inside.
    fn complete(&mut self, found: &mut Evidence<Schema>, context: FieldContext<'_>) {
        match complete(&mut found.value, context) {
            Some(rule) if found.value.items.is_some() => {
                self.claim(rule, found.line, "items", &found.value.items);
            }
            Some(rule) => self.supersede(found, rule),
            None => {}
        }
    }

    /// Whether a parameter that is documented as an array has the fields of a record, which no example request sends as a list.
    pub(super) fn is_record(&self, documented: &Schema, context: FieldContext<'_>) -> bool {
        let is_sent_as_list = context.example.types.0.contains(&JsonType::Array);
        self.writes
            && self.path.len() <= 1
            && RECORDS.are(context.name)
            && documented.types.0 == [JsonType::Array]
            && documented.items.is_none()
            && !is_sent_as_list
    }

    /// Records that a rule changes the type that another rule found.
    fn supersede(&mut self, found: &mut Evidence<Schema>, rule: &'static Rule) {
        self.log.fire(found.rule);
        found.rule = rule;
    }

    /// Records what a rule claims about a keyword of the schema that is being read.
    pub(super) fn claim(
        &mut self,
        rule: &'static Rule,
        line: usize,
        keyword: &'static str,
        value: impl Serialize,
    ) {
        let (path, ledger) = (&self.path, &mut self.log.ledger);
        let names = || path.iter().map(String::as_str);
        ledger.claim(rule, line, || Leaf::schema("params", names(), keyword), value);
    }

    /// Records the evidence on a field inside a parameter. What example requests send counts only beside a documented type.
    pub(super) fn record(&mut self, context: FieldContext<'_>, documented: Option<&Evidence<Schema>>) {
        let Some(documented) = documented else { return };
        let sent = Some(context.example).filter(|example| !example.is_unknown());
        let sent = sent.map(|schema| Evidence::new(&TYPE_FROM_REQUEST_BODY, schema, 0));
        let evidence: Vec<Evidence<&Schema>> = std::iter::once(documented.as_ref()).chain(sent).collect();
        self.decide("type", &evidence);
    }

    /// Records the evidence on the marks of the object that is being read.
    pub(super) fn record_marks(&mut self, marks: &Marks) {
        for evidence in marks.evidence() {
            self.decide("required", evidence);
        }
    }

    /// Records evidence of which the first piece decides.
    fn decide<T: Serialize>(&mut self, keyword: &'static str, evidence: &[Evidence<T>]) {
        let decision = resolve(evidence, |_| true);
        let path = &self.path;
        let leaf = || Leaf::schema("params", path.iter().map(String::as_str), keyword);
        self.log.ledger.decided(evidence, &decision, leaf);
    }

    /// Records that a table begins with its data.
    pub(super) fn note_head(&mut self, table: &Table, fields: &FieldTable<'_>) {
        let first = table.rows.first().zip(fields.rows.first());
        if first.is_some_and(|(row, field)| std::ptr::eq(row, field.row)) {
            self.log.fire(&TABLE_WITHOUT_HEAD);
        }
    }

    /// Reads a field with its name on the path that evidence is recorded under.
    pub(super) fn within<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(name.to_owned());
        let found = read(self);
        self.path.pop();
        found
    }

    /// Whether a row may still be read. A longer row costs more.
    fn may_read(&mut self, row: &Row) -> bool {
        let spans = row.cells.iter().flat_map(Cell::paragraphs).flat_map(|text| &text.spans);
        let cost: usize = spans.map(|span| 1 + span.text.len() / 64).sum();
        let left = self.rows.checked_sub(cost + 1);
        if left.is_none() && self.rows > 0 {
            let message = "this page refers to too many fields; some were left out";
            self.log.add(row.line, message, "");
        }
        self.rows = left.unwrap_or(0);
        left.is_some()
    }
}

/// Whether the description of a field without a type calls it an object, of which requests send no single value.
fn describes_object(context: FieldContext<'_>) -> bool {
    let prose = context.description.map(Cell::prose).unwrap_or_default();
    !lookup::is_value(context.example) && OBJECTS.are_words_of(&prose) && !SEVERAL.are_words_of(&prose)
}

/// The single value that example requests send for a field without a documented type.
fn sent(context: FieldContext<'_>) -> Option<Evidence<Schema>> {
    let untyped = context.type_words.is_none() && lookup::is_value(context.example);
    untyped.then(|| Evidence::new(&TYPE_FROM_REQUEST_BODY, context.example.clone(), context.cell.line))
}
