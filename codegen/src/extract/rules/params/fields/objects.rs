//! One object out of the rows of its tables: its fields, which of them are required, and whether its keys are data.

use serde_json::Value;

use crate::descriptor::{AdditionalProperties, Schema};
use crate::extract::lexicon::params::MORE_FIELDS;
use crate::extract::register::Rule;
use crate::extract::register::params::{
    INTERCHANGEABLE_FIELDS, KEY_WITH_STROKE, KEYS_ARE_DATA, KEYS_ARE_DATA_IN_CODE,
    KEYS_ARE_DATA_IN_DESCRIPTION, MARK_LEFT_OUT_IN_REQUEST, MARKS_OF_AN_UPDATE, MORE_FIELDS_ELSEWHERE,
    NAMES_WITH_STROKE, NUMBERS_BESIDE_PLACEHOLDER, PLACEHOLDER_NAME, ROW_FOR_LIST_ITEMS, TABLES_IN_A_CIRCLE,
};
use crate::extract::rules::params::anchors::PageAnchors;
use crate::extract::rules::params::attach::insert;
use crate::extract::rules::params::field_context::FieldContext;
use crate::extract::rules::params::fields::FieldReader;
use crate::extract::rules::params::map_keys;
use crate::extract::rules::params::required::{self, Choice, Marks};
use crate::extract::syntax::ast::{Cell, Section, Table, Text};
use crate::extract::syntax::json_repair::repaired;
use crate::extract::tables::field_table::{FieldRow, FieldTable};
use crate::extract::tables::name_cell::ParameterName;
use crate::schema::example;

/// An object whose rows are being read.
struct Record<'e> {
    /// What example requests send for it.
    example: &'e Schema,
    object: Schema,
    marks: Marks,
    /// Whether names with strokes between them are one key each.
    keys_with_stroke: bool,
}

impl FieldReader<'_, '_> {
    /// An object out of the rows of its tables, or one with such a record below each key.
    pub(in crate::extract::rules::params) fn object(
        &mut self,
        anchors: &PageAnchors<'_>,
        tables: &[&Table],
        context: FieldContext<'_>,
        depth: usize,
    ) -> Option<Schema> {
        let example = context.example.items.as_deref().unwrap_or(context.example);
        let read: Vec<FieldTable<'_>> = tables.iter().map(|table| FieldTable::of(table)).collect();
        let (mut keyed, records) = keyed_by(context, example, &read);
        if keyed.is_none() && example.properties.is_empty() && shows_records(anchors, tables, &read) {
            keyed = Some(&KEYS_ARE_DATA_IN_CODE);
        }
        let example = match &records {
            Some(records) => records,
            // An example that sends no keys shows nothing of the record.
            None if keyed.is_some() => &Schema::default(),
            None => example,
        };
        let keys_with_stroke = sends_stroke(example, &read);
        let (object, marks) = (Schema::any_object(), Marks::default());
        let mut record = Record { example, object, marks, keys_with_stroke };
        self.read_tables(anchors, tables, &read, depth, &mut record);
        self.weigh_marks(anchors, tables, &read, &mut record);
        let mut object = record.object;
        if object.properties.is_empty() && object.additional.is_none() {
            return None;
        }
        if let Some(line) = anchors.around(tables).and_then(more_fields) {
            object.additional = Some(AdditionalProperties::Allowed(true));
            self.claim(&MORE_FIELDS_ELSEWHERE, line, "additionalProperties", true);
        }
        if let Some(values) = map_keys::numbered(&object) {
            self.claim(&NUMBERS_BESIDE_PLACEHOLDER, context.cell.line, "additionalProperties", &values);
            return Some(map_keys::keyed(values));
        }
        let Some(rule) = keyed else { return Some(object) };
        self.claim(rule, context.cell.line, "additionalProperties", &object);
        Some(map_keys::keyed(object))
    }

