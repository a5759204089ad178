//! Variants of an object in a request, as one object with the fields of all.

use crate::descriptor::{JsonType, Schema};
use crate::schema::join::join;

/// The object with the fields of all variants; a field is required if every variant requires it. `None` if a variant is no
/// object with known fields, or may have further ones: then the variants are records of different kinds.
pub(super) fn united(schema: &Schema) -> Option<Schema> {
    let is_closed = |variant: &Schema| {
        variant.types.single() == Some(JsonType::Object)
            && !variant.properties.is_empty()
            && variant.additional.is_none()
    };
    let (first, others) = schema.one_of.split_first()?;
    if !schema.one_of.iter().all(is_closed) {
        return None;
    }
    let mut all = first.clone();
    for variant in others {
        all.required.retain(|name| variant.required.contains(name));
        for (name, field) in &variant.properties {
            let known = all.properties.get(name).cloned();
            let field = known.map_or_else(|| field.clone(), |known| common(known, field));
            all.properties.insert(name.clone(), field);
        }
    }
    Some(all)
}

/// What two variants say of a field. Where they differ, neither values nor bounds nor a default apply to both.
fn common(known: Schema, other: &Schema) -> Schema {
    if known == *other {
        return known;
    }
    let bare = |schema: Schema| Schema {
        values: Vec::new(),
        default: None,
        minimum: None,
        maximum: None,
        min_length: None,
        max_length: None,
        ..schema
    };
    join(bare(known), bare(other.clone()))
}
