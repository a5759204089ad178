//! Whether a documented value can be read as a type. The wire is lenient, and so is this: the same rules as `core/src/wire`.

use serde_json::Value;

use crate::descriptor::{AdditionalProperties, JsonType, Schema};

/// Whether a value is one of the forms in which PHP writes "nothing".
pub(crate) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

/// Whether a value fits where nothing may stand as well.
pub(crate) fn fits_or_empty(schema: &Schema, value: &Value) -> bool {
    is_empty(value) || fits(schema, value)
}

/// Whether a value fits.
pub(crate) fn fits(schema: &Schema, value: &Value) -> bool {
    if schema.types.nullable() && is_empty(value) {
        return true;
    }
    match schema.types.single() {
        // Several types, or none, are read as JSON. `null` alone is read as it is.
        None => schema.types.0 != [JsonType::Null] || value.is_null(),
        Some(JsonType::Null) => value.is_null(),
        Some(JsonType::Boolean) => is_flag(value),
        Some(JsonType::Integer) => number(value).is_some_and(|number| number.fract() == 0.0),
        Some(JsonType::Number) => number(value).is_some(),
        Some(JsonType::String) => is_text(schema, value),
        Some(JsonType::Array) => items_fit(schema, value),
        Some(JsonType::Object) => object_fits(schema, value),
    }
}

fn is_flag(value: &Value) -> bool {
    match value {
        Value::Bool(_) => true,
        Value::Number(number) => matches!(number.as_f64(), Some(0.0 | 1.0)),
        Value::String(text) => {
            matches!(text.to_lowercase().as_str(), "y" | "n" | "1" | "0" | "true" | "false")
        }
        _ => false,
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => {
            let plain =
                text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
            text.parse().ok().filter(|_| plain)
        }
        _ => None,
    }
}

fn is_text(schema: &Schema, value: &Value) -> bool {
    let is_date = matches!(schema.format.as_deref(), Some("date-time" | "date"));
    match value {
        Value::String(text) => !is_date || !text.is_empty(),
        Value::Number(_) => !is_date,
        _ => false,
    }
}

fn items_fit(schema: &Schema, value: &Value) -> bool {
    let item = |item: &Value| schema.items.as_ref().is_none_or(|items| fits(items, item));
    match value {
        Value::Array(items) => items.iter().all(item),
        Value::Object(map) => map.iter().all(|(key, value)| key.parse::<i64>().is_ok() && item(value)),
        _ => false,
    }
}

fn object_fits(schema: &Schema, value: &Value) -> bool {
    let free = |value: &Value| match &schema.additional {
        Some(AdditionalProperties::Of(values)) => fits(values, value),
        _ => true,
    };
    match value {
        Value::Object(map) if schema.properties.is_empty() => map.values().all(free),
        Value::Object(map) => {
            let fits = |(name, field): (&String, &Schema)| {
                map.get(name).is_none_or(|value| fits_or_empty(field, value))
            };
            schema.properties.iter().all(fits)
        }
        Value::Array(items) if schema.properties.is_empty() => items.iter().all(free),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}
