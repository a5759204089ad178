//! What the rows of a family are, from the methods on them: their fields, whose they are, and how they are identified.

use std::collections::HashSet;
use std::sync::Arc;

use indexmap::IndexMap;

use super::facts::FamilyFacts;
use super::fold;
use super::keys::scalars;
use super::place;
use super::roles::Role;
use crate::spec::{JsonType, Method, Schema};

/// A method with its role.
pub(super) type Part = (Arc<Method>, Role);

/// Whether the rows of a list are scalars, which are no fields with which rows are added.
pub(super) fn lists_scalars((method, role): &Part) -> bool {
    let number = |row: &Schema| row.single() == Some(JsonType::Integer);
    *role == Role::List && method.row().is_some_and(number)
}

/// The fields of a row with their shared schemas, and the entity that it is.
pub(super) fn row(
    parts: &[Part],
    prefix: &str,
) -> (IndexMap<String, Schema>, IndexMap<String, Schema>, Option<String>) {
    let mut fields: IndexMap<String, Schema> = IndexMap::new();
    let mut defs = IndexMap::new();
    // Methods of several versions spell the same fields in several ways.
    let mut names = HashSet::new();
    let mut entity: Option<String> = None;
    for (method, role) in
        parts.iter().filter(|(_, role)| !matches!(role, Role::Fields | Role::Delete | Role::Show))
    {
        let node = match role {
            Role::List => method.row().map(|row| place::entity_in(row, 2).unwrap_or(row)),
            _ => place::entity_in(&method.returns, 3).or_else(|| {
                let place = place::of_row(&method.returns, None, &[]);
                place::at(&method.returns, &place).filter(|_| *role == Role::Get)
            }),
        };
        let Some(node) = node else { continue };
        let is_home = node.entity.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(prefix));
        if entity.is_none() || is_home {
            entity = node.entity.clone().or(entity);
        }
        defs.extend(method.returns.defs.clone());
        for (name, schema) in &node.properties {
            if !names.insert(fold(name)) {
                continue;
            }
            fields.entry(name.clone()).or_insert_with(|| schema.clone());
        }
    }
    (fields, defs, entity)
}

/// The parameters that all methods on rows require, apart from identifiers of rows.
pub(super) fn partition(parts: &[Part]) -> Vec<String> {
    let rows: Vec<&Part> = parts.iter().filter(|(_, role)| *role != Role::Fields).collect();
    let Some(((first, _), rest)) = rows.split_first() else { return Vec::new() };
    let adds = parts.iter().any(|(_, role)| *role == Role::Add);
    let candidates = scalars(first).into_iter().map(|name| fold(name));
    let in_all = |name: &String| {
        rest.iter().all(|(method, _)| method.params.required.iter().any(|required| fold(required) == *name))
            && first.params.required.iter().any(|required| fold(required) == *name)
    };
    // Where rows are added one by one, `id` is theirs; where an owner's list is set, it is the owner's.
    candidates.filter(|name| (name != "id" || !adds) && in_all(name)).collect()
}

/// The names of the parameters and fields with which rows are added.
pub(super) fn added_names(parts: &[Part]) -> Vec<String> {
    let adds = parts.iter().filter(|(_, role)| role.writes()).map(|(method, _)| method);
    let names = |method: &Arc<Method>| {
        let params = method.params.properties.iter();
        let mut names: Vec<String> = params.map(|(name, _)| fold(name)).collect();
        if let Some(input) = input(method).and_then(|name| method.params.properties.get(&name)) {
            names.extend(input.properties.keys().map(|name| fold(name)));
        }
        names
    };
    adds.flat_map(names).collect()
}

/// The parameters with which rows are added, as their fields: where no result describes them.
pub(super) fn added_fields(parts: &[Part]) -> IndexMap<String, Schema> {
    let adds = parts.iter().filter(|(_, role)| *role == Role::Add).map(|(method, _)| method);
    let fields = adds.flat_map(|method| {
        let inner = input(method).and_then(|name| method.params.properties.get(&name));
        inner.unwrap_or(&method.params).properties.clone()
    });
    fields.collect()
}

/// The parameter with the fields of a row.
pub(super) fn input(method: &Method) -> Option<String> {
    const NAMES: [&str; 8] =
        ["fields", "arfields", "taskdata", "data", "params", "settings", "options", "property"];
    let params = &method.params.properties;
    let is_input = |name: &&String| {
        params.get(*name).is_some_and(|schema| {
            let may_be_object = schema.types.0.is_empty() || schema.types.0.contains(&JsonType::Object);
            may_be_object || schema.entity.is_some() || !schema.one_of.is_empty()
        })
    };
    let named = NAMES
        .iter()
        .find_map(|wanted| params.keys().filter(is_input).find(|name| name.eq_ignore_ascii_case(wanted)));
    // Otherwise the one that is what the method is about: `field` of `userfieldconfig.add`.
    let is_subject = |schema: &Schema| schema.entity.as_ref().is_some_and(|of| method.name.starts_with(of));
    let subject = || params.iter().find(|(_, schema)| is_subject(schema)).map(|(name, _)| name);
    named.or_else(subject).cloned()
}

/// The field with the identifier of a row.
pub(super) fn id_field(
    fields: &IndexMap<String, Schema>,
    facts: &FamilyFacts,
    prefix: &str,
) -> Option<String> {
    if let Some(id) = facts.id.clone() {
        return Some(id);
    }
    let last = fold(prefix.rsplit('.').next().unwrap_or_default());
    let named = |wanted: &str| fields.keys().find(|name| fold(name) == wanted).cloned();
    named("id").or_else(|| named(&format!("{last}id")))
}

pub(super) fn is_text(schema: &Schema) -> bool {
    schema.single() == Some(JsonType::String)
}
