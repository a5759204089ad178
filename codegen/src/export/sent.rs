//! The schema of a value in a request: the documented types, with flags as the method requires them.

use serde_json::{Map, Value, json};

use super::components::{Place, with_api};
use super::dialect::Dialect;
use super::extensions::{DEFAULT, DESCRIPTION, ENTITY, TYPE, VALUES, value_names};
use super::options::Values;
use crate::descriptor::{AdditionalProperties, JsonType, Schema};

/// The schema of a value that a caller sends.
pub(super) fn sent<'a>(place: &mut Place<'a, '_>, schema: &'a Schema) -> Value {
    if let Some(reference) = &schema.reference {
        return place.refer_to_shared(reference).unwrap_or_else(|| json!({}));
    }
    let documented = place.context.values == Values::Documented;
    if documented && let Some(reference) = place.refer_to_entity(schema) {
        let of_types = place.context.dialect;
        return if schema.types.nullable() { or_null(of_types, reference) } else { reference };
    }
    let mut written = of_types(place, schema);
    let alternatives: Vec<Value> =
        schema.any_of.iter().chain(&schema.one_of).map(|alternative| sent(place, alternative)).collect();
    if !alternatives.is_empty() {
        // Alternatives may overlap, as texts and dates do, so that `oneOf` would refuse what fits both.
        if let Some(types) = written.shift_remove("anyOf") {
            written.insert("allOf".to_owned(), json!([{"anyOf": types}]));
        }
        written.insert("anyOf".to_owned(), Value::Array(alternatives));
    }
    annotate(place, schema, &mut written);
    Value::Object(written)
}

fn or_null(dialect: Dialect, reference: Value) -> Value {
    match dialect {
        Dialect::OpenApi30 => json!({"nullable": true, "type": "object", "allOf": [reference]}),
        _ => json!({"anyOf": [reference, {"type": "null"}]}),
    }
}

fn of_types<'a>(place: &mut Place<'a, '_>, schema: &'a Schema) -> Map<String, Value> {
    if is_flag_text(schema) {
        let mut types = vec![(JsonType::String, Map::from_iter([("enum".to_owned(), json!(["Y", "N"]))]))];
        if schema.types.nullable() {
            types.push((JsonType::Null, Map::new()));
        }
        return with_null_value(place.context.dialect.of_types(types));
    }
    if schema.types.is_empty() {
        return keywords(
            place,
            schema,
            &[JsonType::String, JsonType::Number, JsonType::Array, JsonType::Object],
        );
    }
    let types =
        schema.types.0.iter().map(|json_type| (*json_type, keywords(place, schema, &[*json_type]))).collect();
    place.context.dialect.of_types(types)
}

/// Whether a flag is sent as `Y` or `N`.
fn is_flag_text(schema: &Schema) -> bool {
    schema.types.single() == Some(JsonType::Boolean) && schema.format.as_deref() == Some("char")
}

/// The keywords that concern values of some types.
fn keywords<'a>(place: &mut Place<'a, '_>, schema: &'a Schema, types: &[JsonType]) -> Map<String, Value> {
    let mut keywords = Map::new();
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            keywords.insert(key.to_owned(), value);
        }
    };
    for json_type in types {
        match json_type {
            JsonType::String => {
                put("format", standard_format(schema).map(Value::from));
                put("minLength", schema.min_length.map(Value::from));
                put("maxLength", schema.max_length.map(Value::from));
                put("pattern", schema.pattern.clone().map(Value::from));
            }
            JsonType::Integer | JsonType::Number => {
                // Beside other types, the format would be theirs, too.
                let is_integer = schema.types.single() == Some(JsonType::Integer);
                put("format", is_integer.then(|| json!("int64")));
                put("minimum", schema.minimum.clone().map(Value::Number));
                put("maximum", schema.maximum.clone().map(Value::Number));
            }
            JsonType::Array => {
                let items = schema.items.as_deref().map(|items| sent(place, items));
                // OpenAPI 3.0 requires the keyword.
                let is_list = !schema.types.is_empty();
                put("items", items.or_else(|| is_list.then(|| json!({}))));
                put("maxItems", schema.max_items.map(Value::from));
            }
            JsonType::Object => {
                put("required", (!schema.required.is_empty()).then(|| json!(schema.required)));
                let properties: Map<String, Value> =
                    schema.properties.iter().map(|(name, of)| (name.clone(), sent(place, of))).collect();
                put("properties", (!properties.is_empty()).then_some(Value::Object(properties)));
                put("additionalProperties", additional(place, schema));
            }
            JsonType::Null | JsonType::Boolean => {}
        }
    }
    keywords
}

