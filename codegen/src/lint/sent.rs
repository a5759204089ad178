//! What the descriptors of placements and handlers leave out.

use super::SentFindings;
use crate::descriptor::{AdditionalProperties, Handler, JsonType, Placement, Pointer, Schema};

/// What a person can do about a value without a type.
const TYPE: &str = "a type, from an example, a table or by a patch";

/// A placement of which it is not known what its handler receives.
pub(super) fn context(placement: &Placement, findings: &mut SentFindings<'_, Placement>) {
    if placement.receives.is_none() {
        let message = "it is not known what the handler of this placement receives";
        let expected = "`receives`, from an example, a table or by a patch; `{type: \"null\"}` for nothing";
        findings.report(&Pointer::default().key("placement"), "/receives", message, expected);
    }
}

/// An option of a placement, or a value that its handler receives, without a type.
pub(super) fn placement_fields(placement: &Placement, findings: &mut SentFindings<'_, Placement>) {
    report_untyped(placement.options.as_ref(), "options", findings);
    report_untyped(placement.receives.as_ref(), "receives", findings);
}

/// A handler of whose requests nothing is known.
pub(super) fn request(handler: &Handler, findings: &mut SentFindings<'_, Handler>) {
    if handler.receives.properties.is_empty() && handler.receives.additional.is_none() {
        let message = "nothing is known about the requests to this address";
        let expected = "`receives`, from an example, a table or by a patch";
        findings.report(&Pointer::default().key("handler"), "/receives", message, expected);
    }
}

/// A value of a request to a handler, or of its response, without a type.
pub(super) fn handler_fields(handler: &Handler, findings: &mut SentFindings<'_, Handler>) {
    report_untyped(Some(&handler.receives), "receives", findings);
    report_untyped(handler.response.as_ref(), "response", findings);
}

fn report_untyped<T>(schema: Option<&Schema>, key: &str, findings: &mut SentFindings<'_, T>) {
    let mut found = Vec::new();
    if let Some(schema) = schema {
        untyped(schema, &Pointer::default().key(key), &format!("/{key}"), &mut found);
    }
    for (at, place) in found {
        let name = place.rsplit('/').next().unwrap_or_default();
        findings.report(&at, &place, format!("the field {name} has no type"), TYPE);
    }
}

/// Collects the fields below a schema that have no type, with their stable names.
pub(super) fn untyped(schema: &Schema, at: &Pointer, place: &str, found: &mut Vec<(Pointer, String)>) {
    for (name, field) in &schema.properties {
        let (at, place) = (at.key("properties").key(name), format!("{place}/properties/{name}"));
        if is_untyped(field) {
            found.push((at, place));
        } else {
            untyped(field, &at, &place, found);
        }
    }
    if let Some(items) = &schema.items {
        untyped(items, &at.key("items"), &format!("{place}/items"), found);
    }
    if let Some(AdditionalProperties::Of(values)) = &schema.additional {
        untyped(values, &at.key("additionalProperties"), &format!("{place}/additionalProperties"), found);
    }
}

/// Whether a schema says nothing, or only that the value is an object or a list.
fn is_untyped(schema: &Schema) -> bool {
    let has_parts = !schema.properties.is_empty()
        || schema.items.is_some()
        || schema.additional.is_some()
        || schema.reference.is_some()
        || !schema.one_of.is_empty();
    let is_structure = matches!(schema.types.single(), Some(JsonType::Array | JsonType::Object));
    (schema.types.is_empty() || is_structure) && !has_parts
}
