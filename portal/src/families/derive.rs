//! The derivation of a family from the methods with one prefix.

use std::collections::HashMap;
use std::sync::Arc;

use super::blank::traits;
use super::effects::{Effect, of_settings};
use super::facts::{Facts, FamilyFacts, MethodFacts};
use super::follows::{Follows, Journal, Link};
use super::keys::{Column, keys};
use super::operations::{Deriver, of_method};
use super::roles::Role;
use super::row::{Part, added_fields, added_names, id_field, is_text, lists_scalars, partition, row};
use super::sources::settings;
use super::{Family, Operation, fold};
use crate::spec::{Api, Kind, Method, Spec};

/// The family of the methods with a prefix, if some of them write rows that others show.
pub(super) fn derive(spec: &Spec, facts: &Facts, api: Api, prefix: &str) -> Option<Family> {
    let none = FamilyFacts::default();
    let of_prefix = facts.of(api, prefix).unwrap_or(&none);
    let group = spec.group(api, prefix);
    let role = |method: &Arc<Method>| role_of(method, of_prefix).map(|role| (Arc::clone(method), role));
    let parts: Vec<Part> = group.iter().filter_map(role).collect();
    let elsewhere: Vec<Part> = elsewhere(spec, api, of_prefix);
    let all = || parts.iter().chain(&elsewhere);
    let has = |is: fn(&Role) -> bool| all().any(|(_, role)| is(role));
    // Rows of a family with facts may come from elsewhere.
    let is_written = has(Role::writes) || facts.of(api, prefix).is_some();
    let is_read = has(Role::reads) || of_prefix.is_read();
    let has_value =
        |(method, _): &&Part| of_method(method, of_prefix).is_none_or(|facts| facts.value.is_none());
    if !(is_written && is_read) || parts.iter().filter(has_value).any(lists_scalars) {
        return None;
    }
    let all: Vec<Part> = all().cloned().collect();
    // A result that facts compose is no row.
    let shows_row = |(method, role): &&Part| {
        *role == Role::List || of_method(method, of_prefix).is_none_or(|facts| facts.result.is_none())
    };
    let showing: Vec<Part> = all.iter().filter(shows_row).cloned().collect();
    let (mut fields, defs, mut entity) = row(&showing, prefix);
    for (name, schema) in &of_prefix.fields {
        fields.entry(name.clone()).or_insert_with(|| schema.clone());
    }
    if let Some(given) = &of_prefix.entity {
        fields.extend(spec.entity(api, given).map(|entity| entity.fields).unwrap_or_default());
        entity = Some(given.clone());
    }
    let mut partition = partition(&all);
    let mut kinds = Vec::new();
    if let Some(of) =
        entity.as_deref().and_then(|name| spec.entity(api, name)).and_then(|entity| entity.kinds)
    {
        partition = vec![fold(&of.parameter)];
        kinds = of.of.into_iter().map(|(name, kind)| Kind { name, ..kind }).collect();
    }
    if !of_prefix.of.is_empty() || !of_prefix.within.is_empty() {
        partition = Vec::new();
    }
    if let Some(given) = &of_prefix.partition {
        partition = given.iter().map(|name| fold(name)).collect();
    }
    if fields.is_empty() {
        fields = added_fields(&all);
    }
    let id = id_field(&fields, of_prefix, prefix);
    let text_id = id.as_ref().and_then(|id| fields.get(id)).is_some_and(is_text);
    let names: Vec<String> = fields.keys().map(|name| fold(name)).collect();
    let own = added_names(&all);
    // What chooses a row to remove or to show chooses one to change; the other parameters are its new values.
    let choosing = parts.iter().filter(|(_, role)| matches!(role, Role::Get | Role::Delete));
    let natural: Vec<Column> = choosing
        .flat_map(|(method, role)| keys(method, role, &partition, &own, text_id))
        .map(|key| key.column)
        .collect();
    let of = settings(&of_prefix.of);
    let deriver = Deriver {
        facts: of_prefix,
        of: &of,
        partition: &partition,
        own: &own,
        names: &names,
        natural,
        text_id,
        id: id.as_deref(),
        entity: entity.as_deref(),
    };
    let mut operations: HashMap<String, Operation> = all.iter().map(|part| deriver.operation(part)).collect();
    for method in &group {
        let name = method.name.to_ascii_lowercase();
        if !operations.contains_key(&name) && !is_denied(method, of_prefix) {
            operations.extend(deriver.setter(method, facts).map(|operation| (name, operation)));
        }
    }
    let show = settings(&of_prefix.show);
    let mut looks = Vec::new();
    of_settings(&show, &mut looks);
    let added: Vec<Effect> = of_prefix.added.iter().map(Effect::of).collect();
    added.iter().for_each(|effect| effect.add_families(&mut looks));
    let table = of_prefix.table.clone().or(entity.clone()).unwrap_or_else(|| prefix.to_owned());
    let shared = of_prefix.kinds.iter().map(|(value, kind)| (value.clone(), kind.table.clone())).collect();
    let defaults = settings(&of_prefix.defaults);
    let beside = of_prefix.beside.clone();
    let traits = traits(&fields, id.as_deref());
    let by_folded = traits.iter().enumerate().map(|(at, of_field)| (of_field.folded.clone(), at)).collect();
    let links = of_table(facts, &table, |follows| &follows.links, |link: &Link| &link.rows);
    let journals = of_table(facts, &table, |follows| &follows.journals, |journal: &Journal| &journal.rows);
    Some(Family {
        table,
        fields,
        traits,
        by_folded,
        defs,
        id,
        partition,
        within: of_prefix.within.clone(),
        of,
        links,
        journals,
        kinds,
        shared,
        beside,
        defaults,
        show,
        added,
        looks,
        directories: of_prefix.directories.iter().map(|(field, of)| (fold(field), of.clone())).collect(),
        unique: of_prefix.unique.iter().map(|name| fold(name)).collect(),
        values: of_prefix.values.iter().map(|(field, values)| (fold(field), values.clone())).collect(),
        borrows: borrows(spec, facts, api, prefix),
        operations,
    })
}

