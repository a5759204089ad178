//! Names of shared types, and the place of each type in the module.

use std::collections::{BTreeSet, HashMap};

use heck::ToSnakeCase;

use super::super::names;
use super::Merger;
use crate::model::{Direction, Method, Module, RustName, StructItem, TypeItem};

impl Merger {
    /// Renames the types of several methods, and moves every type to the module or to its method.
    pub(super) fn finish(mut self, module: &mut Module) {
        let names = self.final_names();
        let live: BTreeSet<usize> = self.live().into_iter().collect();
        let items = std::mem::take(&mut self.items).into_iter().enumerate();
        for (_, item) in items.filter(|(index, _)| live.contains(index)) {
            let shared = item.users.len() > 1 || Some(item.item.name()) == self.entity_item.as_ref();
            let users = item.users;
            let mut item_type = item.item;
            rename(&mut item_type, &|name| self.renamed_to(name, &names));
            if shared {
                set_shared_role(&mut item_type, &users);
                module.types.push(item_type);
            } else if let Some(method) = module.methods.get_mut(item.owner) {
                method.types.push(item_type);
            }
        }
        for kind in module.kinds.iter_mut().flat_map(|kinds| &mut kinds.of) {
            kind.name = self.renamed_to(&kind.name, &names);
            kind.fields = kind.fields.as_ref().map(|fields| self.renamed_to(fields, &names));
        }
        for method in &mut module.methods {
            rename_method(method, &|name| self.renamed_to(name, &names));
        }
    }

    fn renamed_to(&self, name: &RustName, names: &HashMap<RustName, RustName>) -> RustName {
        let name = self.resolve(name);
        names.get(&name).cloned().unwrap_or(name)
    }

    /// The new names of the entity, its parts and other shared types.
    fn final_names(&self) -> HashMap<RustName, RustName> {
        let mut names = NameAssignments { assigned: HashMap::new(), used: self.reserved.clone() };
        names.used.extend(self.items.iter().map(|item| item.item.name().clone()));
        let own = self.entity.as_str();
        if let Some(entity) = &self.entity_item {
            let candidates = [names::type_name(&[own]), names::type_name(&[own, "entity"])];
            names.assign(entity, candidates.into_iter().flatten().collect());
            let head = names.assigned.get(entity).unwrap_or(entity).clone();
            self.name_parts(entity, head.as_str(), &[], &mut names);
        }
        let live = self.live();
        for item in live.iter().map(|index| &self.items[*index]).filter(|item| item.users.len() > 1) {
            let mut words = significant_words(item.item.name());
            if is_in_both_directions(&item.item) && words.len() > 1 {
                words.retain(|word| word != REQUEST_FIELDS);
            }
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let candidates = [names::type_names(&[own], &words), names::type_names(&[own, "shared"], &words)];
            names.assign(item.item.name(), candidates.concat());
        }
        names.assigned
    }

    /// Names the parts of a type after the type and the fields that lead to them.
    fn name_parts(&self, whole: &RustName, head: &str, path: &[&str], names: &mut NameAssignments) {
        let Some(TypeItem::Struct(item)) = self.find(whole).map(|index| &self.items[index].item) else {
            return;
        };
        for field in &item.fields {
            let ty = self.resolved(&field.ty);
            let Some(part) = ty.named().filter(|part| !names.assigned.contains_key(*part)) else { continue };
            let path = [path, &[field.wire.as_str()]].concat();
            names.assign(part, names::type_names(&[head], &path));
            if names.assigned.contains_key(part) {
                self.name_parts(part, head, &path, names);
            }
        }
    }
}

/// New names, and all names in use.
struct NameAssignments {
    assigned: HashMap<RustName, RustName>,
    used: BTreeSet<RustName>,
}

impl NameAssignments {
    /// Assigns the first candidate that is free. If none is, the type keeps its name.
    fn assign(&mut self, name: &RustName, candidates: Vec<RustName>) {
        if self.assigned.contains_key(name) {
            return;
        }
        if let Some(candidate) = candidates.into_iter().find(|candidate| !self.used.contains(candidate)) {
            self.used.insert(candidate.clone());
            self.assigned.insert(name.clone(), candidate);
        }
    }
}

/// The parameter of a request that contains the fields. A result has the same fields without it.
const REQUEST_FIELDS: &str = "fields";

fn is_in_both_directions(item: &TypeItem) -> bool {
    matches!(item, TypeItem::Enum(item) if item.directions.len() > 1)
}

/// The words of a type name without the method and the words of results: `GetResultItemPhone` gives `phone`.
fn significant_words(name: &RustName) -> Vec<String> {
    let snake = name.as_str().to_snake_case();
    let own = |word: &&str| !matches!(*word, "result" | "item" | "items" | "value");
    let kept: Vec<String> = snake.split('_').skip(1).filter(own).map(str::to_owned).collect();
    if kept.is_empty() { vec![names::RESULT.to_owned()] } else { kept }
}

fn set_shared_role(item: &mut TypeItem, users: &BTreeSet<RustName>) {
    let users: Vec<String> = users.iter().map(RustName::function_link).collect();
    let place = match item {
        TypeItem::Struct(item) => used_in(&[item.direction]),
        TypeItem::Enum(item) => used_in(&item.directions.iter().copied().collect::<Vec<_>>()),
    };
    item.set_role(format!("{place} {}", users.join(", ")));
}

fn used_in(directions: &[Direction]) -> &'static str {
    match directions {
        [Direction::Request] => "Used in requests of",
        [Direction::Response] => "Used in results of",
        _ => "Used in requests and results of",
    }
}

fn rename(item: &mut TypeItem, renamed: &dyn Fn(&RustName) -> RustName) {
    match item {
        TypeItem::Struct(StructItem { name, fields, .. }) => {
            *name = renamed(name);
            for field in fields {
                field.ty = field.ty.map_names(renamed);
            }
        }
        TypeItem::Enum(item) => item.name = renamed(&item.name),
    }
}

fn rename_method(method: &mut Method, renamed: &dyn Fn(&RustName) -> RustName) {
    method.output = method.output.map_names(renamed);
    for param in &mut method.request.params {
        param.ty = param.ty.map_names(renamed);
    }
}