/// Further properties are allowed unless the descriptor says otherwise.
fn additional<'a>(place: &mut Place<'a, '_>, schema: &'a Schema) -> Option<Value> {
    match schema.additional.as_ref()? {
        AdditionalProperties::Allowed(true) => None,
        AdditionalProperties::Allowed(false) => Some(json!(false)),
        AdditionalProperties::Of(values) => Some(sent(place, values)),
    }
}

/// A format that JSON Schema defines.
fn standard_format(schema: &Schema) -> Option<&str> {
    schema.format.as_deref().filter(|format| matches!(*format, "date" | "date-time"))
}

fn annotate(place: &Place<'_, '_>, schema: &Schema, written: &mut Map<String, Value>) {
    let mut put = |key: &str, value: Value| _ = written.insert(key.to_owned(), value);
    if let Some(format) =
        schema.format.as_deref().filter(|_| standard_format(schema).is_none() && !is_flag_text(schema))
    {
        put(TYPE, json!(format));
    }
    if !schema.values.is_empty() {
        let closed = place.context.values == Values::Documented && !is_flag_text(schema);
        put(if closed { "enum" } else { VALUES }, json!(schema.values));
    }
    if let Some(default) = &schema.default {
        put(if is_of_type(schema, default) { "default" } else { DEFAULT }, default_value(schema, default));
    }
    if let Some(entity) = &schema.entity {
        put(ENTITY, json!(with_api(place.owner.api, entity)));
    }
    if schema.deprecated {
        put("deprecated", json!(true));
    }
    if let Some(description) = &schema.description {
        put(DESCRIPTION, json!(description));
    }
    let mut whole = std::mem::take(written);
    if schema.types.nullable() {
        whole = with_null_value(whole);
    }
    for (keyword, names) in value_names(schema, whole.get("enum")) {
        whole.insert(keyword.to_owned(), names);
    }
    *written = whole;
}

/// Whether a documented default has the documented type. Pages write `now` for a date, and `0` for a list.
fn is_of_type(schema: &Schema, default: &Value) -> bool {
    let fits = |json_type: &JsonType| match json_type {
        JsonType::Null => default.is_null(),
        JsonType::Boolean => default.is_boolean(),
        JsonType::Integer => default.is_i64(),
        JsonType::Number => default.is_number(),
        JsonType::String => default.is_string() && standard_format(schema).is_none(),
        JsonType::Array => default.is_array(),
        JsonType::Object => default.is_object(),
    };
    let is_listed = schema.values.is_empty() || schema.values.contains(default);
    let number = default.as_f64();
    let is_within = |bound: &Option<serde_json::Number>, beyond: fn(f64, f64) -> bool| {
        let bound = bound.as_ref().and_then(serde_json::Number::as_f64);
        number.zip(bound).is_none_or(|(number, bound)| !beyond(number, bound))
    };
    schema.types.0.iter().any(fits)
        && is_listed
        && is_within(&schema.minimum, |number, bound| number < bound)
        && is_within(&schema.maximum, |number, bound| number > bound)
}

/// A default in the form in which it is sent.
fn default_value(schema: &Schema, default: &Value) -> Value {
    match default {
        Value::Bool(flag) if is_flag_text(schema) => json!(if *flag { "Y" } else { "N" }),
        other => other.clone(),
    }
}

/// Values that may be `null` list it, too.
fn with_null_value(mut schema: Map<String, Value>) -> Map<String, Value> {
    let is_nullable = schema.contains_key("nullable")
        || schema.get("type").and_then(Value::as_array).is_some_and(|types| types.contains(&json!("null")));
    if let Some(Value::Array(values)) = schema.get_mut("enum").filter(|_| is_nullable)
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
    schema
}
