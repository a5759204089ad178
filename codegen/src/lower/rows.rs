//! What a list is made of: the type of the rows that `rows` of a descriptor points to.

use crate::model::{Field, Method, Module, TypeItem, TypeRef};

/// Notes the type of the rows of each list in a module. It is found in the lowered result, whose types have their last names by
/// then; where the result is not typed so far down, or something else than a list stands there, a row is JSON.
pub(super) fn assign_row_types(module: &mut Module) {
    let Module { methods, types, .. } = module;
    for method in methods {
        method.row = method.rows.as_deref().map(|rows| {
            let place = rows.split('/').skip(1).try_fold(method.output.clone(), |whole, step| {
                field_type(&whole, &step.replace("~1", "/").replace("~0", "~"), method, types)
            });
            place.and_then(row_type).unwrap_or(TypeRef::Json)
        });
    }
}

/// The type of what stands under a key.
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

/// The type of one row of a list; an object whose keys are data is a list that PHP has written with gaps.
fn row_type(list: TypeRef) -> Option<TypeRef> {
    match list {
        TypeRef::List(items) | TypeRef::Map(items) => Some(*items),
        TypeRef::Nullable(list) => row_type(*list),
        _ => None,
    }
}
