//! Names of shared types, and the place of each type in the module.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::super::{names, nouns};
use super::Merger;
use super::candidates::joined;
use super::uses::{Place, is_many};
use crate::model::{Direction, Method, Module, RustName, StructItem, TypeItem};

impl Merger {
    /// Renames the types of several methods, and moves every type to the module or to its method.
    pub(super) fn finish(mut self, module: &mut Module) {
        let names = self.final_names(module);
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

    /// The new names of all types.
    fn final_names(&self, module: &Module) -> HashMap<RustName, RustName> {
        let mut names = NameAssignments { assigned: HashMap::new(), used: self.reserved.clone() };
        names.used.extend(self.items.iter().map(|item| item.item.name().clone()));
        let (places, in_lists) = self.places(module);
        if let Some(entity) = &self.entity_item {
            let one = nouns::singular(&self.entity);
            let own = if in_lists.contains(entity) { &one } else { &self.entity };
            let candidates = [names::type_name(&[own]), names::type_name(&[own, "entity"])];
            names.assign(entity, candidates.into_iter().flatten().collect());
            let head = names.assigned.get(entity).unwrap_or(entity).clone();
            self.name_parts(entity, head.as_str(), &[], &mut names);
        }
        let unnamed = self.live().into_iter().filter_map(|index| {
            let name = self.items[index].item.name();
            let is_named = matches!(&self.items[index].item, TypeItem::Struct(item) if item.is_named);
            let place = places.get(name).filter(|_| !is_named && !names.assigned.contains_key(name))?;
            Some((
                name.clone(),
                is_first_choice(place, &self.items[index].users),
                self.candidates(index, place),
            ))
        });
        let unnamed: Vec<_> = unnamed.collect();
        names.assign_all(unnamed);
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
            let own = names::words(head);
            let words = names::words(&field.wire);
            let one = Some(nouns::singular(&words))
                .filter(|one| is_many(&field.ty) && !own.ends_with(one.as_str()));
            let words = one.unwrap_or(words);
            let path = [path, &[words.as_str()]].concat();
            let full = joined(&[&[own.as_str()], path.as_slice()].concat());
            let short = joined(&[&own, &words]);
            // A field with the name of the whole has what is known of it.
            let details = (short == own).then(|| joined(&[&own, "details"]));
            let candidates = [Some(full), Some(short), details].into_iter().flatten();
            names.assign(part, candidates.filter_map(|words| names::type_of(&words)).collect());
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

    /// Assigns names to types with candidates. Of a name that several types want, none gets it, except for one that is the first
    /// choice: what a type is called does not depend on the order of methods.
    fn assign_all(&mut self, mut types: Vec<(RustName, bool, Vec<RustName>)>) {
        let ranks = types.iter().map(|(_, _, candidates)| candidates.len()).max().unwrap_or_default();
        for rank in 0..ranks {
            let mut wanted: BTreeMap<RustName, Vec<(&RustName, bool)>> = BTreeMap::new();
            for (name, is_first, candidates) in &types {
                let candidate = candidates
                    .get(rank)
                    .filter(|candidate| *candidate == name || !self.used.contains(candidate));
                if let Some(candidate) = candidate {
                    wanted.entry(candidate.clone()).or_default().push((name, *is_first));
                }
            }
            for (candidate, by) in wanted {
                let mut first = by.iter().filter(|(_, is_first)| *is_first || by.len() == 1);
                if let (Some((name, _)), None) = (first.next(), first.next()) {
                    self.used.insert(candidate.clone());
                    self.assigned.insert((*name).clone(), candidate);
                }
            }
            types.retain(|(name, ..)| !self.assigned.contains_key(name));
        }
    }
}

/// Whether a type is the result of a method that modules are about.
fn is_first_choice(place: &Place, users: &BTreeSet<RustName>) -> bool {
    let is_main = users.iter().any(|user| matches!(user.as_str(), "get" | "list"));
    place.direction == Direction::Response && is_main && place.steps.len() < 2
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
