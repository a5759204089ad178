//! The derivation of a family from the methods with one prefix.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;

use super::blank::traits;
use super::facts::{Facts, FamilyFacts, MethodFacts};
use super::keys::{Column, Key, keys, scalars};
use super::place::{self, Place};
use super::roles::{ListParams, Role, list_params};
use super::sources::settings;
use super::{Family, Operation, fold};
use crate::spec::{Api, JsonType, Kind, Method, Schema, Spec};

/// A method with its role.
type Part = (Arc<Method>, Role);

/// The family of the methods with a prefix, if some of them write rows that others show.
pub(super) fn derive(spec: &Spec, facts: &Facts, api: Api, prefix: &str) -> Option<Family> {
    let none = FamilyFacts::default();
    let of_prefix = facts.of(prefix).unwrap_or(&none);
    let group = spec.group(api, prefix);
    let role = |method: &Arc<Method>| role_of(method, of_prefix).map(|role| (Arc::clone(method), role));
    let parts: Vec<Part> = group.iter().filter_map(role).collect();
    let elsewhere: Vec<Part> = elsewhere(spec, api, of_prefix);
    let all = || parts.iter().chain(&elsewhere);
    let has = |is: fn(&Role) -> bool| all().any(|(_, role)| is(role));
    // Rows of a family with facts may come from elsewhere.
    let is_written = has(Role::writes) || facts.of(prefix).is_some();
    if !(is_written && has(Role::reads)) || parts.iter().any(lists_scalars) {
        return None;
    }
    let all: Vec<Part> = all().cloned().collect();
    let (mut fields, defs, entity) = row(&all, prefix);
    let mut partition = partition(&all);
    let mut kinds = Vec::new();
    if let Some(of) =
        entity.as_deref().and_then(|name| spec.entity(api, name)).and_then(|entity| entity.kinds)
    {
        partition = vec![fold(&of.parameter)];
        kinds = of.of.into_iter().map(|(name, kind)| Kind { name, ..kind }).collect();
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
    let deriver = Deriver {
        facts: of_prefix,
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
    let table = of_prefix.table.clone().or(entity.clone()).unwrap_or_else(|| prefix.to_owned());
    let shared = of_prefix.kinds.iter().map(|(value, kind)| (value.clone(), kind.table.clone())).collect();
    let defaults = settings(&of_prefix.defaults);
    let beside = of_prefix.beside.clone();
    let traits = traits(&fields, id.as_deref());
    let by_folded = traits.iter().enumerate().map(|(at, of_field)| (of_field.folded.clone(), at)).collect();
    Some(Family {
        table,
        fields,
        traits,
        by_folded,
        defs,
        id,
        partition,
        kinds,
        shared,
        beside,
        defaults,
        operations,
    })
}

/// What the operations of a family are derived from.
struct Deriver<'d> {
    facts: &'d FamilyFacts,
    partition: &'d [String],
    own: &'d [String],
    /// The names of the fields, folded.
    names: &'d [String],
    natural: Vec<Column>,
    text_id: bool,
    id: Option<&'d str>,
    entity: Option<&'d str>,
}

impl Deriver<'_> {
    fn operation(&self, (method, role): &Part) -> (String, Operation) {
        let name = method.name.to_ascii_lowercase();
        let none = MethodFacts::default();
        let facts = of_method(method, self.facts).unwrap_or(&none);
        let mut list = match role {
            Role::List => list_params(method, self.names, self.partition),
            _ => ListParams::default(),
        };
        // What facts compare with another field is no condition on the field of its name.
        let is_used = |name: &String| facts.conditions.values().any(|value| *value == format!("${name}"));
        list.conditions.retain(|name| !is_used(name));
        let operation = Operation {
            role: role.clone(),
            keys: self.keys(method, role, facts),
            input: input(method),
            list,
            place: place(method, role, self.entity, self.own),
            conditions: settings(&facts.conditions),
            sets: settings(&facts.set),
            with: facts.with.clone(),
            file: facts.file.clone(),
            each: facts.each.clone(),
            also: facts.also.iter().map(|(prefix, fields)| (prefix.clone(), settings(fields))).collect(),
        };
        (name, operation)
    }

    fn keys(&self, method: &Method, role: &Role, facts: &MethodFacts) -> Vec<Key> {
        let column = |field: &String| match self.id {
            Some(id) if fold(id) == fold(field) => Column::Id,
            _ => Column::Field(fold(field)),
        };
        if let Some(given) = &facts.keys {
            return given
                .iter()
                .map(|(param, field)| Key { param: param.clone(), column: column(field) })
                .collect();
        }
        if !facts.conditions.is_empty() {
            return Vec::new();
        }
        let mut keys = keys(method, role, self.partition, self.own, self.text_id);
        if *role == Role::Update && facts.role.is_empty() {
            keys = changed_by(method, keys, &self.natural);
        }
        if let Some(id) = self.facts.id.as_deref() {
            let ids = keys.iter_mut().filter(|key| key.column == Column::Id);
            ids.for_each(|key| key.column = Column::Field(fold(id)));
        }
        keys
    }

    /// A method whose name says which field it sets: `pin`, `setOwner`, `updateTitle`.
    fn setter(&self, method: &Arc<Method>, facts: &Facts) -> Option<Operation> {
        let verb = method.verb();
        let (mut operation, choosing) = {
            let (_, operation) = self.operation(&(Arc::clone(method), Role::Update));
            let choosing = operation.keys.clone();
            (operation, choosing)
        };
        let has_key = choosing.iter().any(|key| key.column == Column::Id);
        let scalars = method.params.properties.iter().filter(|(_, schema)| schema.is_scalar());
        if !has_key {
            return None;
        }
        if let Some(flags) = facts.flags(&verb) {
            let (field, value) = flags.iter().find(|(field, _)| self.names.contains(field))?;
            operation.sets = settings(&IndexMap::from([(field.clone(), value.clone())]));
            return Some(operation);
        }
        let field = verb.strip_prefix("update").or_else(|| verb.strip_prefix("set"))?;
        let field = self.names.iter().find(|name| *name == field || **name == format!("{field}id"))?;
        let mut values = scalars.map(|(name, _)| name).filter(|name| {
            let folded = fold(name);
            !choosing.iter().any(|key| key.param == **name)
                && (folded == *field || folded == "value" || folded.starts_with("new"))
        });
        let value = format!("${}", values.next_back()?);
        operation.sets = settings(&IndexMap::from([(field.clone(), value.into())]));
        Some(operation)
    }
}

/// The methods with other prefixes that work on the rows of a family.
fn elsewhere(spec: &Spec, api: Api, facts: &FamilyFacts) -> Vec<Part> {
    let named = facts.methods.iter().filter(|(name, _)| name.contains('.'));
    let part =
        |(name, facts): (&String, &MethodFacts)| Some((spec.method(api, name)?, Role::named(&facts.role)?));
    named.filter_map(part).collect()
}

/// The facts about a method, by its whole name or by its last word.
fn of_method<'f>(method: &Method, facts: &'f FamilyFacts) -> Option<&'f MethodFacts> {
    let name = method.name.to_ascii_lowercase();
    facts.methods.get(&name).or_else(|| facts.methods.get(&method.verb()))
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
fn id_field(fields: &IndexMap<String, Schema>, facts: &FamilyFacts, prefix: &str) -> Option<String> {
    if let Some(id) = facts.id.clone() {
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
