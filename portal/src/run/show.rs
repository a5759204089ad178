//! Results with one row.

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::values::Context;
use super::writer::Writer;
use super::{Call, Machine};
use crate::answer::{Form, Maker, RESULT, Seed, shape};
use crate::exchange::Answer;
use crate::families::{Place, Role, fold};
use crate::php;
use crate::spec::{JsonType, Schema};
use crate::store::Table;

impl Machine {
    /// The result of a method on one row.
    pub(super) fn show(&self, call: &Call<'_>, table: &Table, id: i64) -> Value {
        self.show_all(call, table, id, &[id])
    }

    /// The result of a method on several rows, for one of which it has a place, or for all.
    pub(super) fn show_all(&self, call: &Call<'_>, table: &Table, id: i64, ids: &[i64]) -> Value {
        let returns = &call.method.returns;
        let put = Put { machine: self, call: *call, table, id, ids };
        match &call.operation.place {
            Place::Nothing => self.done(call, id),
            Place::Entity(entity) => put.entities(returns, entity, self.seed.part(&call.method.name)),
            Place::Path(path) => put.path(returns, path, false),
            Place::Id(path) => put.path(returns, path, true),
        }
    }

    /// The result that facts say, or some of its properties, about these rows.
    pub(super) fn composed(&self, call: &Call<'_>, ids: &[i64]) -> Option<Value> {
        let source = call.operation.result.as_ref()?;
        let table = self.store.get(&call.table_key());
        let row = ids.first().zip(table).and_then(|(id, table)| Some((*id, table, table.row(*id)?)));
        let page = table.map(|table| (table, ids));
        self.value_of(call, source, &Context { row, page, ..Context::default() })
    }

    /// The result with the parts that facts say.
    pub(super) fn complete(&self, call: &Call<'_>, mut answer: Answer, composed: Option<Value>) -> Answer {
        let Some(value) = composed else {
            let operation = call.operation;
            let is_nothing =
                operation.result.is_some() && operation.role == Role::Show && call.method.returns.nullable();
            return if is_nothing { Answer { result: Value::Null, ..answer } } else { answer };
        };
        let (returns, seed) = (&call.method.returns, self.seed.part(&call.method.name));
        let form = Form::of(call.method.api, &call.method.name);
        let shaped = shape(returns, &returns.defs, form, value, (RESULT, seed));
        match (&mut answer.result, shaped) {
            (Value::Object(result), Value::Object(parts)) => result.extend(parts),
            (result, shaped) => *result = shaped,
        }
        answer
    }

    /// The result of a method that says only that it did what was asked.
    pub(super) fn done(&self, call: &Call<'_>, id: i64) -> Value {
        let schema = &call.method.returns;
        match schema.single() {
            Some(JsonType::Boolean) => true.into(),
            Some(JsonType::Integer) => id.into(),
            // No page says what it returns: portals return the identifier.
            None if schema.is_open() && call.operation.role == Role::Add => id.into(),
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
    /// The rows of a list.
    ids: &'a [i64],
}

impl Put<'_> {
    fn row(&self, schema: &Schema) -> Value {
        let writer = Writer::new(self.machine, self.call, schema, self.table);
        self.machine.row_value(&writer, self.id).unwrap_or_default()
    }

    /// The result with the row wherever it has the entity.
    fn entities(&self, schema: &Schema, entity: &str, seed: Seed) -> Value {
        if schema.entity.as_deref() == Some(entity) {
            return self.row(schema);
        }
        if let Some(item) = schema.items.as_deref().filter(|item| item.entity.as_deref() == Some(entity)) {
            let writer = Writer::new(self.machine, self.call, item, self.table);
            return self.machine.rows_value(&writer, self.ids, false);
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
