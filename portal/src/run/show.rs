//! Rows in the form of a result.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::rows::stored_field;
use super::{Call, Machine, custom};
use crate::answer::{Form, Maker, Seed, write};
use crate::families::{Column, Place, fold};
use crate::php;
use crate::spec::{Additional, JsonType, Schema};
use crate::store::{Row, Table};

/// How rows of a call are written.
pub(super) struct Writer<'c> {
    machine: &'c Machine,
    call: Call<'c>,
    form: Form,
    seed: Seed,
    is_shared: bool,
    /// The columns of the selected fields of the row's schema.
    columns: Vec<(&'c String, &'c Schema, Option<usize>)>,
    /// Selected columns that no schema describes.
    further: Vec<(String, usize)>,
    /// Selected fields, folded. `None`: all.
    selected: Option<Vec<String>>,
    /// The schema and the column of rows that are single values: the code by which a row is chosen.
    scalar: Option<(&'c Schema, String, usize)>,
}

impl<'c> Writer<'c> {
    /// A writer of rows of this schema, with the selected fields.
    pub(super) fn new(machine: &'c Machine, call: Call<'c>, schema: &'c Schema, table: &Table) -> Self {
        let form = Form::of(call.method.api, &call.method.name).of_object(schema);
        let selected = selected(&call);
        let is_id = |name: &String| call.family.id.as_ref() == Some(name);
        let wanted =
            |name: &String| is_id(name) || selected.as_ref().is_none_or(|names| names.contains(&fold(name)));
        let kind = call.family.kinds.iter().find(|kind| call.partition() == [kind.value.to_string()]);
        let of_kind = |name: &String| kind.is_none_or(|kind| kind.fields.contains(name));
        let described = schema.properties.iter().filter(|(name, _)| wanted(name) && of_kind(name));
        let columns = described.map(|(name, schema)| (name, schema, table.column(&fold(name)))).collect();
        let further = further(&call, schema, table, selected.as_deref());
        let is_shared = call.is_shared();
        let scalar =
            code(&call, table).filter(|_| schema.is_scalar()).map(|(name, column)| (schema, name, column));
        Self { machine, call, form, seed: machine.seed, is_shared, columns, further, selected, scalar }
    }

