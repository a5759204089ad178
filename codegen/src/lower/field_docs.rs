//! Documented facts about a value beyond its Rust type, for the generated documentation.

use crate::descriptor::{FLAG, JsonType, Schema};
use crate::model::FieldDocs;

/// The name of an unknown type.
pub(super) const UNKNOWN: &str = "undocumented type";

/// The facts of a schema. `required` is `None` if it is unknown or does not apply.
pub(super) fn describe(schema: &Schema, required: Option<bool>) -> FieldDocs {
    let bound = |bound: &Option<serde_json::Number>| bound.as_ref().map(ToString::to_string);
    FieldDocs {
        type_name: type_name(schema),
        required,
        range: (bound(&schema.minimum), bound(&schema.maximum)),
        length: (schema.min_length, schema.max_length),
        max_items: schema.max_items,
        pattern: schema.pattern.clone(),
        values: schema.values.iter().map(ToString::to_string).collect(),
        default: default(schema),
        deprecated: schema.deprecated,
        ..FieldDocs::default()
    }
}

/// The default value, as JSON. That of a flag is `true` or `false`, like its type in Rust.
fn default(schema: &Schema) -> Option<String> {
    let default = schema.default.as_ref()?;
    Some(match (default.as_str(), default.as_i64()) {
        (Some("Y"), _) if is_flag(schema) => true.to_string(),
        (Some("N"), _) if is_flag(schema) => false.to_string(),
        (_, Some(digit)) if is_flag(schema) => (digit != 0).to_string(),
        _ => default.to_string(),
    })
}

/// Whether a value is `bool` in Rust.
fn is_flag(schema: &Schema) -> bool {
    matches!(
        (schema.types.single(), schema.format.as_deref()),
        (Some(JsonType::Boolean), _) | (Some(JsonType::Integer), Some(FLAG))
    )
}

/// The documented name of the type, which says more than the Rust type: an integer may be the identifier of a deal.
pub(super) fn type_name(schema: &Schema) -> String {
    if let Some(format) = schema.format.as_ref().filter(|_| !is_flag(schema)) {
        return format.clone();
    }
    if let Some((scalar, structure)) = schema.scalar_or_structure() {
        return format!("{} or {}", type_name(scalar), type_name(structure));
    }
    match schema.types.single() {
        Some(JsonType::Array) => match &schema.items {
            Some(items) => format!("list of {}", type_name(items)),
            None => "list".to_owned(),
        },
        Some(json_type) => word(json_type).to_owned(),
        None if schema.reference.is_some() => "object".to_owned(),
        None if schema.types.is_empty() => alternatives(schema).unwrap_or_else(|| UNKNOWN.to_owned()),
        None => schema.types.0.iter().map(|json_type| word(*json_type)).collect::<Vec<_>>().join(" or "),
    }
}

/// The types of a value that has one of several. `None`: no alternative has a documented type.
fn alternatives(schema: &Schema) -> Option<String> {
    let mut names: Vec<String> = Vec::new();
    for alternative in schema.any_of.iter().chain(&schema.one_of) {
        let name = type_name(alternative);
        if name != UNKNOWN && !names.contains(&name) {
            names.push(name);
        }
    }
    (!names.is_empty()).then(|| names.join(" or "))
}

fn word(json_type: JsonType) -> &'static str {
    match json_type {
        JsonType::Null => "null",
        JsonType::Boolean => "boolean",
        JsonType::Integer => "integer",
        JsonType::Number => "number",
        JsonType::String => "string",
        JsonType::Array => "list",
        JsonType::Object => "object",
    }
}
