//! The derivation of a family from the methods with one prefix.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;

use super::exceptions::{Exception, Exceptions};
use super::keys::{Column, Key, keys, scalars};
use super::place::{self, Place};
use super::roles::{ListParams, Role, list_params};
use super::{Family, Operation, fold};
use crate::spec::{Api, JsonType, Method, Schema, Spec};

/// A method with its role.
type Part = (Arc<Method>, Role);

/// The family of the methods with a prefix, if some of them write rows that others show.
pub(super) fn derive(spec: &Spec, exceptions: &Exceptions, api: Api, prefix: &str) -> Option<Family> {
    let exception = exceptions.of(prefix);
    let role = |method: Arc<Method>| role_of(&method, exception).map(|role| (method, role));
    let parts: Vec<Part> = spec.group(api, prefix).into_iter().filter_map(role).collect();
    let has = |is: fn(&Role) -> bool| parts.iter().any(|(_, role)| is(role));
    if !(has(Role::writes) && has(Role::reads)) || parts.iter().any(lists_scalars) {
        return None;
    }
    let (mut fields, defs, entity) = row(&parts, prefix);
    let mut partition = partition(&parts);
    let mut kinds = Vec::new();
    if let Some(of) =
        entity.as_deref().and_then(|name| spec.entity(api, name)).and_then(|entity| entity.kinds)
    {
        partition = vec![fold(&of.parameter)];
        kinds = of.of.into_values().collect();
    }
    let own = added_names(&parts);
    if fields.is_empty() {
        fields = added_fields(&parts);
    }
    let id = id_field(&fields, exception, prefix);
    let text_id = id.as_ref().and_then(|id| fields.get(id)).is_some_and(is_text);
    let names: Vec<String> = fields.keys().map(|name| fold(name)).collect();
    // What chooses a row to remove or to show chooses one to change; the other parameters are its new values.
    let choosing = parts.iter().filter(|(_, role)| matches!(role, Role::Get | Role::Delete));
    let natural: Vec<Column> = choosing
        .flat_map(|(method, role)| keys(method, role, &partition, &own, text_id))
        .map(|key| key.column)
        .collect();
    let operation = |(method, role): &Part| {
        let mut keys = keys(method, role, &partition, &own, text_id);
        if *role == Role::Update {
            keys = changed_by(method, keys, &natural);
        }
        if let Some(id) = exception.and_then(|exception| exception.id.as_deref()) {
            let ids = keys.iter_mut().filter(|key| key.column == Column::Id);
            ids.for_each(|key| key.column = Column::Field(fold(id)));
        }
        let operation = Operation {
            role: role.clone(),
            keys,
            input: input(method),
            list: if *role == Role::List {
                list_params(method, &names, &partition)
            } else {
                ListParams::default()
            },
            place: place(method, role, entity.as_deref(), &own),
        };
        (method.name.to_ascii_lowercase(), operation)
    };
    let operations: HashMap<String, Operation> = parts.iter().map(operation).collect();
    let table = entity.unwrap_or_else(|| prefix.to_owned());
    let by_folded = fields.keys().enumerate().map(|(at, name)| (fold(name), at)).collect();
    Some(Family { table, fields, by_folded, defs, id, partition, kinds, operations })
}

fn role_of(method: &Method, exception: Option<&Exception>) -> Option<Role> {
    match exception.and_then(|exception| exception.roles.get(&method.verb())) {
        Some(word) => Role::named(word),
        None => Role::of(method),
    }
}

/// The keys of a method that changes a row: those by which rows are removed or shown, if it has them.
fn changed_by(method: &Method, keys: Vec<Key>, natural: &[Column]) -> Vec<Key> {
    let named = |column: &Column| {
        let Column::Field(field) = column else { return None };
        let param = method.params.properties.keys().find(|name| fold(name) == *field)?;
        Some(Key { param: param.clone(), column: column.clone() })
    };
    if keys.iter().any(|key| key.column == Column::Id && fold(&key.param) == "id") {
        return keys;
    }
    let by_field: Vec<Key> = natural.iter().filter_map(named).collect();
    if by_field.is_empty() { keys } else { by_field }
}

/// Whether the rows of a list are scalars, which are no fields with which rows are added.
fn lists_scalars((method, role): &Part) -> bool {
    let number = |row: &Schema| row.single() == Some(JsonType::Integer);
    *role == Role::List && method.row().is_some_and(number)
}

/// The fields of a row with their shared schemas, and the entity that it is.
fn row(parts: &[Part], prefix: &str) -> (IndexMap<String, Schema>, IndexMap<String, Schema>, Option<String>) {
    let mut fields: IndexMap<String, Schema> = IndexMap::new();
    let mut defs = IndexMap::new();
    let mut entity: Option<String> = None;
    for (method, role) in parts.iter().filter(|(_, role)| !matches!(role, Role::Fields | Role::Delete)) {
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
            fields.entry(name.clone()).or_insert_with(|| schema.clone());
        }
    }
    (fields, defs, entity)
}

/// The parameters that all methods on rows require, apart from identifiers of rows.
fn partition(parts: &[Part]) -> Vec<String> {
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
fn added_names(parts: &[Part]) -> Vec<String> {
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
fn added_fields(parts: &[Part]) -> IndexMap<String, Schema> {
    let adds = parts.iter().filter(|(_, role)| *role == Role::Add).map(|(method, _)| method);
    let fields = adds.flat_map(|method| {
        let inner = input(method).and_then(|name| method.params.properties.get(&name));
        inner.unwrap_or(&method.params).properties.clone()
    });
    fields.collect()
}

/// The parameter with the fields of a row.
fn input(method: &Method) -> Option<String> {
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
    named.cloned()
}

/// The field with the identifier of a row.
fn id_field(
    fields: &IndexMap<String, Schema>,
    exception: Option<&Exception>,
    prefix: &str,
) -> Option<String> {
    if let Some(id) = exception.and_then(|exception| exception.id.clone()) {
        return Some(id);
    }
    let last = fold(prefix.rsplit('.').next().unwrap_or_default());
    let named = |wanted: &str| fields.keys().find(|name| fold(name) == wanted).cloned();
    named("id").or_else(|| named(&format!("{last}id")))
}

fn is_text(schema: &Schema) -> bool {
    schema.single() == Some(JsonType::String)
}

/// Where in the result of a method its rows are.
fn place(method: &Method, role: &Role, entity: Option<&str>, own: &[String]) -> Place {
    match role {
        Role::List | Role::Fields | Role::Delete => Place::Nothing,
        Role::Update | Role::Replace(_) | Role::Put if method.returns.single() == Some(JsonType::String) => {
            Place::Nothing
        }
        _ => place::of_row(&method.returns, entity, own),
    }
}