    /// Reads the rows of several tables of one object, but for tables that are already being read.
    fn read_tables(
        &mut self,
        anchors: &PageAnchors<'_>,
        tables: &[&Table],
        read: &[FieldTable<'_>],
        depth: usize,
        record: &mut Record<'_>,
    ) {
        let already_open = self.open.len();
        for (table, fields) in tables.iter().zip(read) {
            let identity = std::ptr::from_ref::<Table>(table).addr();
            if self.open.contains(&identity) {
                self.log.fire(&TABLES_IN_A_CIRCLE);
                continue;
            }
            self.open.push(identity);
            self.note_head(table, fields);
            for row in &fields.rows {
                if !self.may_read(row.row) {
                    break;
                }
                self.read_row(anchors, row, depth, record);
            }
        }
        self.open.truncate(already_open);
    }

    /// Adds the fields of a row.
    fn read_row(
        &mut self,
        anchors: &PageAnchors<'_>,
        row: &FieldRow<'_>,
        depth: usize,
        record: &mut Record<'_>,
    ) {
        let (mut names, starred) = match &row.name.parameter {
            Some(ParameterName::Names { names, required }) => (names.clone(), *required || row.is_required()),
            Some(ParameterName::Placeholder) => {
                record.object.additional = Some(AdditionalProperties::Allowed(true));
                self.claim(&PLACEHOLDER_NAME, row.name.line, "additionalProperties", true);
                return;
            }
            None => return,
        };
        if names.len() > 1 {
            // A key may have a stroke in it.
            let whole = names.join("|");
            let is_sent = record.keys_with_stroke;
            self.log.fire(if is_sent { &KEY_WITH_STROKE } else { &NAMES_WITH_STROKE });
            names = if is_sent { vec![whole] } else { names };
        }
        let required = match names.as_slice() {
            [name] => starred && !is_path_of_list(name) && record.marks.add(name, row),
            _ => false,
        };
        let unknown = Schema::default();
        for name in names {
            if is_path_of_list(&name) {
                self.log.fire(&ROW_FOR_LIST_ITEMS);
                continue;
            }
            let context =
                FieldContext::of(row, &name, record.example.properties.get(&name).unwrap_or(&unknown));
            let schema = self.within(&name, |reader| {
                let found = reader.schema(anchors, context, depth);
                reader.record(context, found.as_ref());
                found.map(|found| found.value).unwrap_or_default()
            });
            if let Some(rule) = insert(&mut record.object, name, schema, required) {
                self.log.fire(rule);
            }
        }
    }

    /// Takes back marks that are contradicted: by a sentence in which one of several fields is enough, and by an example that
    /// leaves one out. On the page of an update none of them counts then, since its table describes the fields of a new record.
    fn weigh_marks(
        &mut self,
        anchors: &PageAnchors<'_>,
        tables: &[&Table],
        read: &[FieldTable<'_>],
        record: &mut Record<'_>,
    ) {
        let Record { example, object, marks, .. } = record;
        if object.required.len() > 1 {
            let around = anchors.around(tables).into_iter().flat_map(Section::paragraphs);
            let in_cells = tables.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells);
            for choice in choices(around.chain(in_cells.flat_map(Cell::paragraphs)), read, &object.required) {
                object.required.retain(|name| !choice.value.contains(name));
                for name in &choice.value {
                    marks.take_back(name, &INTERCHANGEABLE_FIELDS, choice.line);
                }
            }
        }
        let left_out = |name: &String| !example.required.contains(name);
        if self.updates && object.required.iter().any(left_out) {
            for name in object.required.drain(..) {
                marks.take_back(&name, &MARKS_OF_AN_UPDATE, 0);
            }
        } else if !example.properties.is_empty() && !self.in_variant {
            for name in object.required.extract_if(.., |name| left_out(name)) {
                marks.take_back(&name, &MARK_LEFT_OUT_IN_REQUEST, 0);
            }
        }
        self.record_marks(marks);
    }
}

/// The sets of required fields of which one may stand for another.
fn choices<'a>(
    texts: impl Iterator<Item = &'a Text>,
    read: &[FieldTable<'_>],
    required: &[String],
) -> Vec<Choice> {
    let mut choices = required::either(texts, required);
    choices.extend(read.iter().flat_map(|table| required::stand_ins(table, required)));
    choices
}

/// Whether an example request sends the names of a row with strokes between them as one key.
fn sends_stroke(example: &Schema, tables: &[FieldTable<'_>]) -> bool {
    let rows = || tables.iter().flat_map(|table| &table.rows);
    example.properties.keys().filter(|key| key.contains('|')).any(|key| {
        rows().any(|row| {
            matches!(&row.name.parameter, Some(ParameterName::Names { names, .. }) if names.join("|") == *key)
        })
    })
}

/// The rule by which the keys of an object are data, and the record below each key in example requests.
fn keyed_by(
    context: FieldContext<'_>,
    example: &Schema,
    read: &[FieldTable<'_>],
) -> (Option<&'static Rule>, Option<Schema>) {
    let listed = listed_names(read);
    if let Some(records) = map_keys::records_of(example, &listed) {
        return (Some(&KEYS_ARE_DATA), Some(records));
    }
    let described = map_keys::are_keys_data(context.name, context.description, example, &listed);
    (described.then_some(&KEYS_ARE_DATA_IN_DESCRIPTION), None)
}

/// Whether code in the section of the tables shows an object with a record of their fields below each key.
fn shows_records(anchors: &PageAnchors<'_>, tables: &[&Table], read: &[FieldTable<'_>]) -> bool {
    let listed = listed_names(read);
    let shown = anchors.around(tables).into_iter().flat_map(Section::code);
    let objects = shown.filter_map(|code| repaired(code.text.trim())).filter(Value::is_object);
    let mut records =
        objects.map(|shown| map_keys::records_of(&example::schema_of(&shown), &listed)).peekable();
    records.peek().is_some() && records.all(|records| records.is_some())
}

/// The line in which a section refers to a complete list of fields on another page.
fn more_fields(section: &Section) -> Option<usize> {
    let refers = |text: &&Text| !text.targets.is_empty() && MORE_FIELDS.begin(&text.prose());
    section.paragraphs().find(refers).map(|text| text.line)
}

/// The names that tables list.
fn listed_names(tables: &[FieldTable<'_>]) -> Vec<String> {
    let mut listed = Vec::new();
    for row in tables.iter().flat_map(|table| &table.rows) {
        if let Some(ParameterName::Names { names, .. }) = &row.name.parameter {
            listed.push(names.join("|"));
            listed.extend(names.iter().cloned());
        }
    }
    listed
}

/// A row for the items of a list beside that of the list itself: `rows[]`.
fn is_path_of_list(name: &str) -> bool {
    name.contains("[")
}
