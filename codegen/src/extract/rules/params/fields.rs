//! The schema of a parameter or a field: its documented type, its constraints, and the fields of objects and of the items of
//! lists.

mod lookup;
mod objects;
mod other_page;

use serde::Serialize;

use crate::descriptor::{JsonType, Schema, SourceForm};
use crate::extract::evidence::{Evidence, Leaf};
use crate::extract::page_log::PageLog;
use crate::extract::register::Rule;
use crate::extract::register::params::{
    ALTERNATIVE_TYPES, ARRAY_SENT_AS_OBJECT, DATE_IN_DESCRIPTION, ENTITY_FIELD_TABLE, FILTER_IS_OPEN,
    FORM_OF_AN_ITEM, IDENTIFIER_OF_ENTITY, LIST_TYPE, OBJECT_FORM_IN_SENTENCE, OWN_TYPE_WORD,
    SINGLE_VALUE_OR_STRUCTURE, TABLE_WITHOUT_HEAD, TYPE_BELOW_NAME, TYPE_FROM_DEFAULT,
    TYPE_FROM_REQUEST_BODY, TYPE_IN_CODE_SPAN, TYPE_NOT_UNDERSTOOD, TYPE_OF_ENTITY_FIELD, TYPE_TABLE,
    TYPE_WORD, UNTYPED_WORD,
};
use crate::extract::resolve::resolve;
use crate::extract::rules::params::anchors::PageAnchors;
use crate::extract::rules::params::attach::{
    complete, in_both_forms, in_list, is_structured, may_hold_fields, put,
};
use crate::extract::rules::params::described_keys::DescribedKeys;
use crate::extract::rules::params::field_context::FieldContext;
use crate::extract::rules::params::required::Marks;
use crate::extract::rules::params::{constraints, dates, defaults, described_keys, filters_and_orders};
use crate::extract::site_index::SiteIndex;
use crate::extract::syntax::ast::{Cell, Row, Table, Text};
use crate::extract::tables::field_table::FieldTable;
use crate::schema::words::{self, TypeOrigin, UNTYPED};

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
        let updates = method.rsplit('.').next().is_some_and(|word| word.eq_ignore_ascii_case("update"));
        let (open, path) = (Vec::new(), Vec::new());
        Self { form, updates, in_variant: false, index, log, rows: ROWS, links: LINKS, open, path }
    }

    /// The schema of a value, with the rule that gives its type; `None` where the row gives none.
    pub(super) fn schema(
        &mut self,
        anchors: &PageAnchors<'_>,
        context: FieldContext<'_>,
        depth: usize,
    ) -> Option<Evidence<Schema>> {
        let described = described_keys::keys(context, self.index);
        let documented = self.documented(context, described.as_ref());
        let of_type = documented.as_ref().map(|found| &found.value);
        if let Some(open) = filters_and_orders::schema(context.name, of_type, context.example) {
            return Some(Evidence::new(&FILTER_IS_OPEN, open, context.cell.line));
        }
        let holds_fields = of_type.map_or_else(|| is_structured(context.example), may_hold_fields);
        if !holds_fields {
            let mut found = documented?;
            if dates::is_date(&found.value, context) {
                found.value.format = Some("date-time".to_owned());
                self.claim(&DATE_IN_DESCRIPTION, found.line, "format", &found.value.format);
            }
            if let Some(description) = context.description {
                self.constrain(&mut found.value, description);
            }
            return Some(found);
        }
        let deep = filters_and_orders::names_fields(context.name) || depth >= DEPTH;
        let fields = if deep { None } else { self.fields(anchors, context, described, depth) };
        let Some((mut fields, rule)) = fields else {
            let mut found = documented?;
            self.complete(&mut found, context);
            return Some(found);
        };
        self.require_described(&mut fields, context);
        let untyped = || Evidence::new(rule, Schema::default(), context.cell.line);
        let mut found = documented.unwrap_or_else(untyped);
        self.put(&mut found, fields, rule, context);
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

    /// Records that a rule changes the type that another rule found.
    fn supersede(&mut self, found: &mut Evidence<Schema>, rule: &'static Rule) {
        self.log.fire(found.rule);
        found.rule = rule;
    }

    /// The documented type: the words in the cell, or else the type of the default.
    fn documented(
        &mut self,
        context: FieldContext<'_>,
        described: Option<&DescribedKeys>,
    ) -> Option<Evidence<Schema>> {
        let Some(mut found) = self.type_of_words(context) else {
            let inferred = defaults::infer_type(context)?;
            return Some(Evidence::new(&TYPE_FROM_DEFAULT, inferred, context.cell.line));
        };
        if is_identifier(&found.value, context) {
            found.value.types = Schema::of(JsonType::Integer).types;
            self.supersede(&mut found, &IDENTIFIER_OF_ENTITY);
        }
        if let Some((list, rule)) = in_list(&found.value, context) {
            found.value = list;
            self.supersede(&mut found, rule);
        }
        let keys = described.map(|described| &described.object);
        if let Some(both) = in_both_forms(&found.value, context, keys) {
            found.value = both;
            self.supersede(&mut found, &SINGLE_VALUE_OR_STRUCTURE);
        }
        Some(found)
    }

    fn type_of_words(&mut self, context: FieldContext<'_>) -> Option<Evidence<Schema>> {
        let words = context.type_words?;
        let Some(found) = words::documented_type(words, Some(self.index)) else {
            self.report_type(words, context);
            return None;
        };
        let is_code = |code: &str| !code.is_empty() && words.starts_with(&code.replace('/', "|"));
        let in_code = context.cell.paragraphs().flat_map(Text::code).any(is_code);
        self.log.fire(if in_code { &TYPE_IN_CODE_SPAN } else { &TYPE_BELOW_NAME });
        let mut rules = found.origins.into_iter().map(rule_of);
        let decisive = rules.next()?;
        rules.for_each(|rule| self.log.fire(rule));
        Some(Evidence::new(decisive, found.schema, context.cell.line))
    }

    /// Reports words that are no type. A rendered page has lost its types.
    fn report_type(&mut self, words: &str, context: FieldContext<'_>) {
        if UNTYPED.contains(&words) {
            self.log.fire(&UNTYPED_WORD);
        } else if self.form == SourceForm::Yfm {
            self.log.fire(&TYPE_NOT_UNDERSTOOD);
            let message = format!("the type \"{words}\" of {} is not understood", context.name);
            self.log.add(context.cell.line, message, "a type of the documentation");
        }
    }

    /// Adds the constraints in the description of a scalar.
    fn constrain(&mut self, schema: &mut Schema, description: &Cell) {
        for (rule, keyword) in constraints::add(schema, description) {
            self.claim(rule, description.line, keyword, constraints::KeywordOf { schema, keyword });
        }
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

/// Whether a field whose type is an entity is the identifier of one, by its name.
fn is_identifier(schema: &Schema, context: FieldContext<'_>) -> bool {
    let is_entity = schema.types == Schema::any_object().types && schema.format.is_some();
    is_entity && context.name.to_lowercase().ends_with("id") && !is_structured(context.example)
}

/// The rule for what a type is known by.
fn rule_of(origin: TypeOrigin) -> &'static Rule {
    match origin {
        TypeOrigin::Word => &TYPE_WORD,
        TypeOrigin::OwnWord => &OWN_TYPE_WORD,
        TypeOrigin::EntityField => &TYPE_OF_ENTITY_FIELD,
        TypeOrigin::TypeTable => &TYPE_TABLE,
        TypeOrigin::EntityTable => &ENTITY_FIELD_TABLE,
        TypeOrigin::List => &LIST_TYPE,
        TypeOrigin::Alternatives => &ALTERNATIVE_TYPES,
    }
}
