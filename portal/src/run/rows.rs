//! The values of rows: those that a table has at the beginning, and those of a row that is added.

use std::io;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::{Machine, id_number};
use crate::answer::{Form, Maker, Seed, Topic};
use crate::families::{Blank, Family, Setting, Source, fold};
use crate::moment::now;
use crate::php;
use crate::spec::{Api, JsonType, Schema};
use crate::store::{Field, Table, TableKey, TableStart};

impl Machine {
    /// Creates a table that is not in memory, with its rows.
    pub(super) fn open(&mut self, family: &Family, key: &TableKey) -> io::Result<()> {
        let named = self.rows.named.get(&key.name.to_ascii_lowercase());
        let first = self.store.created_with(key)?.unwrap_or(TableStart {
            basic: self.rows.basic,
            samples: named.copied().unwrap_or(self.rows.others),
        });
        let home = self.home(family, key);
        let table = self.first_rows(home.as_deref().unwrap_or(family), key, first);
        self.store.insert(key.clone(), table, first)
    }

    /// Opens a table by its name, unless it is open.
    pub(super) fn open_named(&mut self, key: &TableKey) -> io::Result<()> {
        if self.store.get(key).is_none()
            && let Some(family) = self.families.by_table(&self.spec, &key.name)
        {
            self.open(&family, key)?;
        }
        Ok(())
    }

    /// The family whose table it is, where another one has its rows too.
    pub(super) fn home(&self, family: &Family, key: &TableKey) -> Option<Arc<Family>> {
        let is_other = family.borrows || key.name != family.table;
        is_other.then(|| self.families.by_table(&self.spec, &key.name)).flatten()
    }

    /// All rows of the tables with a name, by the names of the fields.
    ///
    /// # Errors
    /// The file with them cannot be read.
    pub(crate) fn rows(&mut self, name: &str) -> io::Result<Vec<Map<String, Value>>> {
        let mut rows = Vec::new();
        for key in self.store.keys(name)? {
            self.open_named(&key)?;
            rows.extend(self.store.rows(&key));
        }
        Ok(rows)
    }

    /// A row by the name of its table and its identifier.
    ///
    /// # Errors
    /// The file with rows cannot be read.
    pub(crate) fn row(&mut self, table: &str, id: i64) -> io::Result<Option<Map<String, Value>>> {
        self.rows(table)?;
        let keys = self.store.keys(table)?;
        Ok(keys.iter().find_map(|key| self.store.get(key)?.fields(id)))
    }

    /// A table with the rows that it has at the beginning.
    fn first_rows(&self, family: &Family, key: &TableKey, first: TableStart) -> Table {
        let columns = family.fields.keys().map(|name| (fold(name), name.clone()));
        let mut table = Table::new(columns);
        table.alias(self.families.names(&key.name));
        let is_of = |row: &&Map<String, Value>| {
            family.partition.iter().zip(&key.partition).all(|(name, value)| {
                let field = row.iter().find(|(field, _)| fold(field) == *name);
                field.is_none_or(|(_, of)| php::text(of) == *value)
            })
        };
        for row in self.families.rows(&key.name).iter().filter(|_| first.basic).filter(is_of) {
            // An identifier that is a text is a field of a row with a number.
            let number = row.get("ID").or_else(|| row.get("id")).filter(|id| id.is_number());
            let id = number.map_or_else(|| table.next_id(), id_number);
            table.put_first(id, defaults(family, id).into_iter().chain(given(family, row)));
        }
        let exist = table.next_id().saturating_sub(1);
        // What no family owns, each shows.
        let divided = self.families.divided_by(&key.name);
        let fields = family.fields.iter().map(|field| Sample::of(family, field)).enumerate();
        let samples: Vec<(usize, Sample<'_>)> = fields
            .filter(|(_, sample)| divided.is_empty() || !divided.contains(&fold(sample.name)))
            .collect();
        // Fields of the row that say whose it is.
        let owner = family.partition.iter().zip(&key.partition);
        let owner: Vec<(usize, Value)> =
            owner.filter_map(|(name, value)| Some((table.column(name)?, value.as_str().into()))).collect();
        // Rows that belong to something belong to the first of it.
        let of: Vec<Field<'_>> = family.of.iter().map(first_owner).collect();
        for _ in usize::try_from(exist).unwrap_or(0)..first.samples {
            let id = table.next_id();
            let seed = seed(self.seed, family, id);
            let values = samples.iter().map(|(column, sample)| (*column, sample.value(family, seed, id)));
            let Some(id) = table.add_cells(values.chain(owner.iter().cloned())) else { break };
            table.restore_further(id, of.iter().cloned());
        }
        table
    }
}

/// The plausible values of a row, in the order of the family's fields.
pub(super) fn plausible_row(seed: Seed, family: &Family, id: i64) -> Vec<Value> {
    let fields = family.fields.iter();
    fields.map(|field| Sample::of(family, field).value(family, seed, id)).collect()
}

/// The field of plausible rows that says what they belong to.
fn first_owner(setting: &Setting) -> Field<'_> {
    let value = match &setting.source {
        Source::Value(value) => value.clone(),
        _ if setting.source.otherwise().is_some() => setting.source.otherwise().cloned().unwrap_or_default(),
        _ if setting.field.ends_with("id") => json!(1),
        _ => Value::Null,
    };
    (setting.field.as_str().into(), setting.name.as_str().into(), value)
}

