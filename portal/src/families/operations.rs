//! The operations of a family: what each of its methods does with rows, and where.

use std::sync::Arc;

use indexmap::IndexMap;

use super::effects::{Effect, Need, folded, looks};
use super::facts::{Facts, FamilyFacts, FindFacts, MethodFacts};
use super::keys::{Column, Key, keys};
use super::place::{self, Place};
use super::roles::{ListParams, Role, list_params};
use super::row::{Part, input};
use super::sources::{Setting, Source, settings};
use super::{Find, Operation, fold};
use crate::spec::{JsonType, Method, Schema};

/// What the operations of a family are derived from.
pub(super) struct Deriver<'d> {
    pub(super) facts: &'d FamilyFacts,
    /// What all rows of the family have.
    pub(super) of: &'d [Setting],
    pub(super) partition: &'d [String],
    pub(super) own: &'d [String],
    /// The names of the fields, folded.
    pub(super) names: &'d [String],
    pub(super) natural: Vec<Column>,
    pub(super) text_id: bool,
    pub(super) id: Option<&'d str>,
    pub(super) entity: Option<&'d str>,
}

impl Deriver<'_> {
    pub(super) fn operation(&self, (method, role): &Part) -> (String, Operation) {
        let name = method.name.to_ascii_lowercase();
        let none = MethodFacts::default();
        let facts = of_method(method, self.facts).unwrap_or(&none);
        let mut list = match role {
            Role::List => list_params(method, self.names, self.partition),
            _ => ListParams::default(),
        };
        // What facts compare with another field is no condition on the field of its name.
        let is_used = |name: &String| facts.conditions.values().any(|value| *value == format!("${name}"));
        let is_searched = |name: &String| facts.search.keys().any(|param| fold(param) == fold(name));
        list.conditions.retain(|name| !is_used(name) && !self.is_owner(name) && !is_searched(name));
        list.default_order = facts.order.iter().map(|name| (fold(name), name.starts_with('-'))).collect();
        let mut operation = Operation {
            role: role.clone(),
            keys: self.keys(method, role, facts),
            input: input(method).filter(|name| !self.is_field(method, name)),
            list,
            place: place(method, role, self.entity, self.own),
            conditions: settings(&facts.conditions),
            sets: settings(&facts.set),
            with: facts.with.clone(),
            file: facts.file.clone(),
            each: facts.each.clone(),
            search: facts
                .search
                .iter()
                .map(|(param, names)| (Source::of_param(param), folded(names)))
                .collect(),
            select: facts.select.clone(),
            conditioned: facts.conditioned.clone(),
            aliases: facts.aliases.clone(),
            value: facts.value.as_deref().map(fold),
            before: facts.before.iter().map(Effect::of).collect(),
            also: facts.also.iter().map(Effect::of).collect(),
            needs: self.needs(role, facts),
            find: facts.find.as_ref().map(find),
            error: facts.error.clone(),
            result: facts.result.as_ref().map(Source::of),
            looks: Vec::new(),
        };
        if *role == Role::Delete && facts.conditions.is_empty() && method.verb() == "deletebyfilter" {
            operation.conditions = by_fields(method);
        }
        operation.looks = looks(&operation);
        (name, operation)
    }

    fn needs(&self, role: &Role, facts: &MethodFacts) -> Vec<Need> {
        let of_all = self.facts.needs.iter().filter(|_| *role != Role::Fields);
        of_all.chain(&facts.needs).map(Need::of).collect()
    }

    fn keys(&self, method: &Method, role: &Role, facts: &MethodFacts) -> Vec<Key> {
        let column = |field: &String| match self.id {
            // An identifier that facts name is a code.
            Some(id) if fold(id) == fold(field) && self.facts.id.is_none() => Column::Id,
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
        keys.retain(|key| !self.is_owner(&key.param));
        keys
    }

    /// Whether a parameter with parts is a field of rows, such as `SETTINGS` of handlers, and no row.
    fn is_field(&self, method: &Method, name: &str) -> bool {
        let is_row = method.params.properties.get(name).is_some_and(|schema| schema.entity.is_some());
        // `fields` and `data` are fields of rows that methods show, and still what requests put the fields in.
        let folded = fold(name);
        !is_row && !matches!(folded.as_str(), "fields" | "data") && self.names.contains(&folded)
    }

    /// Whether a parameter says which rows of a shared table are those of the family.
    fn is_owner(&self, param: &str) -> bool {
        self.of.iter().any(|setting| setting.source.reads(param))
    }

    /// A method whose name says which field it sets: `pin`, `setOwner`, `updateTitle`.
    pub(super) fn setter(&self, method: &Arc<Method>, facts: &Facts) -> Option<Operation> {
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

/// The conditions of a method that removes the row with given fields: those that it requires.
fn by_fields(method: &Method) -> Vec<Setting> {
    let Some(input) = input(method) else { return Vec::new() };
    let required = method.params.properties.get(&input).map(|fields| fields.required.as_slice());
    let condition = |name: &String| (name.clone(), format!("${input}.{name}").into());
    settings(&required.unwrap_or_default().iter().map(condition).collect())
}

fn find(facts: &FindFacts) -> Find {
    Find {
        tables: facts.tables.clone(),
        only: Source::of(&facts.only),
        field: Source::of(&facts.field),
        values: Source::of(&facts.values),
    }
}

/// The facts about a method, by its whole name or by its last word.
pub(super) fn of_method<'f>(method: &Method, facts: &'f FamilyFacts) -> Option<&'f MethodFacts> {
    let name = method.name.to_ascii_lowercase();
    facts.methods.get(&name).or_else(|| facts.methods.get(&method.verb()))
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

/// Whether a result says only that the method did what was asked: `{result: true}`, `{success: true}`.
fn says_success(returns: &Schema) -> bool {
    let is_flag = |(name, schema): (&String, &Schema)| {
        matches!(name.as_str(), "result" | "success") && schema.single() == Some(JsonType::Boolean)
    };
    returns.properties.len() == 1 && returns.properties.iter().all(is_flag)
}

/// Where in the result of a method its rows are.
fn place(method: &Method, role: &Role, entity: Option<&str>, own: &[String]) -> Place {
    match role {
        Role::List | Role::Fields | Role::Delete => Place::Nothing,
        Role::Update | Role::Replace(_) | Role::Put if method.returns.single() == Some(JsonType::String) => {
            Place::Nothing
        }
        _ if role.changes() && says_success(&method.returns) => Place::Nothing,
        _ => place::of_row(&method.returns, entity, own),
    }
}
