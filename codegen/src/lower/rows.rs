//! The row types of lists.

use crate::descriptor::unescape_token;
use crate::model::{Field, Method, Module, TypeItem, TypeRef};

/// Assigns the row type of each list in a module: the type at the pointer `rows` in the lowered result, whose types have their
/// final names by then. A row is JSON if the result is not typed at the pointer, or the type there is no list.
pub(super) fn assign_row_types(module: &mut Module) {
    let Module { methods, types, .. } = module;
    for method in methods {
        method.row = method.rows.as_deref().map(|rows| {
            let place = rows.split('/').skip(1).try_fold(method.output.clone(), |whole, step| {
                field_type(&whole, &unescape_token(step), method, types)
            });
            place.and_then(row_type).unwrap_or(TypeRef::Json)
        });
    }
}

/// The type under a key.
fn field_type(whole: &TypeRef, key: &str, method: &Method, shared: &[TypeItem]) -> Option<TypeRef> {
    match whole {
        TypeRef::Nullable(value) => field_type(value, key, method, shared),
        TypeRef::Map(values) => Some((**values).clone()),
        TypeRef::Named(name) => {
            let fields = method.types.iter().chain(shared).find_map(|item| match item {
                TypeItem::Struct(item) if item.name == *name => Some(&item.fields),
                _ => None,
            })?;
            fields.iter().find(|field: &&Field| field.wire == key).map(|field| field.ty.clone())
        }
        _ => None,
    }
}

/// The type of a row. PHP encodes a list with gaps as an object, so a map is a list too.
fn row_type(list: TypeRef) -> Option<TypeRef> {
    match list {
        TypeRef::List(items) | TypeRef::Map(items) => Some(*items),
        TypeRef::Nullable(list) => row_type(*list),
        _ => None,
    }
}