    /// One row.
    pub(super) fn row(&self, id: i64, row: &Row) -> Value {
        let seed = self.call.seed(self.seed, id);
        let defs = &self.call.method.returns.defs;
        if let Some((schema, name, column)) = &self.scalar {
            let value = row.value(*column).unwrap_or_default();
            return write(schema, defs, self.form, value, (name, seed));
        }
        let mut written = Map::with_capacity(self.columns.len() + self.further.len());
        for (name, schema, column) in &self.columns {
            let value = match column.and_then(|column| row.value(column)) {
                Some(value) => self.machine.linked(value, schema.single() == Some(JsonType::String)),
                // The other family of a shared table does not write the field.
                None if self.is_shared => self.call.chosen_kind(name),
                None => continue,
            };
            written.insert((*name).clone(), write(schema, defs, self.form, value, (name, seed)));
        }
        for (name, column) in &self.further {
            if let Some(value) = row.value(*column) {
                written.insert(name.clone(), self.machine.linked(value, false));
            }
        }
        // PHP has no empty map.
        if written.is_empty() && self.selected.is_some() { json!([]) } else { Value::Object(written) }
    }
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
    let described: Vec<String> = schema.properties.keys().map(|name| fold(name)).collect();
    let is_own = |folded: &str| call.family.fields.keys().any(|name| fold(name) == folded);
    let is_open =
        schema.properties.is_empty() || matches!(schema.additional, Some(Additional::Allowed(true)));
    let is_custom = |folded: &str| folded.starts_with("uf") || folded.starts_with("property");
    let wanted = |folded: &str| {
        let all_custom =
            folded.starts_with("uf") && selected.is_none_or(|names| names.iter().any(|name| name == "uf"));
        selected.is_none_or(|names| names.iter().any(|name| name == folded)) || all_custom
    };
    let columns = table.columns().enumerate().filter(|(_, (folded, _))| {
        !described.iter().any(|name| name == folded)
            && (is_custom(folded) || is_open && !is_own(folded))
            && wanted(folded)
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
    /// The result of a method on one row.
    pub(super) fn show(&self, call: &Call<'_>, table: &Table, id: i64) -> Value {
        let returns = &call.method.returns;
        let put = Put { machine: self, call: *call, table, id };
        match &call.operation.place {
            Place::Nothing => self.done(call, id),
            Place::Entity(entity) => put.entities(returns, entity, self.seed.part(&call.method.name)),
            Place::Path(path) => put.path(returns, path, false),
            Place::Id(path) => put.path(returns, path, true),
        }
    }

    /// The result of a method that says only that it did what was asked.
    pub(super) fn done(&self, call: &Call<'_>, id: i64) -> Value {
        let schema = &call.method.returns;
        match schema.single() {
            Some(JsonType::Boolean) => true.into(),
            Some(JsonType::Integer) => id.into(),
            Some(JsonType::Array) => json!([]),
            Some(JsonType::Object) if schema.properties.is_empty() => json!([]),
            None if schema.types.0.is_empty() || schema.types.0.contains(&JsonType::Boolean) => true.into(),
            None if schema.nullable() => Value::Null,
            _ => succeeded(self.plausible(call.method)),
        }
    }
}

/// A result whose flags say success: `{result: true}`, `{success: true}`.
fn succeeded(mut result: Value) -> Value {
    for flag in ["result", "success"] {
        if let Some(flag) = result.get_mut(flag).filter(|flag| flag.is_boolean()) {
            *flag = true.into();
        }
    }
    result
}

/// A result with one row in it.
struct Put<'a> {
    machine: &'a Machine,
    call: Call<'a>,
    table: &'a Table,
    id: i64,
}

impl Put<'_> {
    fn row(&self, schema: &Schema) -> Value {
        match self.table.row(self.id) {
            Some(row) => {
                Writer::new(self.machine, Call { ..self.call }, schema, self.table).row(self.id, row)
            }
            None => Value::Null,
        }
    }

    /// The result with the row wherever it has the entity.
    fn entities(&self, schema: &Schema, entity: &str, seed: Seed) -> Value {
        if schema.entity.as_deref() == Some(entity) {
            return self.row(schema);
        }
        let form = Form::of(self.call.method.api, &self.call.method.name);
        let defs: &IndexMap<String, Schema> = &self.call.method.returns.defs;
        if let Some(one) = schema.one_of.iter().find(|one| one.entity.as_deref() == Some(entity)) {
            return self.row(one);
        }
        if schema.is_object() && !schema.properties.is_empty() {
            let parts = schema.properties.iter();
            return parts
                .map(|(name, part)| (name.clone(), self.entities(part, entity, seed.part(name))))
                .collect();
        }
        Maker { defs, form }.value(schema, "value", seed)
    }

    fn path(&self, schema: &Schema, path: &[String], only_id: bool) -> Value {
        let schema = schema.scalar_or_structure().map_or(schema, |(scalar, structure)| {
            if only_id && path.is_empty() { scalar } else { structure }
        });
        match path.split_first() {
            Some((name, rest)) => {
                let inner = schema.properties.get(name);
                json!({name.as_str(): inner.map_or(Value::Null, |inner| self.path(inner, rest, only_id))})
            }
            None if !only_id => self.row(schema),
            None if schema.single() == Some(JsonType::String) => self.text_id().into(),
            None => self.id.into(),
        }
    }

    /// The identifier as a text: the field with it, which may have been given.
    fn text_id(&self) -> String {
        let column = self.call.family.id.as_ref().and_then(|id| self.table.column(&fold(id)));
        let given = self.table.row(self.id).and_then(|row| row.value(column?));
        given
            .filter(|value| !php::is_empty(value))
            .map_or_else(|| self.id.to_string(), |value| php::text(&value))
    }
}
