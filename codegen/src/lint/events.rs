//! What the descriptor of an event leaves out.

use super::SentFindings;
use super::sent::untyped;
use crate::descriptor::{Deprecated, Event, Pointer, Spec};

/// An event of whose payload nothing is known.
pub(super) fn payload(event: &Event, _: &Spec, findings: &mut SentFindings<'_, Event>) {
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
pub(super) fn fields(event: &Event, _: &Spec, findings: &mut SentFindings<'_, Event>) {
    let mut found = Vec::new();
    untyped(&event.data, &Pointer::default().key("data"), "/data", &mut found);
    for (at, place) in found {
        let name = place.rsplit('/').next().unwrap_or_default();
        let message = format!("the field {name} has no type");
        findings.report(&at, &place, message, "a type, from an example, a table or by a patch");
    }
}

/// A deprecated event whose replacement has no descriptor.
pub(super) fn replacement(event: &Event, spec: &Spec, findings: &mut SentFindings<'_, Event>) {
    let Deprecated::Replaced(replacement) = &event.deprecated else { return };
    let is_known = |name: &String| spec.events.iter().any(|file| file.content.is_named(name));
    let at = Pointer::default().key("deprecated").key("replaced_by");
    let names = replacement.replaced_by.iter().enumerate();
    for (index, name) in names.filter(|(_, name)| !is_known(name)) {
        let message = format!("{name}, which replaces this event, has no descriptor");
        findings.report(&at.index(index), &format!("/deprecated/{name}"), message, "the name of an event");
    }
}
