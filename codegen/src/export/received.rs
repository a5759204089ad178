//! The schema of a value in a response: every form in which a portal sends it.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::components::{Place, with_api};
use super::extensions::{DESCRIPTION, ENTITY, TYPE, TYPES, VALUES, value_names};
use super::options::Values;
use super::sent::sent;
use super::wire::Wire;
use crate::descriptor::{AdditionalProperties, JsonType, Schema};

/// The schema of the result of a method.
pub(super) fn result<'a>(place: &mut Place<'a, '_>, schema: &'a Schema) -> Value {
    if place.context.values == Values::Documented {
        return sent(place, schema);
    }
    if schema.reference.is_none() && schema.types.0 == [JsonType::Null] {
        // Methods without a result also return `true`.
        let empty = place.refer_to_wire((Wire::Empty, false));
        return json!({"anyOf": [empty, {"type": "boolean"}]});
    }
    // Nothing is an empty list, an empty map, or `false`.
    let or_empty = match schema.types.single() {
        Some(JsonType::Array | JsonType::Boolean) => true,
        Some(JsonType::Object) => schema.properties.is_empty(),
        _ => false,
    };
    received(place, schema, or_empty)
}

/// The schema of an object with known fields.
pub(super) fn object<'a>(place: &mut Place<'a, '_>, fields: &'a IndexMap<String, Schema>) -> Value {
    let documented = place.context.values == Values::Documented;
    let properties: Map<String, Value> = fields
        .iter()
        .map(|(name, field)| {
            let schema = if documented { sent(place, field) } else { received(place, field, true) };
            (name.clone(), schema)
        })
        .collect();
    json!({"type": "object", "properties": properties})
}

/// The schema of a value that a portal sends. `or_empty`: a form of nothing may be in its place.
pub(super) fn received<'a>(place: &mut Place<'a, '_>, schema: &'a Schema, or_empty: bool) -> Value {
    let or_empty = or_empty || schema.types.nullable();
    if let Some(reference) = &schema.reference {
        let Some(reference) = place.refer_to_shared(reference) else { return json!({}) };
        return if or_empty { any_of(place, vec![reference], Some(Wire::Empty)) } else { reference };
    }
    let annotations = annotations(place, schema);
    let form =
        if is_choice(schema) { choice(place, schema, or_empty) } else { of_type(place, schema, or_empty) };
    place.context.dialect.annotated(form, annotations)
}

fn of_type<'a>(place: &mut Place<'a, '_>, schema: &'a Schema, or_empty: bool) -> Value {
    let kind = match schema.types.single() {
        // Several types are read as JSON, so that every value fits.
        None if schema.types.0 != [JsonType::Null] => return json!({}),
        None | Some(JsonType::Null) => return place.refer_to_wire((Wire::Empty, false)),
        Some(JsonType::Array) => return list(place, schema, or_empty),
        Some(JsonType::Object) => return any_object(place, schema, or_empty),
        Some(JsonType::Boolean) => Wire::Flag,
        Some(JsonType::Integer) => Wire::Integer,
        Some(JsonType::Number) => Wire::Number,
        Some(JsonType::String) if is_date(schema) => Wire::Date,
        Some(JsonType::String) => Wire::Text,
    };
    place.refer_to_wire((kind, or_empty))
}

fn list<'a>(place: &mut Place<'a, '_>, schema: &'a Schema, or_empty: bool) -> Value {
    let items = schema.items.as_deref().map_or_else(|| json!({}), |items| received(place, items, false));
    let list = json!({"type": "array", "items": items});
    let gaps = place.refer_to_wire((Wire::SparseList, false));
    any_of(place, vec![list, gaps], or_empty.then_some(Wire::Empty))
}

fn any_object<'a>(place: &mut Place<'a, '_>, schema: &'a Schema, or_empty: bool) -> Value {
    if schema.properties.is_empty() {
        let mut map = json!({"type": "object"});
        if let Some(AdditionalProperties::Of(values)) = &schema.additional {
            map["additionalProperties"] = received(place, values, false);
        }
        let list = place.refer_to_wire((Wire::List, false));
        return any_of(place, vec![map, list], or_empty.then_some(Wire::Empty));
    }
    let fields = match place.refer_to_entity(schema) {
        Some(reference) => reference,
        None => object(place, &schema.properties),
    };
    any_of(place, vec![fields], Some(if or_empty { Wire::Empty } else { Wire::EmptyList }))
}

fn any_of(place: &mut Place<'_, '_>, mut forms: Vec<Value>, other: Option<Wire>) -> Value {
    forms.extend(other.map(|kind| place.refer_to_wire((kind, false))));
    json!({"anyOf": forms})
}

/// Whether a schema has alternatives.
fn is_choice(schema: &Schema) -> bool {
    !schema.any_of.is_empty() || !schema.one_of.is_empty()
}

/// Alternatives that are all dates are a date. A list and one of its items is either. Any others are read as JSON.
fn choice<'a>(place: &mut Place<'a, '_>, schema: &'a Schema, or_empty: bool) -> Value {
    if schema.any_of.iter().chain(&schema.one_of).all(is_date) {
        return place.refer_to_wire((Wire::Date, or_empty));
    }
    match schema.one_of.as_slice() {
        [list, item] | [item, list] if list.items.as_deref() == Some(item) => {
            let forms = vec![received(place, list, false), received(place, item, false)];
            any_of(place, forms, Some(Wire::Empty))
        }
        _ => json!({}),
    }
}

fn is_date(schema: &Schema) -> bool {
    schema.types.single() == Some(JsonType::String)
        && matches!(schema.format.as_deref(), Some("date-time" | "date"))
}

/// What the schema of the wire does not say.
fn annotations(place: &Place<'_, '_>, schema: &Schema) -> Map<String, Value> {
    let mut annotations = Map::new();
    let mut put = |key: &str, value: Value| _ = annotations.insert(key.to_owned(), value);
    if schema.types.0.len() > 1 && schema.types.single().is_none() {
        put(TYPES, json!(schema.types));
    }
    if let Some(format) = &schema.format {
        put(TYPE, json!(format));
    }
    if !schema.values.is_empty() {
        put(VALUES, json!(schema.values));
    }
    for (keyword, names) in value_names(schema, None) {
        put(keyword, names);
    }
    if let Some(entity) = schema.entity.as_deref().filter(|_| !is_whole(place, schema)) {
        put(ENTITY, json!(with_api(place.owner.api, entity)));
    }
    if schema.deprecated {
        put("deprecated", json!(true));
    }
    if let Some(description) = &schema.description {
        put(DESCRIPTION, json!(description));
    }
    annotations
}

fn is_whole(place: &Place<'_, '_>, schema: &Schema) -> bool {
    let entity = schema.entity.as_deref().and_then(|name| place.context.entities.get(place.owner.api, name));
    entity.is_some_and(|entity| entity.fields == schema.properties)
}