/// The seed of a row.
pub(super) fn seed(seed: Seed, family: &Family, id: i64) -> Seed {
    seed.part(family.table.to_ascii_lowercase()).part(id)
}

/// A field of plausible rows, and what follows from its name.
struct Sample<'f> {
    name: &'f String,
    schema: &'f Schema,
    topic: Topic,
    is_id: bool,
}

impl<'f> Sample<'f> {
    fn of(family: &Family, (name, schema): (&'f String, &'f Schema)) -> Self {
        Self { name, schema, topic: Topic::of(name), is_id: family.id.as_ref() == Some(name) }
    }

    /// The value in a row, as numbers and flags: the form of the wire depends on the method that reads it.
    fn value(&self, family: &Family, seed: Seed, id: i64) -> Value {
        if self.is_id {
            return id_value(self.schema, id);
        }
        let maker = Maker { defs: &family.defs, form: Form::of(Api::V3, "") };
        stored(self.schema, &family.defs, maker.about(self.schema, self.topic, seed.part(self.name)))
    }
}

fn id_value(schema: &Schema, id: i64) -> Value {
    if schema.single() == Some(JsonType::String) { id.to_string().into() } else { id.into() }
}

/// The fields that a row has apart from those that it is added with.
pub(super) fn defaults(family: &Family, id: i64) -> Vec<Field<'_>> {
    let moment = now();
    let value = |schema: &Schema, blank: Blank| match blank {
        Blank::Id => id_value(schema, id),
        Blank::Default => stored(schema, &family.defs, schema.default.clone().unwrap_or_default()),
        Blank::Moment => moment.as_str().into(),
        Blank::User => json!(1),
        Blank::True => true.into(),
        Blank::False => false.into(),
        Blank::Null => Value::Null,
    };
    // With room for what is given, so that nothing is moved.
    let mut fields: Vec<Field<'_>> = Vec::with_capacity(2 * family.fields.len() + 16);
    fields.extend(family.fields.iter().zip(&family.traits).map(|((name, schema), of_field)| {
        (of_field.folded.as_str().into(), name.as_str().into(), value(schema, of_field.blank))
    }));
    fields
}

/// The fields that say when a row was changed last: now.
pub(super) fn change_moments(family: &Family) -> Vec<Field<'_>> {
    let moment = now();
    let fields = family.fields.keys().zip(&family.traits);
    let stamped = fields.filter(|(_, of_field)| of_field.is_change_moment);
    stamped
        .map(|(name, of_field)| {
            (of_field.folded.as_str().into(), name.as_str().into(), moment.as_str().into())
        })
        .collect()
}

/// Fields as they were given, as stored values.
pub(super) fn given<'v>(
    family: &Family,
    fields: impl IntoIterator<Item = (&'v String, &'v Value)>,
) -> Vec<Field<'static>> {
    let field = |(name, value): (&String, &Value)| {
        let folded = fold(name);
        let value = match family.field(&folded) {
            Some(schema) => stored(schema, &family.defs, value.clone()),
            None => value.clone(),
        };
        (folded.into(), name.clone().into(), value)
    };
    fields.into_iter().map(field).collect()
}

/// A value of a field, as it is stored. The identifier of a dialog may have a prefix.
pub(super) fn stored_field(family: &Family, field: &str, value: Value) -> Value {
    let schema = family.field(field);
    match schema.map(|schema| stored(schema, &family.defs, value.clone())) {
        Some(Value::String(text)) if schema.and_then(Schema::single) == Some(JsonType::Integer) => {
            id_number(&text.into()).into()
        }
        Some(stored) => stored,
        None => value,
    }
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
