//! Whether a value has the documented type of a result.

use indexmap::IndexMap;
use serde_json::Value;

use crate::php;
use crate::spec::{JsonType, Schema};

/// Whether a value has the form that a schema documents for results, in one of the forms of the wire.
pub(crate) fn fits(schema: &Schema, defs: &IndexMap<String, Schema>, value: &Value) -> bool {
    let schema = schema.resolve(defs);
    if schema.nullable() && php::is_empty(value) {
        return true;
    }
    if !schema.one_of.is_empty() || !schema.any_of.is_empty() {
        if let Some((scalar, structure)) = schema.scalar_or_structure() {
            let is_structure = value.is_array() || value.is_object();
            return fits(if is_structure { structure } else { scalar }, defs, value);
        }
        return schema.one_of.iter().chain(&schema.any_of).any(|one| fits(one, defs, value));
    }
    match schema.single() {
        None => true,
        Some(JsonType::Null) => php::is_empty(value),
        Some(JsonType::Boolean) => is_flag(value),
        Some(JsonType::Integer) => is_integer(value),
        Some(JsonType::Number) => is_number(value),
        Some(JsonType::String) if schema.is_date() => value.as_str().is_some_and(|text| !text.is_empty()),
        Some(JsonType::String) => value.is_string() || value.is_number(),
        Some(JsonType::Array) => {
            let fits_item = |item: &Value| schema.items.as_ref().is_none_or(|items| fits(items, defs, item));
            value.as_array().is_some_and(|items| items.iter().all(fits_item))
        }
        Some(JsonType::Object) => fits_object(schema, defs, value),
    }
}

fn fits_object(schema: &Schema, defs: &IndexMap<String, Schema>, value: &Value) -> bool {
    let of_map = |value: &Value| schema.map_values().is_none_or(|values| fits(values, defs, value));
    match value {
        Value::Array(items) => items.is_empty() || schema.properties.is_empty() && items.iter().all(of_map),
        Value::Object(map) if schema.properties.is_empty() => map.values().all(of_map),
        Value::Object(map) => schema.properties.iter().all(|(name, field)| {
            map.get(name).is_none_or(|value| php::is_empty(value) || fits(field, defs, value))
        }),
        _ => false,
    }
}

fn is_flag(value: &Value) -> bool {
    match value {
        Value::Bool(_) => true,
        Value::Number(number) => matches!(number.as_f64(), Some(0.0 | 1.0)),
        Value::String(text) => {
            ["Y", "N", "1", "0", "true", "false"].iter().any(|form| form.eq_ignore_ascii_case(text))
        }
        _ => false,
    }
}

fn is_integer(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_i64(),
        Value::String(text) => text.trim().parse::<i64>().is_ok(),
        _ => false,
    }
}

fn is_number(value: &Value) -> bool {
    match value {
        Value::Number(_) => true,
        Value::String(text) => text.trim().parse().is_ok_and(|number: f64| number.is_finite()),
        _ => false,
    }
}
