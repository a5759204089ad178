//! Schemas as a reader sees them: names, types, words, and the fields of objects.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::words::{Texts, words};
use crate::spec::{Api, JsonType, Schema};

/// How deep fields are shown. Schemas may refer to themselves.
const MAX_DEPTH: usize = 5;

/// Describes the schemas of a method or an entity.
pub(super) struct Describer<'a> {
    pub(super) api: Api,
    pub(super) texts: &'a Texts,
    /// `params` or `returns`, with the schemas that parts refer to.
    pub(super) side: &'static str,
    pub(super) defs: &'a IndexMap<String, Schema>,
}

/// Where a schema is: its path in the words of the method, and the entity whose field it is.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) path: &'a str,
    pub(super) entity: Option<(&'a Texts, &'a str)>,
}

impl Describer<'_> {
    /// A value of a method or a field of an entity.
    pub(super) fn node(&self, name: &str, schema: &Schema, at: At<'_>, depth: usize) -> Map<String, Value> {
        let text = self.texts.get(at.path).or_else(|| at.entity.and_then(|(texts, path)| texts.get(path)));
        let shared = schema.reference.as_deref().and_then(|reference| reference.strip_prefix("#/$defs/"));
        let own = shared.map(|shared| format!("{}#{shared}", self.side));
        let at = own.as_deref().map_or(at, |path| At { path, entity: None });
        let schema = schema.resolve(self.defs);
        let mut node = Map::new();
        let mut set = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                node.insert(key.to_owned(), value);
            }
        };
        set("name", Some(name.into()));
        set("text", text.map(Value::from));
        set("type", Some(type_name(schema, self.defs, 0).into()));
        set("kind", Some(kind(schema).into()));
        set("format", schema.format.clone().map(Value::from));
        set("min", schema.minimum.map(Value::from));
        set("max", schema.maximum.map(Value::from));
        set("length", schema.max_length.map(Value::from));
        set("default", schema.default.clone());
        let inner = inner(schema, self.defs);
        set("entity", inner.entity.clone().map(Value::from));
        let values = if schema.values.is_empty() { &inner.values } else { &schema.values };
        set("values", (!values.is_empty()).then(|| values.clone().into()));
        if kind(schema) == "flag" {
            let flags = if schema.format.as_deref() == Some("char") {
                json!(["Y", "N"])
            } else {
                json!([true, false])
            };
            set("flags", Some(flags));
        }
        let fields = self.fields(inner, at, depth);
        set("fields", (!fields.is_empty()).then(|| fields.into()));
        node
    }

    /// The fields of an object.
    pub(super) fn fields(&self, schema: &Schema, at: At<'_>, depth: usize) -> Vec<Value> {
        if depth >= MAX_DEPTH {
            return Vec::new();
        }
        let of_entity = schema.entity.as_deref().map(|name| words().entity(self.api, name));
        let field = |(name, field): (&String, &Schema)| {
            let path = format!("{}/{name}", at.path);
            let below = at.entity.map(|(texts, path)| (texts, format!("{path}/{name}")));
            let entity = match (&of_entity, &below) {
                (Some(texts), _) => Some((texts, name.as_str())),
                (None, Some((texts, path))) => Some((*texts, path.as_str())),
                (None, None) => None,
            };
            let mut node = self.node(name, field, At { path: &path, entity }, depth + 1);
            if schema.required.contains(name) {
                node.insert("required".to_owned(), true.into());
            }
            Value::Object(node)
        };
        schema.properties.iter().map(field).collect()
    }
}

/// The object that a value is, or whose list or map it is.
fn inner<'s>(schema: &'s Schema, defs: &'s IndexMap<String, Schema>) -> &'s Schema {
    let part = schema.items.as_deref().or_else(|| schema.map_values());
    let part =
        part.or_else(|| schema.one_of.iter().find(|one| one.entity.is_some() || !one.properties.is_empty()));
    match part.filter(|_| schema.properties.is_empty()) {
        Some(part) => part.resolve(defs),
        None => schema,
    }
}

/// How a form asks for a value.
fn kind(schema: &Schema) -> &'static str {
    match schema.single() {
        Some(JsonType::Boolean) => "flag",
        Some(JsonType::Integer | JsonType::Number) => "number",
        Some(JsonType::String) => "text",
        Some(JsonType::Array | JsonType::Object) => "json",
        Some(JsonType::Null) | None if schema.entity.is_some() => "json",
        Some(JsonType::Null) | None => "any",
    }
}

/// The name of a type: `list of integers or text`.
fn type_name(schema: &Schema, defs: &IndexMap<String, Schema>, depth: usize) -> String {
    let schema = schema.resolve(defs);
    let of = |part: &Schema| {
        let part = if depth < 3 { type_name(part, defs, depth + 1) } else { String::new() };
        if part.is_empty() { part } else { format!(" of {part}") }
    };
    let one = |json_type: &JsonType| match json_type {
        JsonType::Null => "null".to_owned(),
        JsonType::Boolean => "flag".to_owned(),
        JsonType::Integer => "integer".to_owned(),
        JsonType::Number => "number".to_owned(),
        JsonType::String => "text".to_owned(),
        JsonType::Array => format!("list{}", schema.items.as_deref().map(of).unwrap_or_default()),
        JsonType::Object => {
            schema.map_values().map_or("object".to_owned(), |values| format!("map{}", of(values)))
        }
    };
    let mut names: Vec<String> = schema.types.0.iter().map(one).collect();
    if depth < 3 {
        let alternatives = schema.one_of.iter().chain(&schema.any_of).filter(|_| names.is_empty());
        let alternatives: Vec<String> = alternatives.map(|part| type_name(part, defs, depth + 1)).collect();
        names.extend(alternatives.into_iter().filter(|name| !name.is_empty()));
    }
    names.dedup();
    names.join(" or ")
}
