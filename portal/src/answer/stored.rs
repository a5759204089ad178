//! Stored values as results: in the form of the wire, empty ones as the documented type is empty.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::fits;
use super::plausible::Maker;
use super::samples::Seed;
use super::wire_form::Form;
use crate::families::fold;
use crate::spec::{JsonType, Schema};
use crate::{moment, php};

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
    let (schema, form) = (schema.resolve(defs), form.of_field(name));
    if php::is_empty(&value) && !value.is_boolean() {
        return form.empty(schema).value();
    }
    let written = match formed(schema, defs, form, value) {
        value if schema.single() == Some(JsonType::Array) && !value.is_array() && schema.items.is_some() => {
            json!([value])
        }
        value => value,
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

/// A value in the form of the wire, and its parts. They have the names of the schema: methods with the same rows spell them with
/// `XML_ID` and `xmlId`.
fn formed(schema: &Schema, defs: &IndexMap<String, Schema>, form: Form, value: Value) -> Value {
    match (schema.single(), value) {
        (Some(JsonType::Boolean), value) => form.flag(schema, php::is_true(&value)),
        (Some(JsonType::Integer), Value::Bool(flag)) => form.integer(i64::from(flag)),
        (Some(JsonType::Integer), Value::Number(number)) if number.is_i64() => {
            form.integer(number.as_i64().unwrap_or_default())
        }
        (Some(JsonType::Number), Value::Number(number)) => form.decimal(number.as_f64().unwrap_or_default()),
        (Some(JsonType::String), Value::String(text)) if schema.is_date() && !form.has_dates() => {
            moment::with_zone(&text).unwrap_or(text).into()
        }
        (Some(JsonType::String), Value::Bool(flag)) => if flag { "Y" } else { "N" }.into(),
        (Some(JsonType::String), value @ Value::Number(_)) => php::text(&value).into(),
        (_, Value::Object(parts)) if !schema.properties.is_empty() => parts_formed(schema, defs, form, parts),
        (_, Value::Array(items)) => match schema.items.as_deref().map(|item| item.resolve(defs)) {
            Some(item) if !item.properties.is_empty() => {
                items.into_iter().map(|value| formed(item, defs, form, value)).collect()
            }
            _ => Value::Array(items),
        },
        (_, value) => value,
    }
}

fn parts_formed(
    schema: &Schema,
    defs: &IndexMap<String, Schema>,
    form: Form,
    parts: Map<String, Value>,
) -> Value {
    let is_own = |name: &String| schema.properties.contains_key(name);
    let given: Vec<String> = parts.keys().filter(|name| is_own(name)).cloned().collect();
    let documented = |name: &String| {
        let mut alike = schema.properties.keys().filter(|own| fold(own) == fold(name));
        alike.next().filter(|own| !given.contains(own)).cloned()
    };
    let form = form.of_object(schema);
    let part = |(name, value): (String, Value)| {
        let name = if is_own(&name) { name } else { documented(&name).unwrap_or(name) };
        let of_part = schema.properties.get(&name).map(|part| part.resolve(defs));
        let value = match of_part {
            Some(part) if !php::is_empty(&value) => formed(part, defs, form.of_field(&name), value),
            _ => value,
        };
        (name, value)
    };
    parts.into_iter().map(part).collect()
}

fn is_text(schema: &Schema) -> bool {
    schema.single() == Some(JsonType::String)
}

/// A text that is the same in each language of a portal: a label that was sent without one.
fn in_languages(text: &str) -> Value {
    LANGUAGES.iter().map(|language| ((*language).to_owned(), Value::from(text))).collect()
}
