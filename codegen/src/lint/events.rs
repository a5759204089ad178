//! What the descriptor of an event leaves out.

use super::EventFindings;
use crate::descriptor::{AdditionalProperties, Deprecated, Event, JsonType, Pointer, Schema, Spec};

/// An event of whose payload nothing is known.
pub(super) fn payload(event: &Event, _: &Spec, findings: &mut EventFindings<'_>) {
    if event.data.is_unknown() {
        let message = "nothing is known about the payload of this event";
        findings.report(
            &Pointer::default().key("event"),
            "/data",
            message,
            "`data`, from an example or by a patch",
        );
    }
}

/// A field of a payload without a type.
pub(super) fn fields(event: &Event, _: &Spec, findings: &mut EventFindings<'_>) {
    let mut found = Vec::new();
    untyped(&event.data, &Pointer::default().key("data"), "/data", &mut found);
    for (at, place) in found {
        let name = place.rsplit('/').next().unwrap_or_default();
        let message = format!("the field {name} has no type");
        findings.report(&at, &place, message, "a type, from an example, a table or by a patch");
    }
}

/// A deprecated event whose replacement has no descriptor.
pub(super) fn replacement(event: &Event, spec: &Spec, findings: &mut EventFindings<'_>) {
    let Deprecated::Replaced(replacement) = &event.deprecated else { return };
    let is_known = |name: &String| spec.events.iter().any(|file| file.content.is_named(name));
    let at = Pointer::default().key("deprecated").key("replaced_by");
    let names = replacement.replaced_by.iter().enumerate();
    for (index, name) in names.filter(|(_, name)| !is_known(name)) {
        let message = format!("{name}, which replaces this event, has no descriptor");
        findings.report(&at.index(index), &format!("/deprecated/{name}"), message, "the name of an event");
    }
}

/// Collects the fields below a schema that have no type, with their stable names.
fn untyped(schema: &Schema, at: &Pointer, place: &str, found: &mut Vec<(Pointer, String)>) {
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
