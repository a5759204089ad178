//! What the documentation says of a value beyond its Rust type, for the reader of the generated documentation.

use crate::descriptor::{JsonType, Schema};
use crate::model::FieldDocs;

/// How a type is called of which nothing is known.
pub(super) const UNKNOWN: &str = "undocumented type";

/// The facts that a schema tells. `required` is `None` where nothing is known, or where the word has no meaning.
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
        default: schema.default.as_ref().map(ToString::to_string),
        deprecated: schema.deprecated,
    }
}

/// The type in the documentation's words, which say more than Rust's: an integer that is the number of a deal.
fn type_name(schema: &Schema) -> String {
    if let Some(format) = &schema.format {
        return format.clone();
    }
    match schema.types.single() {
        Some(JsonType::Array) => match &schema.items {
            Some(items) => format!("list of {}", type_name(items)),
            None => "list".to_owned(),
        },
        Some(json_type) => word(json_type).to_owned(),
        None if schema.reference.is_some() => "object".to_owned(),
        None if schema.types.is_empty() => UNKNOWN.to_owned(),
        None => schema.types.0.iter().map(|json_type| word(*json_type)).collect::<Vec<_>>().join(" or "),
    }
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
