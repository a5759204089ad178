//! Whether a result has anything that can come in pages.

use crate::descriptor::{AdditionalProperties, JsonType, Schema};

/// Whether a result may be a list of rows or hold one: at its top, or as all that there is in the one object that it holds.
pub(super) fn lists_anything(returns: &Schema, depth: usize) -> bool {
    let kind = returns.types.single();
    if kind.is_none() && returns.types.0 != [JsonType::Null] || kind == Some(JsonType::Array) {
        return true;
    }
    if kind != Some(JsonType::Object) {
        return false;
    }
    // A map may be a list by identifiers; a map of field descriptions is always complete.
    let is_map = |schema: &Schema| matches!(&schema.additional, Some(AdditionalProperties::Of(values)) if values.reference.is_none());
    if returns.properties.is_empty() {
        return returns.additional.is_none() || is_map(returns);
    }
    let mut fields = returns.properties.values();
    match (fields.next(), fields.next()) {
        (Some(only), None) if depth == 0 => lists_anything(only, 1),
        _ if depth > 0 => returns.properties.len() == 1 && returns.properties.values().any(is_list),
        _ => returns.properties.values().any(|field| is_list(field) || is_map(field)),
    }
}

/// Whether there is a list anywhere in the first two steps of a result.
pub(super) fn holds_list(returns: &Schema) -> bool {
    let holds = |schema: &Schema| schema.properties.values().any(is_list);
    holds(returns) || returns.properties.values().any(holds)
}

fn is_list(schema: &Schema) -> bool {
    schema.types.single() == Some(JsonType::Array)
}
