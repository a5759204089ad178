//! The values of rows: those that a table has at the beginning, and those of a row that is added.

use indexmap::IndexMap;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde_json::{Value, json};

use super::Machine;
use crate::answer::{Form, Maker, Seed};
use crate::families::{Family, fold};
use crate::php;
use crate::spec::{Api, JsonType, Schema};
use crate::store::{Table, TableKey};

/// A field: its folded name, its name, and its value.
type Field = (String, String, Value);

impl Machine {
    /// A table with the rows that it has at the beginning.
    pub(super) fn first_rows(&self, family: &Family, key: &TableKey) -> Table {
        let columns = family.fields.keys().map(|name| (fold(name), name.clone()));
        let mut table = Table::new(columns);
        let rows = self.rows.get(&family.table.to_ascii_lowercase()).copied().unwrap_or(self.sample_rows);
        for _ in 0..rows {
            let id = table.next_id();
            let values = plausible_row(family, seed(self.seed, family, id), id);
            let owner = family.partition.iter().zip(&key.partition);
            // Fields of the row that say whose it is.
            let owner = owner.filter(|(name, _)| table.column(name).is_some());
            let owner: Vec<Field> =
                owner.map(|(name, value)| (name.clone(), name.clone(), value.as_str().into())).collect();
            if table.add(values.into_iter().chain(owner)).is_none() {
                break;
            }
        }
        table
    }
}

/// The seed of a row.
pub(super) fn seed(seed: Seed, family: &Family, id: i64) -> Seed {
    seed.part(family.table.to_ascii_lowercase()).part(id)
}

fn plausible_row(family: &Family, seed: Seed, id: i64) -> Vec<Field> {
    // As numbers and flags: the form of the wire depends on the method that reads the row.
    let maker = Maker { defs: &family.defs, form: Form::of(Api::V3, "") };
    let value = |name: &String, schema: &Schema| {
        if family.id.as_ref() == Some(name) {
            return id_value(schema, id);
        }
        stored(schema, &family.defs, maker.value(schema, name, seed.part(name)))
    };
    family.fields.iter().map(|(name, schema)| (fold(name), name.clone(), value(name, schema))).collect()
}

fn id_value(schema: &Schema, id: i64) -> Value {
    if schema.single() == Some(JsonType::String) { id.to_string().into() } else { id.into() }
}

/// The fields that a row has apart from those that it is added with.
pub(super) fn defaults(family: &Family, id: i64) -> Vec<Field> {
    let value = |name: &String, schema: &Schema| {
        let folded = fold(name);
        let has = |parts: &[&str]| parts.iter().any(|part| folded.contains(part));
        if family.id.as_ref() == Some(name) {
            return id_value(schema, id);
        }
        if let Some(default) = &schema.default {
            return stored(schema, &family.defs, default.clone());
        }
        let is_date = schema.is_date();
        if is_date
            && has(&["create", "modif", "update", "insert", "register", "timestamp", "changed", "moved"])
        {
            return now().into();
        }
        if schema.is_scalar()
            && has(&["createdby", "modifyby", "modifiedby", "updatedby", "assignedby", "authorid"])
        {
            return json!(1);
        }
        match schema.single() {
            Some(JsonType::Boolean) => false.into(),
            _ => Value::Null,
        }
    };
    family.fields.iter().map(|(name, schema)| (fold(name), name.clone(), value(name, schema))).collect()
}

/// Fields as they were given, as stored values.
pub(super) fn given<'v>(
    family: &Family,
    fields: impl IntoIterator<Item = (&'v String, &'v Value)>,
) -> Vec<Field> {
    let schemas: IndexMap<String, &Schema> =
        family.fields.iter().map(|(name, schema)| (fold(name), schema)).collect();
    let field = |(name, value): (&String, &Value)| {
        let folded = fold(name);
        let value = match schemas.get(&folded) {
            Some(schema) => stored(schema, &family.defs, value.clone()),
            None => value.clone(),
        };
        (folded, name.clone(), value)
    };
    fields.into_iter().map(field).collect()
}

/// A value as it is stored: numbers and flags as such, whatever form they were sent in.
fn stored(schema: &Schema, defs: &IndexMap<String, Schema>, value: Value) -> Value {
    let schema = schema.resolve(defs);
    match (schema.single(), &value) {
        (Some(JsonType::Boolean), Value::String(_) | Value::Number(_)) => php::is_true(&value).into(),
        (Some(JsonType::Integer), Value::String(text)) => {
            text.trim().parse::<i64>().map_or(value, Value::from)
        }
        (Some(JsonType::Number), Value::String(text)) => {
            text.trim().parse::<f64>().map_or(value, Value::from)
        }
        (Some(JsonType::Array), Value::Array(items)) => match schema.items.as_deref() {
            Some(of_items) if of_items.is_scalar() => {
                items.iter().map(|item| stored(of_items, defs, item.clone())).collect()
            }
            _ => value,
        },
        _ => value,
    }
}

/// The current time as portals write it.
pub(crate) fn now() -> String {
    let zone = TimeZone::fixed(Offset::constant(3));
    Timestamp::now().to_zoned(zone).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}
