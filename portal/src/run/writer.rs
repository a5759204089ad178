//! Rows in the form of the results that have them.

use std::cell::OnceCell;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::direct::RowsText;
use super::layout::{Field, Layout, row_form};
use super::parts::Parts;
use super::rows::stored_field;
use super::values::Context;
use super::{Call, Machine};
use crate::answer::{Form, Seed, shape, write};
use crate::families::{Column, fold};
use crate::php;
use crate::spec::{JsonType, Schema};
use crate::store::{Row, RowForm, RowTexts, Table, View};

/// How rows of a call are written.
pub(super) struct Writer<'c> {
    machine: &'c Machine,
    call: Call<'c>,
    form: Form,
    seed: Seed,
    is_shared: bool,
    schema: &'c Schema,
    table: &'c Table,
    row_form: RowForm,
    layout: OnceCell<Arc<Layout>>,
    /// The schema and the column of rows that are single values: the code by which a row is chosen.
    scalar: Option<(&'c Schema, String, usize)>,
    /// The selected parts of fields that are objects.
    parts: Parts,
    texts: OnceCell<RowTexts>,
}

impl<'c> Writer<'c> {
    /// A writer of rows of this schema, with the selected fields.
    pub(super) fn new(machine: &'c Machine, call: Call<'c>, schema: &'c Schema, table: &'c Table) -> Self {
        let form = Form::of(call.method.api, &call.method.name).of_object(schema);
        let code = if schema.is_scalar() { code(&call, table) } else { None };
        let scalar = code.map(|(name, column)| (schema, name, column));
        let is_shared = call.is_shared();
        let parts = Parts::of(&call);
        Self {
            machine,
            call,
            form,
            seed: machine.seed,
            is_shared,
            schema,
            table,
            row_form: row_form(&call),
            layout: OnceCell::new(),
            scalar,
            parts,
            texts: OnceCell::new(),
        }
    }

    /// The fields of a row. They are looked up when a row is not known as text.
    fn layout(&self) -> &Layout {
        self.layout.get_or_init(|| {
            self.machine.layouts.get(&self.row_form, &self.call, (self.schema, self.form), self.table)
        })
    }

    /// One row.
    pub(super) fn row(&self, id: i64, row: &Row) -> Value {
        let seed = self.call.seed(self.seed, id);
        let defs = &self.call.method.returns.defs;
        if let Some((schema, name, column)) = &self.scalar {
            let value = row.value(*column).unwrap_or_default();
            return write(schema, defs, self.form, value, (name, seed));
        }
        let Layout { fields, further, .. } = self.layout();
        let mut written = Map::with_capacity(fields.len() + further.len());
        for field in fields {
            if let Some((name, schema)) = field.of(self.schema)
                && let Some(value) = self.shown(name, schema, (id, row), field.column, seed)
            {
                written.insert(name.clone(), self.parts.only(name, value));
            }
        }
        for (name, column) in further {
            if let Some(value) = row.value(*column) {
                written.insert(name.clone(), self.machine.linked(value, false));
            }
        }
        // PHP has no empty map.
        if written.is_empty() && self.row_form.selected.is_some() {
            json!([])
        } else {
            Value::Object(written)
        }
    }

    /// The value of a field, as it is written. `None`: the row does not have the field.
    fn shown(
        &self,
        name: &str,
        schema: &Schema,
        (id, row): (i64, &Row),
        column: Option<usize>,
        seed: Seed,
    ) -> Option<Value> {
        let defs = &self.call.method.returns.defs;
        let family = self.call.family;
        let is_shown = !family.show.is_empty() && {
            let folded = fold(name);
            family.show.iter().any(|setting| setting.field == folded)
        };
        if is_shown {
            let context = Context { row: Some((id, self.table, row)), ..Context::default() };
            let value = self.machine.shown_field(&self.call, family, &fold(name), &context)?;
            return Some(shape(schema, defs, self.form, value, (name, seed)));
        }
        let value = self.value(name, schema, column, row)?;
        Some(write(schema, defs, self.form, value, (name, seed)))
    }

    /// Whether rows have values that follow from other rows, so that their texts are not kept.
    fn is_composed(&self) -> bool {
        let family = self.call.family;
        !family.show.is_empty() || !family.values.is_empty() || !self.parts.is_empty()
    }

    /// The stored value of a field, in the words of the family. `None`: the row does not have the field.
    fn value(&self, name: &str, schema: &Schema, column: Option<usize>, row: &Row) -> Option<Value> {
        let value = self.stored(name, schema, column, row)?;
        let Some(words) = self.call.family.values.get(&fold(name)) else { return Some(value) };
        let is_same = |stored: &Value| php::text(stored) == php::text(&value);
        let word = words.iter().find(|(_, stored)| is_same(stored));
        Some(word.map_or(value, |(word, _)| word.as_str().into()))
    }

    /// The stored value of a field. `None`: the row does not have the field.
    fn stored(&self, name: &str, schema: &Schema, column: Option<usize>, row: &Row) -> Option<Value> {
        match column.and_then(|column| row.value(column)) {
            Some(value) => Some(self.machine.linked(value, schema.single() == Some(JsonType::String))),
            // The other family of a shared table does not write the field.
            None => self.is_shared.then(|| self.call.chosen_kind(name)),
        }
    }

