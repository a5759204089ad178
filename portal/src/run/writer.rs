//! Rows in the form of the results that have them.

use std::cell::OnceCell;
use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::direct::{Direct, RowsText};
use super::rows::stored_field;
use super::{Call, Machine, custom};
use crate::answer::{Form, Seed, write};
use crate::families::{Column, fold};
use crate::php;
use crate::spec::{Additional, JsonType, Schema};
use crate::store::{Row, RowForm, RowTexts, Table};

/// How rows of a call are written.
pub(super) struct Writer<'c> {
    machine: &'c Machine,
    call: Call<'c>,
    form: Form,
    seed: Seed,
    is_shared: bool,
    schema: &'c Schema,
    table: &'c Table,
    fields: OnceCell<Fields<'c>>,
    /// Selected fields, folded. `None`: all.
    selected: Option<Vec<String>>,
    /// The schema and the column of rows that are single values: the code by which a row is chosen.
    scalar: Option<(&'c Schema, String, usize)>,
    texts: OnceCell<RowTexts>,
}

/// The selected fields of rows.
#[derive(Debug)]
struct Fields<'c> {
    /// The columns of the fields of the row's schema.
    columns: Vec<(&'c String, &'c Schema, Option<usize>)>,
    /// Columns that no schema describes.
    further: Vec<(String, usize)>,
}

impl<'c> Writer<'c> {
    /// A writer of rows of this schema, with the selected fields.
    pub(super) fn new(machine: &'c Machine, call: Call<'c>, schema: &'c Schema, table: &'c Table) -> Self {
        let form = Form::of(call.method.api, &call.method.name).of_object(schema);
        let selected = selected(&call);
        let code = if schema.is_scalar() { code(&call, table) } else { None };
        let scalar = code.map(|(name, column)| (schema, name, column));
        let is_shared = call.is_shared();
        let fields = OnceCell::new();
        Self {
            machine,
            call,
            form,
            seed: machine.seed,
            is_shared,
            schema,
            table,
            fields,
            selected,
            scalar,
            texts: OnceCell::new(),
        }
    }

