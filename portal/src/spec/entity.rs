//! What several methods return and take, and how a reference to it becomes its fields.

use std::mem;

use indexmap::IndexMap;
use serde::Deserialize;

use super::schema::{JsonType, Schema, Types};

/// A thing with fields.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Entity {
    /// The things behind the same methods.
    #[serde(default)]
    pub(crate) kinds: Option<Kinds>,
    /// The schema of each field.
    #[serde(default)]
    pub(crate) fields: IndexMap<String, Schema>,
}

/// The kinds of an entity.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Kinds {
    /// The parameter that chooses the kind.
    pub(crate) parameter: String,
    /// The kinds by name.
    pub(crate) of: IndexMap<String, Kind>,
}

/// One of several things behind the same methods.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Kind {
    /// The name.
    #[serde(skip)]
    pub(crate) name: String,
    /// The value of the parameter.
    pub(crate) value: i64,
    /// The fields that results have.
    pub(crate) fields: Vec<String>,
}

/// Gives each object that is an entity the fields of the entity.
pub(super) fn expand(schema: &mut Schema, find: &dyn Fn(&str) -> Option<Entity>) {
    schema.visit_mut(&mut |part| {
        let Some(entity) = part.entity.as_deref().and_then(find) else { return };
        if part.types.0.is_empty() {
            part.types = Types(vec![JsonType::Object]);
        }
        let mut own = mem::take(&mut part.properties);
        let listed = mem::take(&mut part.fields);
        for (name, field) in &entity.fields {
            if listed.is_empty() {
                let field = own.shift_remove(name).unwrap_or_else(|| field.clone());
                part.properties.insert(name.clone(), field);
            }
        }
        for name in listed {
            if let Some(field) = own.shift_remove(&name).or_else(|| entity.fields.get(&name).cloned()) {
                part.properties.insert(name, field);
            }
        }
        part.properties.extend(own);
    });
}
