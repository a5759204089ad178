//! One method as an operation.

use serde_json::{Map, Value, json};

use super::components::{Component, Components, Context, Direction, Owner, Place};
use super::definitions::error_properties;
use super::errors::{SystemErrors, with_status_200};
use super::extensions::{DESCRIPTION, ERRORS, POSITIONAL, of_operation, operation_id};
use super::options::{Credentials, Values};
use super::received::result;
use super::sent::sent;
use super::wire::Wire;
use crate::descriptor::{Api, Context as Caller, Deprecated, Descriptor, Pagination, Schema};

/// The root of the documentation pages.
const SITE: &str = "https://apidocs.bitrix24.com";

/// The tag of methods without a scope.
pub(super) const NO_SCOPE: &str = "basic";

/// The path of a method.
pub(super) fn path(descriptor: &Descriptor, credentials: Credentials) -> String {
    let folder = if descriptor.api == Api::V3 { "/rest/api" } else { "/rest" };
    match credentials {
        Credentials::Application => format!("{folder}/{}", descriptor.method),
        Credentials::Webhook => format!("{folder}/{{userId}}/{{secret}}/{}", descriptor.method),
    }
}

/// Whether the credentials allow to call a method.
pub(super) fn is_allowed(descriptor: &Descriptor, credentials: Credentials) -> bool {
    credentials == Credentials::Application || descriptor.context == Caller::Any
}

/// The operation of a method.
pub(super) fn operation<'a>(
    context: &Context<'a>,
    components: &mut Components<'a>,
    system: &mut SystemErrors,
    descriptor: &'a Descriptor,
    credentials: Credentials,
) -> Value {
    let mut operation = json!({"operationId": operation_id(descriptor), "tags": [tag(descriptor)]});
    operation["summary"] = json!(descriptor.summary.as_ref().unwrap_or(&descriptor.method));
    if let Some(description) = &descriptor.description {
        operation[DESCRIPTION] = json!(description);
    }
    if let Some(page) = &descriptor.page {
        operation["externalDocs"] = json!({"url": format!("{SITE}/{page}.html")});
    }
    if descriptor.deprecated != Deprecated::Flag(false) {
        operation["deprecated"] = json!(true);
    }
    if credentials == Credentials::Application {
        operation["security"] = security(descriptor);
    }
    if descriptor.params != Schema::any_object() || descriptor.pagination == Pagination::Start {
        let schema = request(context, components, descriptor);
        let is_required = schema.get("required").or_else(|| schema.get("anyOf")).is_some();
        operation["requestBody"] =
            json!({"required": is_required, "content": {"application/json": {"schema": schema}}});
    }
    let success = success(context, components, descriptor);
    let mut responses = Map::from_iter([("200".to_owned(), success)]);
    responses.extend(system.responses(descriptor, components));
    operation["responses"] = Value::Object(responses);
    if let Value::Object(operation) = &mut operation {
        operation.extend(of_operation(descriptor));
    }
    operation
}

/// The tag: one, since generators write an operation once for each.
pub(super) fn tag(descriptor: &Descriptor) -> &str {
    descriptor.scope.first().map_or(NO_SCOPE, String::as_str)
}

/// The caller needs one of the scopes.
fn security(descriptor: &Descriptor) -> Value {
    let of_scope = |scope: &String| json!({"oauth2": [scope]});
    let mut alternatives: Vec<Value> = descriptor.scope.iter().map(of_scope).collect();
    if alternatives.is_empty() {
        alternatives.push(json!({"oauth2": []}));
    }
    alternatives.push(json!({"token": []}));
    Value::Array(alternatives)
}

/// The schema of the parameters.
pub(super) fn request<'a>(
    context: &Context<'a>,
    components: &mut Components<'a>,
    descriptor: &'a Descriptor,
) -> Value {
    let owner = owner(descriptor, Direction::Sent, &descriptor.params);
    let mut schema = sent(&mut Place { context, components, owner }, &descriptor.params);
    let has_start = descriptor.params.properties.keys().any(|name| name.eq_ignore_ascii_case("start"));
    if descriptor.positional {
        return by_position(schema, descriptor);
    }
    if descriptor.pagination == Pagination::Start && !has_start {
        // Every list reads it, whether its page lists it or not.
        if schema.get("properties").is_none() {
            schema["properties"] = json!({});
        }
        schema["properties"]["start"] = json!({"type": "integer", "format": "int64"});
    }
    schema
}

/// Parameters that are sent by position have the positions as names.
fn by_position(mut schema: Value, descriptor: &Descriptor) -> Value {
    let names: Vec<&String> = descriptor.params.properties.keys().collect();
    let position =
        |name: &str| names.iter().position(|known| *known == name).map(|position| position.to_string());
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        let named = std::mem::take(properties);
        *properties = named.into_iter().filter_map(|(name, of)| Some((position(&name)?, of))).collect();
    }
    if let Some(names) = schema.get_mut("required") {
        rename(names, position);
    }
    for alternative in schema.get_mut("anyOf").and_then(Value::as_array_mut).into_iter().flatten() {
        alternative.get_mut("required").into_iter().for_each(|names| rename(names, position));
    }
    schema[POSITIONAL] = json!(names);
    schema
}

fn rename(names: &mut Value, position: impl Fn(&str) -> Option<String>) {
    for name in names.as_array_mut().into_iter().flatten() {
        if let Some(position) = name.as_str().and_then(&position) {
            *name = json!(position);
        }
    }
}

/// The schema of `result`.
pub(super) fn result_schema<'a>(
    context: &Context<'a>,
    components: &mut Components<'a>,
    descriptor: &'a Descriptor,
) -> Value {
    let owner = owner(descriptor, Direction::Received, &descriptor.returns);
    result(&mut Place { context, components, owner }, &descriptor.returns)
}

/// The response with status 200.
fn success<'a>(context: &Context<'a>, components: &mut Components<'a>, descriptor: &'a Descriptor) -> Value {
    let result = result_schema(context, components, descriptor);
    let mut envelope = json!({"type": "object", "required": ["result"], "properties": {"result": result}});
    let properties = &mut envelope["properties"];
    properties["time"] = components.refer(Component::Time);
    if descriptor.rows.is_some() || descriptor.pagination == Pagination::Start {
        for count in ["total", "next"] {
            properties[count] = match context.values {
                Values::Wire => components.refer(Component::Wire((Wire::Integer, true))),
                Values::Documented => json!({"type": "integer", "format": "int64"}),
            };
        }
    }
    let errors = with_status_200(descriptor);
    let mut response = json!({"description": "The result."});
    if !errors.is_empty() {
        // The portal returns these errors with the status of a success, in place of the result.
        if let Value::Object(envelope) = &mut envelope {
            envelope.shift_remove("required");
        }
        for (name, schema) in error_properties(context, components, descriptor.api) {
            envelope["properties"][name] = schema;
        }
        response["description"] = json!("The result, or an error.");
        response[ERRORS] = Value::Array(errors);
    }
    response["content"] = json!({"application/json": {"schema": envelope}});
    response
}

fn owner<'a>(descriptor: &Descriptor, direction: Direction, schema: &'a Schema) -> Owner<'a> {
    Owner { operation: operation_id(descriptor), api: descriptor.api, direction, shared: &schema.defs }
}
