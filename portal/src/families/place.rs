//! Where in a result the rows of a family are.

use crate::spec::Schema;

/// Where in a result rows are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Place {
    /// Wherever the result has this entity.
    Entity(String),
    /// Below these properties. Empty: the result is the row.
    Path(Vec<String>),
    /// The identifier is below these properties. Empty: the result is the identifier.
    Id(Vec<String>),
    /// Nowhere.
    #[default]
    Nothing,
}

/// The place of one row, or of its identifier. `own` are the names of the fields of rows, folded, which are no wrappers.
pub(super) fn of_row(schema: &Schema, entity: Option<&str>, own: &[String]) -> Place {
    if let Some(entity) = entity.filter(|entity| has_entity(schema, entity, 3)) {
        return Place::Entity(entity.to_owned());
    }
    let mut path = Vec::new();
    let mut schema = schema;
    loop {
        if let Some((_, structure)) = schema.scalar_or_structure() {
            schema = structure;
        }
        if matches!(schema.single(), Some(crate::spec::JsonType::Integer | crate::spec::JsonType::String)) {
            return Place::Id(path);
        }
        if !schema.is_object() {
            return Place::Nothing;
        }
        match schema.properties.first() {
            Some((name, id)) if schema.properties.len() == 1 && is_id(name) && id.is_scalar() => {
                path.push(name.clone());
                return Place::Id(path);
            }
            Some((name, inner))
                if schema.properties.len() == 1 && inner.is_object() && !own.contains(&super::fold(name)) =>
            {
                path.push(name.clone());
                schema = inner;
            }
            _ => return Place::Path(path),
        }
    }
}

fn is_id(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with("id")
}

/// Whether a result has an entity in some levels of properties.
fn has_entity(schema: &Schema, entity: &str, levels: usize) -> bool {
    let is_entity = schema.entity.as_deref() == Some(entity);
    let lists = schema.items.as_ref().is_some_and(|item| item.entity.as_deref() == Some(entity));
    is_entity
        || lists
        || levels > 0
            && (schema.properties.values().any(|property| has_entity(property, entity, levels - 1))
                || schema.one_of.iter().any(|one| has_entity(one, entity, levels - 1)))
}

/// The first object of a result that is an entity.
pub(super) fn entity_in(schema: &Schema, levels: usize) -> Option<&Schema> {
    if schema.entity.is_some() {
        return Some(schema);
    }
    if levels == 0 {
        return None;
    }
    let parts = schema.properties.values().chain(&schema.one_of);
    parts.filter_map(|part| entity_in(part, levels - 1)).next()
}

/// The schema at a place.
pub(super) fn at<'s>(schema: &'s Schema, place: &Place) -> Option<&'s Schema> {
    match place {
        Place::Path(path) => path.iter().try_fold(schema, |schema, name| schema.properties.get(name)),
        _ => None,
    }
}
