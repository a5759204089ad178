//! Stored values as results: in the form of the wire, empty ones as the documented type is empty.

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::fits;
use super::plausible::Maker;
use super::samples::Seed;
use super::wire_form::Form;
use crate::families::fold;
use crate::php;
use crate::spec::{Api, JsonType, Schema};

/// The languages of the portal.
const LANGUAGES: [&str; 3] = ["en", "de", "ru"];

/// A stored value as a result of this schema, of a field with this name in a row with this seed. Where it was written in another
/// form than it is read, and neither it nor a part of it can be shown, a plausible value of the documented type is in its place.
pub(crate) fn write(
    schema: &Schema,
    defs: &IndexMap<String, Schema>,
    form: Form,
    value: Value,
    (name, seed): (&str, Seed),
) -> Value {
    let schema = schema.resolve(defs);
    if php::is_empty(&value) && !value.is_boolean() {
        return Empty::of(schema, form.api()).value();
    }
    let written = match (schema.single(), spelled(schema, defs, value)) {
        (Some(JsonType::Boolean), value) => form.flag(schema, php::is_true(&value)),
        (Some(JsonType::Integer), Value::Bool(flag)) => form.integer(i64::from(flag)),
        (Some(JsonType::Integer), Value::Number(number)) if number.is_i64() => {
            form.integer(number.as_i64().unwrap_or_default())
        }
        (Some(JsonType::Number), Value::Number(number)) => form.decimal(number.as_f64().unwrap_or_default()),
        (Some(JsonType::String), value @ Value::Number(_)) => php::text(&value).into(),
        (Some(JsonType::Array), value) if !value.is_array() && schema.items.is_some() => json!([value]),
        (_, value) => value,
    };
    if fits(schema, defs, &written) {
        return written;
    }
    match (written, schema.single()) {
        (Value::String(text), Some(JsonType::Object)) if schema.map_values().is_some_and(is_text) => {
            in_languages(&text)
        }
        // A property of a catalog: the value, and the number of the value.
        (scalar, Some(JsonType::Object))
            if !scalar.is_object() && schema.properties.contains_key("value") =>
        {
            let maker = Maker { defs, form };
            let seed = seed.part(name);
            let part = |(name, of_part): (&String, &Schema)| match name.as_str() {
                "value" => (name.clone(), write(of_part, defs, form, scalar.clone(), (name, seed))),
                _ => (name.clone(), maker.value(of_part, name, seed.part(name))),
            };
            schema.properties.iter().map(part).collect()
        }
        (Value::Array(codes), Some(JsonType::Object)) if codes.iter().all(Value::is_string) => {
            codes.into_iter().map(|code| (php::text(&code), code)).collect()
        }
        (Value::Object(parts), Some(JsonType::Object)) => {
            let seed = seed.part(name);
            let part = |(name, value): (String, Value)| match schema.properties.get(&name) {
                Some(of_part) => (name.clone(), write(of_part, defs, form, value, (&name, seed))),
                None => (name, value),
            };
            parts.into_iter().map(part).collect()
        }
        _ => Maker { defs, form }.value(schema, name, seed.part(name)),
    }
}

/// A value whose parts have the names of the schema: methods with the same rows spell them with `XML_ID` and `xmlId`.
fn spelled(schema: &Schema, defs: &IndexMap<String, Schema>, value: Value) -> Value {
    match value {
        Value::Object(parts) if !schema.properties.is_empty() => {
            let is_own = |name: &String| schema.properties.contains_key(name);
            if parts.keys().all(is_own) {
                return Value::Object(parts);
            }
            let given: Vec<String> = parts.keys().cloned().collect();
            let documented = |name: &String| {
                let mut alike = schema.properties.keys().filter(|own| fold(own) == fold(name));
                alike.next().filter(|own| !is_own(name) && !given.contains(own)).cloned()
            };
            parts.into_iter().map(|(name, value)| (documented(&name).unwrap_or(name), value)).collect()
        }
        Value::Array(items) => match schema.items.as_deref().map(|item| item.resolve(defs)) {
            Some(item) if !item.properties.is_empty() => {
                items.into_iter().map(|value| spelled(item, defs, value)).collect()
            }
            _ => Value::Array(items),
        },
        value => value,
    }
}

fn is_text(schema: &Schema) -> bool {
    schema.single() == Some(JsonType::String)
}

/// A text that is the same in each language of a portal: a label that was sent without one.
fn in_languages(text: &str) -> Value {
    LANGUAGES.iter().map(|language| ((*language).to_owned(), Value::from(text))).collect()
}

/// How "nothing" is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Empty {
    List,
    No,
    Text,
    Null,
}

impl Empty {
    /// The way for a schema without references. REST 3 has `null` for all but lists.
    pub(crate) fn of(schema: &Schema, api: Api) -> Self {
        match schema.single() {
            Some(JsonType::Array) => Self::List,
            _ if api == Api::V3 => Self::Null,
            Some(JsonType::Object) => Self::List,
            Some(JsonType::Boolean) if schema.format.as_deref() == Some("char") => Self::No,
            Some(JsonType::String) if schema.is_date() => Self::Text,
            _ => Self::Null,
        }
    }

    /// The value.
    fn value(self) -> Value {
        match self {
            Self::List => json!([]),
            Self::No => "N".into(),
            Self::Text => "".into(),
            Self::Null => Value::Null,
        }
    }

    /// The value as JSON.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::List => "[]",
            Self::No => "\"N\"",
            Self::Text => "\"\"",
            Self::Null => "null",
        }
    }
}
