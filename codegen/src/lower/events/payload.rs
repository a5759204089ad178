//! The payload of an event as a type.

use crate::descriptor::{Api, Event};
use crate::lower::rust_types::TypeBuilder;
use crate::lower::schema_path::SchemaPath;
use crate::lower::{Lowering, field_docs, names};
use crate::model::{Payload, RustName, TypeItem, TypeRef};

/// Lowers the payload of an event, with all types that it needs.
pub(super) fn lower(lowering: &mut Lowering<'_, Event>, name: &RustName) -> (Payload, Vec<TypeItem>) {
    let file = lowering.file;
    let (event, data) = (file.content.event.as_str(), &file.content.data);
    let path = SchemaPath::payload(event, name.as_str(), data);
    let mut types = TypeBuilder::new(lowering, Api::V2);
    let is_struct = |types: &[TypeItem]| {
        types.iter().any(|item| matches!(item, TypeItem::Struct(item) if item.name == *name))
    };
    if types.lower_value(data, &path) == TypeRef::Named(name.clone()) && is_struct(&types.declared) {
        return (Payload::Fields, types.declared);
    }
    // The struct has the name of the event, and what is inside of it another one.
    let mut types = TypeBuilder::new(lowering, Api::V2);
    let ty = types.lower_value(data, &path.named("value", path.at.clone()));
    let field = names::field(if matches!(ty, TypeRef::List(_)) { "items" } else { "value" });
    let declared = types.declared;
    match field {
        Some(field) => (Payload::Whole { field, ty, type_name: field_docs::type_name(data) }, declared),
        // Unreachable: both are names.
        None => (Payload::Fields, declared),
    }
}
