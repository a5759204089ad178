//! What OpenAPI and JSON Schema cannot say: keywords that begin with `x-bitrix24-`.

use std::collections::HashSet;

use heck::ToUpperCamelCase;
use serde_json::{Map, Value, json};

use super::components::with_api;
use crate::descriptor::{Context, Deprecated, Descriptor, Kind, Kinds, Pagination, Schema, value_key};

/// The keyword for what a value means.
pub(super) const DESCRIPTION: &str = "description";
/// The documented values of an enumeration to which portals may add others.
pub(super) const VALUES: &str = "x-bitrix24-values";
/// What documented values stand for, by value: an object of phrases (`{"2": "high"}`).
pub(super) const VALUE_NAMES: &str = "x-bitrix24-value-names";
/// The keyword of several generators for the names of the values of `enum`, in the same order.
const VARIANT_NAMES: &str = "x-enum-varnames";
/// A documented default that is not of the documented type.
pub(super) const DEFAULT: &str = "x-bitrix24-default";
/// The documented name of a type.
pub(super) const TYPE: &str = "x-bitrix24-type";
/// The documented types of a value that may be any JSON.
pub(super) const TYPES: &str = "x-bitrix24-types";
/// The entity whose fields an object has in part, or with other types.
pub(super) const ENTITY: &str = "x-bitrix24-entity";
/// The errors of a response: codes, to which portals may add others.
pub(super) const ERRORS: &str = "x-bitrix24-errors";
/// The names of parameters that are sent by position.
pub(super) const POSITIONAL: &str = "x-bitrix24-positional";
/// The limits of every portal.
pub(super) const LIMITS: &str = "x-bitrix24-limits";
/// What distinguishes the calls of a webhook from those of an application.
pub(super) const CREDENTIALS: &str = "x-bitrix24-credentials";

/// The kinds of an entity.
pub(super) fn kinds<'a>(
    kinds: &'a Kinds,
    mut refer: impl FnMut(&'a str, &'a Kind) -> Value,
) -> (String, Value) {
    let of: Map<String, Value> = kinds
        .of
        .iter()
        .map(|(name, kind)| {
            let schema = refer(name, kind);
            (name.clone(), json!({"value": kind.value, "schema": schema["$ref"], "writes": kind.writes}))
        })
        .collect();
    ("x-bitrix24-kinds".to_owned(), json!({"parameter": kinds.parameter, "of": of}))
}

/// What the values of a schema stand for, if it says so. Values of an `enum` have names for generators too, if each has another one.
pub(super) fn value_names(schema: &Schema, values: Option<&Value>) -> Vec<(&'static str, Value)> {
    if schema.value_names.is_empty() {
        return Vec::new();
    }
    let mut keywords = vec![(VALUE_NAMES, json!(schema.value_names))];
    let values = values.and_then(Value::as_array).into_iter().flatten();
    let names: Vec<String> = values.map(|value| variant_name(schema, value)).collect();
    let distinct: HashSet<&String> = names.iter().collect();
    if !names.is_empty() && distinct.len() == names.len() {
        keywords.push((VARIANT_NAMES, json!(names)));
    }
    keywords
}

/// The name of a value as an identifier: `PersonalSettings`, `Value7`.
fn variant_name(schema: &Schema, value: &Value) -> String {
    let key = value_key(value);
    let name = schema.value_names.get(&key).unwrap_or(&key).to_upper_camel_case();
    if name.starts_with(char::is_alphabetic) { name } else { format!("Value{name}") }
}

/// What is special about calls of a method.
pub(super) fn of_operation(descriptor: &Descriptor) -> Map<String, Value> {
    let mut extensions = Map::new();
    let mut put = |key: &str, value: Value| _ = extensions.insert(format!("x-bitrix24-{key}"), value);
    put("changes", json!(descriptor.changes));
    if descriptor.pagination != Pagination::None {
        put("pagination", without_nulls(json!({"kind": descriptor.pagination, "at": descriptor.page_at})));
    }
    if let Some(rows) = &descriptor.rows {
        put("rows", json!(rows));
    }
    if let Some(keyset) = &descriptor.keyset {
        let names = json!({
            "id": keyset.id, "row_id": keyset.row_id(), "filter": keyset.filter, "order": keyset.order,
            "direction": keyset.direction,
        });
        put("keyset", without_nulls(names));
    }
    if let Some(limit) = descriptor.rate_limit() {
        put(
            "rate-limit",
            json!({"requests": limit.requests, "seconds": limit.seconds, "counted_by": limit.counted_by}),
        );
    }
    if descriptor.context == Context::Application {
        put("context", json!(descriptor.context));
    }
    if descriptor.scope.len() > 1 {
        put("scopes", json!(descriptor.scope));
    }
    if !descriptor.aliases.is_empty() {
        put("aliases", json!(descriptor.aliases));
    }
    if descriptor.required_unknown {
        put("required-unknown", json!(true));
    }
    if let Deprecated::Replaced(replacement) = &descriptor.deprecated {
        put("replaced-by", json!(replacement.replaced_by));
    }
    extensions
}

/// The stable name of a method: pages change the case of names, which portals ignore.
pub(super) fn operation_id(descriptor: &Descriptor) -> String {
    with_api(descriptor.api, &descriptor.method.to_ascii_lowercase())
}

fn without_nulls(mut object: Value) -> Value {
    if let Value::Object(members) = &mut object {
        members.retain(|_, value| !value.is_null());
    }
    object
}