/// Whether the table of the methods with a prefix is that of others.
fn borrows(spec: &Spec, facts: &Facts, api: Api, prefix: &str) -> bool {
    let table = facts.of(api, prefix).and_then(|family| family.table.as_deref());
    let is_other = table.is_some_and(|table| !table.eq_ignore_ascii_case(prefix));
    is_other || api == Api::V3 && facts.differs_in_v3(prefix) && !spec.group(Api::V2, prefix).is_empty()
}

/// What follows from changes of other tables in the rows of this one, with those tables.
fn of_table<T: Clone>(
    facts: &Facts,
    table: &str,
    all: impl Fn(&Follows) -> &Vec<T>,
    rows: impl Fn(&T) -> &String,
) -> Vec<(String, T)> {
    let mut found = Vec::new();
    for (owners, follows) in facts.follows() {
        let of_rows = all(follows).iter().filter(|one| rows(one) == table);
        found.extend(of_rows.map(|one| (owners.clone(), one.clone())));
    }
    found
}

/// The methods with other prefixes that work on the rows of a family.
fn elsewhere(spec: &Spec, api: Api, facts: &FamilyFacts) -> Vec<Part> {
    let named = facts.methods.iter().filter(|(name, _)| name.contains('.'));
    let part =
        |(name, facts): (&String, &MethodFacts)| Some((spec.method(api, name)?, Role::named(&facts.role)?));
    named.filter_map(part).collect()
}

fn role_of(method: &Method, facts: &FamilyFacts) -> Option<Role> {
    match facts.methods.get(&method.verb()).map(|facts| facts.role.as_str()) {
        Some("") | None => Role::of(method),
        Some(word) => Role::named(word),
    }
}

/// Whether it is known that a method has no state.
fn is_denied(method: &Method, facts: &FamilyFacts) -> bool {
    of_method(method, facts).is_some_and(|facts| facts.role == "none")
}

/// A family without rows.
pub(super) fn blank_family<'m>(table: &str, methods: impl IntoIterator<Item = (&'m Method, Role)>) -> Family {
    let operation = |(method, role): (&Method, Role)| {
        (method.name.to_ascii_lowercase(), Operation { role, ..Operation::default() })
    };
    Family {
        table: table.to_owned(),
        operations: methods.into_iter().map(operation).collect(),
        ..Family::default()
    }
}
