//! A plausible value of any schema.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::samples::{self, Seed, Topic};
use super::wire_form::Form;
use crate::spec::{JsonType, Schema};

/// How deep objects are made. Deeper ones are empty: schemas may refer to themselves.
const MAX_DEPTH: usize = 6;

/// How many items a list without a maximum has.
const ITEMS: u64 = 2;

/// The name of a whole result.
pub(crate) const RESULT: &str = "result";

/// Makes plausible values. The same seed gives the same value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Maker<'s> {
    /// The schemas that parts refer to.
    pub(crate) defs: &'s IndexMap<String, Schema>,
    /// How numbers and flags are written.
    pub(crate) form: Form,
}

impl Maker<'_> {
    /// A value of a schema, for a field of this name.
    pub(crate) fn value(self, schema: &Schema, name: &str, seed: Seed) -> Value {
        if name == RESULT
            && schema.types.0.is_empty()
            && schema.one_of.is_empty()
            && schema.reference.is_none()
        {
            // Nothing is known of the result: it is success.
            return true.into();
        }
        Self { form: self.form.of_field(name), ..self }.about(schema, Topic::of(name), seed)
    }

    /// A value of a schema, for a field about this topic.
    pub(crate) fn about(self, schema: &Schema, topic: Topic, seed: Seed) -> Value {
        self.at(schema, topic, seed, 0)
    }

    fn at(self, schema: &Schema, topic: Topic, seed: Seed, depth: usize) -> Value {
        let schema = schema.resolve(self.defs);
        if let Some(first) = schema.one_of.first().or(schema.any_of.first())
            && schema.properties.is_empty()
        {
            return self.at(first, topic, seed, depth);
        }
        let kind = schema.single().or_else(|| schema.types.0.first().copied());
        if let Some(value) = seed.pick(&schema.values).filter(|value| !value.is_null())
            && matches!(kind, Some(JsonType::String | JsonType::Integer | JsonType::Number) | None)
        {
            return self.scalar(kind, value);
        }
        match kind {
            // Nothing is known of the value: every type reads "nothing".
            None => Value::Null,
            Some(JsonType::Null) => Value::Null,
            Some(JsonType::Boolean) => self.form.flag(schema, seed.below(2) == 1),
            Some(JsonType::Integer) => self.form.integer(integer(schema, topic, seed)),
            Some(JsonType::Number) => self.form.decimal(number(schema, seed)),
            Some(JsonType::String) => text(schema, topic, seed),
            Some(JsonType::Array) => self.list(schema, topic, seed, depth),
            Some(JsonType::Object) => self.object(schema, seed, depth),
        }
    }

    fn scalar(self, kind: Option<JsonType>, value: &Value) -> Value {
        match (kind, value.as_i64()) {
            (Some(JsonType::Integer), Some(number)) => self.form.integer(number),
            _ => value.clone(),
        }
    }

    fn list(self, schema: &Schema, topic: Topic, seed: Seed, depth: usize) -> Value {
        let Some(items) = schema.items.as_deref().filter(|_| depth < MAX_DEPTH) else { return json!([]) };
        (0..ITEMS).map(|at| self.at(items, topic, seed.part(at), depth + 1)).collect()
    }

    fn object(self, schema: &Schema, seed: Seed, depth: usize) -> Value {
        if depth >= MAX_DEPTH {
            return json!([]);
        }
        let inner = Self { form: self.form.of_object(schema), ..self };
        let part = |(name, field): (&String, &Schema)| {
            let of_field = Self { form: inner.form.of_field(name), ..inner };
            (name.clone(), of_field.at(field, Topic::of(name), seed.part(name), depth + 1))
        };
        let mut made: Map<String, Value> = schema.properties.iter().map(part).collect();
        if let Some(values) = schema.map_values() {
            let key = format!("KEY_{}", seed.below(90) + 10);
            made.insert(key, inner.at(values, Topic::Other, seed.part("value"), depth + 1));
        }
        // PHP has no empty map.
        if made.is_empty() { json!([]) } else { Value::Object(made) }
    }
}

fn integer(schema: &Schema, topic: Topic, seed: Seed) -> i64 {
    if schema.format.as_deref() == Some("flag") {
        return seed.below(2) as i64;
    }
    let low = schema.minimum.map_or(1, |minimum| minimum.ceil() as i64);
    let usual = if topic == Topic::Id { 50 } else { 1_000 };
    let high = schema.maximum.map_or(low.saturating_add(usual), |maximum| maximum.floor() as i64);
    low.saturating_add(seed.below(high.saturating_sub(low).max(0) as u64 + 1) as i64)
}

fn number(schema: &Schema, seed: Seed) -> f64 {
    let low = schema.minimum.unwrap_or(1.0);
    let high = schema.maximum.unwrap_or(low + 10_000.0).max(low);
    let cents = ((high - low) * 100.0).min(1e12) as u64;
    ((low * 100.0).round() + seed.below(cents + 1) as f64) / 100.0
}

fn text(schema: &Schema, topic: Topic, seed: Seed) -> Value {
    if schema.is_date() {
        return samples::date(seed, schema.format.as_deref() == Some("date-time")).into();
    }
    let text = samples::text(seed, topic);
    match schema.max_length {
        Some(length) => text.chars().take(length).collect::<String>().into(),
        None => text.into(),
    }
}
