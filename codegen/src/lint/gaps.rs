//! What a descriptor leaves out.

use super::{Findings, Method};
use crate::descriptor::{AdditionalProperties, Deprecated, JsonType, Pagination, Pointer, Schema};

/// A result about which nothing is known.
pub(super) fn result(method: &Method<'_>, findings: &mut Findings<'_>) {
    let returns = &method.descriptor().returns;
    let what = if returns.is_unknown() {
        "the result of this method has no type"
    } else if is_bare(returns, JsonType::Object) {
        "the result of this method is an object without known fields"
    } else if is_bare(returns, JsonType::Array) {
        "the result of this method is a list of unknown items"
    } else {
        return;
    };
    let at = if returns.is_unknown() { "method" } else { "returns" };
    findings.report(&Pointer::default().key(at), "/returns", what, "a type, from an example or by a patch");
}

/// A parameter about which nothing is known.
pub(super) fn parameters(method: &Method<'_>, findings: &mut Findings<'_>) {
    let root = Pointer::default().key("params").key("properties");
    for (name, schema) in &method.descriptor().params.properties {
        if schema.is_unknown() {
            let (at, place) = (root.key(name), format!("/params/properties/{name}"));
            findings.report(&at, &place, format!("the parameter {name} has no type"), "a type");
        }
    }
}

/// A method without errors in a module whose methods have some.
pub(super) fn errors(method: &Method<'_>, findings: &mut Findings<'_>) {
    let descriptor = method.descriptor();
    let siblings = method.spec.siblings(descriptor);
    let with_errors = siblings.iter().filter(|sibling| !sibling.errors.is_empty()).count();
    if descriptor.errors.is_empty() && with_errors * 2 > siblings.len() {
        let message = format!(
            "this method lists no error, but {with_errors} of {} methods of its module do",
            siblings.len()
        );
        findings.report(&Pointer::default().key("method"), "/errors", message, "the errors of its page");
    }
}

/// An error whose code is a number, without words that say what it means.
pub(super) fn wordless_errors(method: &Method<'_>, findings: &mut Findings<'_>) {
    for (index, error) in method.descriptor().errors.iter().enumerate() {
        let is_number = !error.code.is_empty() && error.code.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        // `0` and `100` stand for no code: the entry is for the errors that no other one describes.
        let is_code = is_number && !matches!(error.code.as_str(), "0" | "100");
        if is_code && error.name.is_none() && error.message.is_none() {
            let at = Pointer::default().key("errors").index(index).key("code");
            let place = format!("/errors/{}", error.code);
            let message = format!("the error {} has neither a name nor a message", error.code);
            findings.report(&at, &place, message, "`name`, a few words of its description");
        }
    }
}

/// A method with pages whose only list has no pointer.
pub(super) fn rows(method: &Method<'_>, findings: &mut Findings<'_>) {
    let descriptor = method.descriptor();
    let has_pages = !matches!(descriptor.pagination, Pagination::None | Pagination::Unknown);
    if !has_pages || descriptor.rows.is_some() {
        return;
    }
    let of_objects = |schema: &Schema| {
        schema.types.single() == Some(JsonType::Array)
            && schema.items.as_ref().is_some_and(|items| items.types.single() == Some(JsonType::Object))
    };
    let returns = &descriptor.returns;
    let inside = || returns.properties.iter().filter(|(_, schema)| of_objects(schema)).map(|(name, _)| name);
    let pointer = match (of_objects(returns), inside().count()) {
        (true, _) => "\"\"".to_owned(),
        (false, 1) => inside().map(|name| format!("/{name}")).collect(),
        _ => return,
    };
    let message = format!("this method has pages and one list at {pointer}, but no rows");
    findings.report(&Pointer::default().key("returns"), "/rows", message, "`rows`, the pointer to the list");
}

/// A deprecated method whose replacement has no descriptor.
pub(super) fn replacement(method: &Method<'_>, findings: &mut Findings<'_>) {
    let Deprecated::Replaced(replacement) = &method.descriptor().deprecated else { return };
    let known = |name: &str| {
        let family = name.trim_end_matches('*').trim_end_matches('.').to_lowercase();
        let methods = method.spec.spec.methods.iter().map(|file| file.content.method.to_lowercase());
        methods.into_iter().any(|other| {
            other.strip_prefix(&family).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    };
    let at = Pointer::default().key("deprecated").key("replaced_by");
    for (index, name) in replacement.replaced_by.iter().enumerate().filter(|(_, name)| !known(name)) {
        let message = format!("{name}, which replaces this method, has no descriptor");
        findings.report(&at.index(index), &format!("/deprecated/{name}"), message, "the name of a method");
    }
}

/// Whether a schema says no more than its JSON type.
fn is_bare(schema: &Schema, json_type: JsonType) -> bool {
    let has_values = matches!(schema.additional, Some(AdditionalProperties::Of(_)));
    let items_known = schema.items.as_ref().is_some_and(|items| !items.is_unknown());
    schema.types.single() == Some(json_type)
        && schema.properties.is_empty()
        && schema.reference.is_none()
        && !has_values
        && !items_known
}