    /// The columns of a row. They are looked up when a row is not known as text.
    fn fields(&self) -> &Fields<'c> {
        self.fields.get_or_init(|| {
            let call = &self.call;
            let is_id = |name: &String| call.family.id.as_ref() == Some(name);
            let wanted = |name: &String| {
                is_id(name) || self.selected.as_ref().is_none_or(|names| names.contains(&fold(name)))
            };
            let kind = call.family.kinds.iter().find(|kind| call.partition() == [kind.value.to_string()]);
            let of_kind = |name: &String| kind.is_none_or(|kind| kind.fields.contains(name));
            let described = self.schema.properties.iter().filter(|(name, _)| wanted(name) && of_kind(name));
            let column =
                |(name, schema): (&'c String, &'c Schema)| (name, schema, self.table.column(&fold(name)));
            let further = further(call, self.schema, self.table, self.selected.as_deref());
            Fields { columns: described.map(column).collect(), further }
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
        let Fields { columns, further } = self.fields();
        let mut written = Map::with_capacity(columns.len() + further.len());
        for (name, schema, column) in columns {
            if let Some(value) = self.value(name, schema, *column, row) {
                written.insert((*name).clone(), write(schema, defs, self.form, value, (name, seed)));
            }
        }
        for (name, column) in further {
            if let Some(value) = row.value(*column) {
                written.insert(name.clone(), self.machine.linked(value, false));
            }
        }
        // PHP has no empty map.
        if written.is_empty() && self.selected.is_some() { json!([]) } else { Value::Object(written) }
    }

    /// The stored value of a field. `None`: the row does not have the field.
    fn value(&self, name: &str, schema: &Schema, column: Option<usize>, row: &Row) -> Option<Value> {
        match column.and_then(|column| row.value(column)) {
            Some(value) => Some(self.machine.linked(value, schema.single() == Some(JsonType::String))),
            // The other family of a shared table does not write the field.
            None => self.is_shared.then(|| self.call.chosen_kind(name)),
        }
    }

    /// The texts of rows that were written before.
    fn texts(&self) -> &RowTexts {
        self.texts.get_or_init(|| {
            self.table.texts(RowForm {
                method: self.call.method.name.clone(),
                partition: self.call.partition(),
                selected: self.selected.clone(),
            })
        })
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
        let defs = &self.call.method.returns.defs;
        let begin = text.len();
        if self.scalar.is_some() {
            return append(text, &self.row(id, row));
        }
        let Fields { columns, further } = self.fields();
        text.push(b'{');
        let name = |name: &str, text: &mut Vec<u8>| {
            if text.len() > begin + 1 {
                text.push(b',');
            }
            // Writing to memory does not fail.
            let _ = serde_json::to_writer(&mut *text, name);
            text.push(b':');
        };
        for (field, schema, column) in columns {
            let found = column.filter(|column| row.has(*column));
            if found.is_none() && !self.is_shared {
                continue;
            }
            name(field, text);
            let direct = Direct::of(schema.resolve(defs));
            let view = found.map(|column| row.view(column));
            let is_written = view.is_some_and(|view| direct.write(view, self.form.has_text_numbers(), text));
            if !is_written {
                let seed = self.call.seed(self.seed, id);
                let value = self.value(field, schema, *column, row).unwrap_or_default();
                append(text, &write(schema, defs, self.form, value, (field, seed)));
            }
        }
        for (field, column) in further {
            if let Some(value) = row.value(*column) {
                name(field, text);
                append(text, &self.machine.linked(value, false));
            }
        }
        text.push(b'}');
        if text.len() == begin + 2 && self.selected.is_some() {
            text.truncate(begin);
            text.extend_from_slice(b"[]");
        }
    }
}

fn append(text: &mut Vec<u8>, value: &Value) {
    // Writing to memory does not fail.
    let _ = serde_json::to_writer(text, value);
}

/// The field by which rows are chosen, where they have no number.
fn code(call: &Call<'_>, table: &Table) -> Option<(String, usize)> {
    let keys = call.family.operations.values().flat_map(|operation| &operation.keys);
    let mut names = keys.filter_map(|key| match &key.column {
        Column::Field(name) => Some((key.param.clone(), table.column(name)?)),
        Column::Id => None,
    });
    names.next()
}

/// The selected fields, folded. `None`: all.
fn selected(call: &Call<'_>) -> Option<Vec<String>> {
    let select = call.operation.list.select.as_deref().or(Some("select"));
    let names: Vec<String> = match select.and_then(|name| call.param(&fold(name)))? {
        Value::Array(names) => names.iter().map(php::text).collect(),
        Value::Object(names) => names.values().map(php::text).collect(),
        _ => return None,
    };
    (!names.is_empty() && !names.iter().any(|name| name == "*"))
        .then(|| names.iter().map(|name| fold(name)).collect())
}

/// The columns that the schema does not describe: custom fields, and whatever an open schema allows.
fn further(
    call: &Call<'_>,
    schema: &Schema,
    table: &Table,
    selected: Option<&[String]>,
) -> Vec<(String, usize)> {
    let is_open =
        schema.properties.is_empty() || matches!(schema.additional, Some(Additional::Allowed(true)));
    let is_custom = |folded: &str| folded.starts_with("uf") || folded.starts_with("property");
    let candidates: Vec<(usize, (&str, &str))> =
        table.columns().enumerate().filter(|(_, (folded, _))| is_open || is_custom(folded)).collect();
    if candidates.is_empty() {
        return Vec::new();
    }
    let described: HashSet<String> = schema.properties.keys().map(|name| fold(name)).collect();
    let own: HashSet<String> = call.family.fields.keys().map(|name| fold(name)).collect();
    let wanted = |folded: &str| {
        let all_custom =
            folded.starts_with("uf") && selected.is_none_or(|names| names.iter().any(|name| name == "uf"));
        selected.is_none_or(|names| names.iter().any(|name| name == folded)) || all_custom
    };
    let columns = candidates.into_iter().filter(|(_, (folded, _))| {
        !described.contains(*folded) && (is_custom(folded) || !own.contains(*folded)) && wanted(folded)
    });
    let original = call.param("useoriginalufnames").is_some_and(php::is_true);
    let is_universal = !call.family.kinds.is_empty() && !original;
    let is_classic = !schema.properties.keys().any(|name| name.contains(|c: char| c.is_ascii_lowercase()));
    let spelled = |folded: &str, name: &str| match folded.starts_with("uf") {
        true if is_universal => custom::camel(name),
        true if is_classic || original => custom::upper(name),
        _ => name.to_owned(),
    };
    columns.map(|(at, (folded, name))| (spelled(folded, name), at)).collect()
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
        if !self.texts.is_active() {
            return writer.table.row(id).map(|row| writer.row(id, row));
        }
        let mut text = RowsText::new();
        writer.write(&[id], &mut text, |_, _, _| {});
        (!text.is_empty()).then(|| self.texts.keep(text))
    }

    /// Rows as a list, or as a map by their identifiers; or the mark of their text.
    pub(super) fn rows_value(&self, writer: &Writer<'_>, ids: &[i64], is_map: bool) -> Value {
        if !self.texts.is_active() {
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
