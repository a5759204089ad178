//! How the same schema is written in OpenAPI 3.1, OpenAPI 3.0 and JSON Schema.

use serde_json::{Map, Value, json};

use crate::descriptor::JsonType;

/// A form of JSON Schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// OpenAPI 3.1: JSON Schema 2020-12, with shared schemas below `components`.
    OpenApi31,
    /// OpenAPI 3.0: no lists of types, no `null`, and no keyword beside `$ref`.
    OpenApi30,
    /// JSON Schema 2020-12, with shared schemas below `$defs`.
    JsonSchema,
}

impl Dialect {
    /// A reference to a shared schema.
    pub(super) fn reference(self, component: &str) -> Value {
        let folder = if self == Self::JsonSchema { "$defs" } else { "components/schemas" };
        json!({"$ref": format!("#/{folder}/{component}")})
    }

    /// A schema with annotations. OpenAPI 3.0 ignores keywords beside `$ref`.
    pub(super) fn annotated(self, schema: Value, annotations: Map<String, Value>) -> Value {
        if annotations.is_empty() {
            return schema;
        }
        let mut schema = match schema {
            reference if self == Self::OpenApi30 && reference.get("$ref").is_some() => {
                Map::from_iter([("allOf".to_owned(), Value::Array(vec![reference]))])
            }
            Value::Object(schema) => schema,
            _ => Map::new(),
        };
        schema.extend(annotations);
        Value::Object(schema)
    }

    /// A schema of several types, each with the keywords that concern only this type.
    pub(super) fn of_types(self, types: Vec<(JsonType, Map<String, Value>)>) -> Map<String, Value> {
        if self == Self::OpenApi30 { nullable_types(types) } else { listed_types(types) }
    }
}

/// `{"type": ["integer", "null"], …}`: a keyword concerns only the values of its type.
fn listed_types(types: Vec<(JsonType, Map<String, Value>)>) -> Map<String, Value> {
    let mut schema = Map::new();
    let mut names: Vec<Value> = types.iter().map(|(json_type, _)| json!(json_type)).collect();
    let names = if names.len() == 1 { names.remove(0) } else { Value::Array(names) };
    schema.insert("type".to_owned(), names);
    schema.extend(types.into_iter().flat_map(|(_, keywords)| keywords));
    schema
}

/// `{"type": "integer", "nullable": true, …}`, and alternatives for several types.
fn nullable_types(types: Vec<(JsonType, Map<String, Value>)>) -> Map<String, Value> {
    let nullable = types.iter().any(|(json_type, _)| *json_type == JsonType::Null);
    let of_one = |(json_type, keywords): (JsonType, Map<String, Value>)| {
        let mut schema = Map::from_iter([("type".to_owned(), json!(json_type))]);
        if nullable {
            schema.insert("nullable".to_owned(), json!(true));
        }
        schema.extend(keywords);
        schema
    };
    let others = types.into_iter().filter(|(json_type, _)| *json_type != JsonType::Null);
    let mut schemas: Vec<Map<String, Value>> = others.map(of_one).collect();
    match schemas.len() {
        0 => only_null(),
        1 => schemas.remove(0),
        _ => Map::from_iter([("anyOf".to_owned(), json!(schemas))]),
    }
}

/// `null` alone. `nullable` has an effect only beside a type.
fn only_null() -> Map<String, Value> {
    let keywords = [("type", json!("string")), ("nullable", json!(true)), ("enum", json!([null]))];
    keywords.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
