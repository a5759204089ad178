//! Which parameters choose a row.

use super::fold;
use super::roles::Role;
use crate::spec::{JsonType, Method, Schema};

/// A parameter that chooses rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    /// The name of the parameter.
    pub(crate) param: String,
    pub(crate) column: Column,
}

/// What a key is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// The identifier of the row.
    Id,
    /// A field of the row, or a parameter with which it was added; folded.
    Field(String),
}

/// The scalar parameters that a method requires, or its only ones if it marks none.
pub(super) fn scalars(method: &Method) -> Vec<&String> {
    let params = &method.params;
    let is_key = |name: &&String| {
        let Some(schema) = params.properties.get(*name) else { return false };
        // An identifier may be any of several types: one, or a list of them. Or no page says its type.
        schema.is_scalar()
            || schema.is_open() && fold(name).ends_with("id")
            || schema.types.0.first().is_some_and(|first| *first != JsonType::Object)
                && schema.single().is_none()
    };
    let required: Vec<&String> = params.required.iter().filter(is_key).collect();
    if !required.is_empty() {
        return required;
    }
    let alternatives = params.any_of.iter().flat_map(|set| &set.required);
    let names: Vec<&String> = alternatives.filter(is_key).collect();
    if !names.is_empty() {
        return names;
    }
    params.properties.keys().filter(|name| fold(name) == "id").filter(is_key).collect()
}

/// The scalar parameters of which a method requires some, beside those that choose a table.
fn alternatives<'m>(method: &'m Method, partition: &[String]) -> Vec<&'m String> {
    let mut names: Vec<&String> = Vec::new();
    for name in method.params.any_of.iter().flat_map(|set| &set.required) {
        let is_scalar = method.params.properties.get(name).is_some_and(Schema::is_scalar);
        if is_scalar && !partition.contains(&fold(name)) && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The keys of a method. `own` are the parameters and fields with which rows are added, folded.
pub(super) fn keys(
    method: &Method,
    role: &Role,
    partition: &[String],
    own: &[String],
    text_id: bool,
) -> Vec<Key> {
    let mut names = scalars(method);
    if names.is_empty() && matches!(role, Role::Get | Role::Delete) {
        let params = method.params.properties.iter();
        names.extend(
            params
                .filter(|(name, schema)| schema.is_scalar() && own.contains(&fold(name)))
                .map(|(name, _)| name),
        );
    }
    names.retain(|name| !partition.contains(&fold(name)));
    if names.is_empty() && !matches!(role, Role::Add | Role::Put | Role::List) {
        names = alternatives(method, partition);
    }
    let id = names.iter().find(|name| fold(name) == "id");
    let id = id.filter(|_| !(text_id && own.contains(&"id".to_owned())));
    // Without a parameter `id`, the identifier is what a row is not added with.
    let id = id.or_else(|| names.iter().find(|name| fold(name) != "id" && !own.contains(&fold(name))));
    if let Some(id) = id {
        return vec![Key { param: (*id).clone(), column: Column::Id }];
    }
    names.into_iter().map(|name| Key { param: name.clone(), column: Column::Field(fold(name)) }).collect()
}