    /// The texts of rows that were written before.
    fn texts(&self) -> &RowTexts {
        self.texts.get_or_init(|| self.table.texts(&self.row_form))
    }

    /// Appends the texts of rows, each after `begin`, which gets the number of rows before it. They are those of [`row`](Self::row).
    fn write(&self, ids: &[i64], text: &mut RowsText, begin: impl Fn(usize, i64, &mut Vec<u8>)) {
        let mut texts = self.texts().lock();
        // A comma or a name precedes each row.
        text.reserve(texts.likely_bytes(ids.len()) + ids.len() + 2);
        let RowsText(text) = text;
        let mut count = 0;
        for id in ids {
            let before = text.len();
            begin(count, *id, text);
            let write_new = |text: &mut Vec<u8>| {
                let row = self.table.row(*id);
                row.is_some_and(|row| {
                    self.write_new(*id, row, text);
                    true
                })
            };
            if texts.append(*id, text, write_new) {
                count += 1;
            } else {
                text.truncate(before);
            }
        }
    }

    fn write_new(&self, id: i64, row: &Row, text: &mut Vec<u8>) {
        let begin = text.len();
        if self.scalar.is_some() {
            return append(text, &self.row(id, row));
        }
        let Layout { fields, further, .. } = self.layout();
        text.push(b'{');
        let comma = |text: &mut Vec<u8>| {
            if text.len() > begin + 1 {
                text.push(b',');
            }
        };
        for field in fields {
            let view = field.column.filter(|column| row.has(*column)).map(|column| row.view(column));
            if view.is_none() && !self.is_shared {
                continue;
            }
            comma(text);
            text.extend_from_slice(&field.json_name);
            match view {
                Some(View::Null) => text.extend_from_slice(field.empty.text().as_bytes()),
                Some(view) if field.direct.write(view, text) => {}
                _ => self.write_value(id, row, field, text),
            }
        }
        for (field, column) in further {
            if let Some(value) = row.value(*column) {
                comma(text);
                append(text, &field.as_str().into());
                text.push(b':');
                append(text, &self.machine.linked(value, false));
            }
        }
        text.push(b'}');
        if text.len() == begin + 2 && self.row_form.selected.is_some() {
            text.truncate(begin);
            text.extend_from_slice(b"[]");
        }
    }

    /// Writes a value that has no direct form.
    fn write_value(&self, id: i64, row: &Row, field: &Field, text: &mut Vec<u8>) {
        let Some((name, schema)) = field.of(self.schema) else { return append(text, &Value::Null) };
        let seed = self.call.seed(self.seed, id);
        let value = self.value(name, schema, field.column, row).unwrap_or_default();
        append(text, &write(schema, &self.call.method.returns.defs, self.form, value, (name, seed)));
    }
}

fn append(text: &mut Vec<u8>, value: &Value) {
    // Writing to memory does not fail.
    let _ = serde_json::to_writer(text, value);
}

/// The field by which rows are chosen, where they have no number.
fn code(call: &Call<'_>, table: &Table) -> Option<(String, usize)> {
    if let Some(name) = &call.operation.value {
        return Some((name.clone(), table.column(name)?));
    }
    let keys = call.family.operations.values().flat_map(|operation| &operation.keys);
    let mut names = keys.filter_map(|key| match &key.column {
        Column::Field(name) => Some((key.param.clone(), table.column(name)?)),
        Column::Id => None,
    });
    names.next()
}

impl Call<'_> {
    /// The value of a field that another family does not write: that of the parameter that chooses the kind.
    fn chosen_kind(&self, name: &str) -> Value {
        let folded = fold(name);
        if !self.family.partition.contains(&folded) {
            return Value::Null;
        }
        let value = self.param(&folded).cloned().unwrap_or_default();
        stored_field(self.family, &folded, value)
    }
}

impl Machine {
    /// A row, or the mark of its text. `None`: there is no such row.
    pub(super) fn row_value(&self, writer: &Writer<'_>, id: i64) -> Option<Value> {
        if !self.texts.is_active() || writer.is_composed() {
            return writer.table.row(id).map(|row| writer.row(id, row));
        }
        let mut text = RowsText::new();
        writer.write(&[id], &mut text, |_, _, _| {});
        (!text.is_empty()).then(|| self.texts.keep(text))
    }

    /// Rows as a list, or as a map by their identifiers; or the mark of their text.
    pub(super) fn rows_value(&self, writer: &Writer<'_>, ids: &[i64], is_map: bool) -> Value {
        if !self.texts.is_active() || writer.is_composed() {
            let rows = ids.iter().filter_map(|id| Some((*id, writer.row(*id, writer.table.row(*id)?))));
            return if is_map {
                Value::Object(rows.map(|(id, row)| (id.to_string(), row)).collect())
            } else {
                rows.map(|(_, row)| row).collect()
            };
        }
        let mut text = RowsText::new();
        text.0.push(if is_map { b'{' } else { b'[' });
        writer.write(ids, &mut text, |count, id, text| {
            if count > 0 {
                text.push(b',');
            }
            if is_map {
                text.extend_from_slice(format!("\"{id}\":").as_bytes());
            }
        });
        text.0.push(if is_map { b'}' } else { b']' });
        self.texts.keep(text)
    }
}
