//! Composed values as results: their parts are in the forms of the wire, and what the schema does not describe is left out.

use std::collections::HashMap;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::samples::Seed;
use super::stored::write;
use super::wire_form::Form;
use crate::families::fold;
use crate::spec::{JsonType, Schema};

/// A composed value as a result of this schema. Names are compared without case and separators; properties that the value does not
/// have are absent.
pub(crate) fn shape(
    schema: &Schema,
    defs: &IndexMap<String, Schema>,
    form: Form,
    value: Value,
    (name, seed): (&str, Seed),
) -> Value {
    let schema = alternative(schema.resolve(defs), &value).resolve(defs);
    let (seed, form) = (seed.part(name), form.of_field(name));
    match value {
        Value::Object(fields) if !schema.properties.is_empty() => {
            let mut by_folded: HashMap<String, Value> =
                fields.into_iter().map(|(name, value)| (fold(&name), value)).collect();
            let part = |(name, part): (&String, &Schema)| {
                let value = by_folded.remove(&fold(name))?;
                Some((name.clone(), shape(part, defs, form, value, (name, seed))))
            };
            let shaped: Map<String, Value> = schema.properties.iter().filter_map(part).collect();
            // PHP has no empty map.
            if shaped.is_empty() { json!([]) } else { Value::Object(shaped) }
        }
        Value::Object(fields) if fields.is_empty() => json!([]),
        Value::Object(fields) => match schema.map_values() {
            Some(values) => {
                let part = |(name, value): (String, Value)| {
                    let value = shape(values, defs, form, value, (&name, seed));
                    (name, value)
                };
                Value::Object(fields.into_iter().map(part).collect::<Map<_, _>>())
            }
            None if schema.single() == Some(JsonType::Array) => {
                shape(schema, defs, form, fields.into_iter().map(|(_, value)| value).collect(), (name, seed))
            }
            None => Value::Object(fields),
        },
        Value::Array(items) => match schema.items.as_deref() {
            Some(of_items) => {
                items.into_iter().map(|item| shape(of_items, defs, form, item, (name, seed))).collect()
            }
            None => Value::Array(items),
        },
        Value::String(text) if text.is_empty() && schema.single() == Some(JsonType::String) => text.into(),
        // A number of a composed value is as exact as it was.
        Value::Number(number) if schema.single() == Some(JsonType::Number) && !form.has_text_numbers() => {
            Value::Number(number)
        }
        value => write(schema, defs, form, value, (name, seed)),
    }
}

/// The alternative of a schema that has the structure of a value.
pub(super) fn alternative<'s>(schema: &'s Schema, value: &Value) -> &'s Schema {
    let wanted = match value {
        Value::Object(_) => JsonType::Object,
        Value::Array(_) => JsonType::Array,
        _ => {
            let mut alternatives = schema.one_of.iter().chain(&schema.any_of);
            return alternatives.find(|one| one.is_scalar()).unwrap_or(schema);
        }
    };
    let mut alternatives = schema.one_of.iter().chain(&schema.any_of);
    alternatives.find(|one| one.single() == Some(wanted) || one.entity.is_some()).unwrap_or(schema)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Api;

    fn shaped(schema: Value, value: Value) -> Value {
        let schema: Schema = serde_json::from_value(schema).expect("a schema");
        shape(&schema, &schema.defs, Form::of(Api::V2, "zoo.get"), value, ("result", Seed::new(7)))
    }

    #[test]
    fn parts_have_documented_names_and_types() {
        let schema = json!({"type": "object", "properties": {
            "keeperId": {"type": "integer"}, "isOpen": {"type": "boolean", "format": "char"}, "name": {"type": "string"},
            "cages": {"type": "array", "items": {"type": "object", "properties": {"ID": {"type": "integer"}}}}
        }});
        let value = json!({"KEEPER_ID": 7, "is_open": true, "colour": "red", "cages": [{"id": 3}]});
        assert_eq!(shaped(schema, value), json!({"keeperId": 7, "isOpen": "Y", "cages": [{"ID": 3}]}));
    }

    #[test]
    fn a_value_has_the_alternative_of_its_structure() {
        let row = json!({"type": "object", "properties": {"id": {"type": "integer"}}});
        let schema = json!({"type": "array", "items": {"oneOf": [{"type": "integer"}, row]}});
        assert_eq!(shaped(schema.clone(), json!([5])), json!([5]));
        assert_eq!(shaped(schema, json!([{"id": 5, "name": "A"}])), json!([{"id": 5}]));
        assert_eq!(shaped(json!({"type": "object"}), json!({})), json!([]));
    }
}
