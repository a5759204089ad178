//! Methods of payloads for what is inside of them: most payloads have one object, and most of these one identifier.

use crate::lower::names;
use crate::model::{Accessor, EventItem, Field, Module, Payload, Place, RustName, TypeItem, TypeRef};

/// The objects with the fields of a thing after and before a change.
const STATES: [&str; 2] = ["FIELDS_AFTER", "FIELDS_BEFORE"];

/// Adds the methods to the payloads of a module.
pub(super) fn add(module: &mut Module) {
    let Module { events, types, .. } = module;
    for event in events {
        event.accessors = accessors(event, types);
    }
}

fn accessors(event: &EventItem, shared: &[TypeItem]) -> Vec<Accessor> {
    if event.payload != Payload::Fields {
        return Vec::new();
    }
    let Some(fields) = fields_of(&event.name, &event.types) else { return Vec::new() };
    let inside = |field: &Field| match &field.ty {
        TypeRef::Named(name) => fields_of(name, &event.types).or_else(|| fields_of(name, shared)),
        _ => None,
    };
    if let [object] = fields
        && let Some(parts) = inside(object)
    {
        return parts.iter().map(|part| accessor(part, vec![place(Some(object), part)])).collect();
    }
    if let Some(id) = fields.iter().find(|field| is_id(field)) {
        return vec![accessor(id, vec![place(None, id)])];
    }
    let states =
        STATES.iter().filter_map(|state| fields.iter().find(|field| field.wire.eq_ignore_ascii_case(state)));
    let ids = states.filter_map(|object| Some((object, inside(object)?.iter().find(|field| is_id(field))?)));
    let ids: Vec<(&Field, &Field)> = ids.collect();
    let Some((_, first)) = ids.first() else { return Vec::new() };
    let places = ids.iter().filter(|(_, id)| id.ty == first.ty).map(|(object, id)| place(Some(object), id));
    vec![accessor(first, places.collect())]
}

fn fields_of<'t>(name: &RustName, types: &'t [TypeItem]) -> Option<&'t [Field]> {
    types.iter().find_map(|item| match item {
        TypeItem::Struct(item) if item.name == *name => Some(item.fields.as_slice()),
        _ => None,
    })
}

/// Whether a field is the identifier of the thing that an event is about.
fn is_id(field: &Field) -> bool {
    let is_scalar = matches!(field.ty, TypeRef::Integer | TypeRef::Text);
    is_scalar && field.wire.eq_ignore_ascii_case("id")
}

fn accessor(field: &Field, places: Vec<Place>) -> Accessor {
    let id = names::field("id").filter(|_| is_id(field));
    Accessor { name: id.unwrap_or_else(|| field.name.clone()), ty: field.ty.clone(), places }
}

fn place(object: Option<&Field>, field: &Field) -> Place {
    let wire = object.map_or_else(|| field.wire.clone(), |object| format!("{}.{}", object.wire, field.wire));
    Place { object: object.map(|object| object.name.clone()), field: field.name.clone(), wire }
}
