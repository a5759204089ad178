//! Merges the types of a module: the entity that `get`, `list` and `add` return, and equal parts of requests or results.
//!
//! 1. Types of equal shape are merged (`dedup`).
//! 2. The levels of a tree are merged into one type with a list of itself (`recursive`, `unify`).
//! 3. The entity that the descriptors declare is the type of the module, or else the row of its lists (`entity`).
//! 4. The entity is named after the module (`crm::deal::Deal`), its parts after the entity (`DealPhone`) (`naming`).
//!
//! Only types of the same module are compared. `hoist` merges types of several modules.

mod candidates;
mod dedup;
mod entity;
mod naming;
mod recursive;
mod unify;
mod uses;

use std::collections::{BTreeSet, HashMap};

use super::{names, nouns};
use crate::model::{Field, Module, ModulePath, RustName, TypeItem, TypeRef};

/// Merges the types of a module.
pub(super) fn merge(path: &ModulePath, module: &mut Module) {
    let mut merger = Merger::new(thing_of(path), module);
    merger.dedup();
    merger.merge_recursive();
    merger.choose_entity(module);
    merger.finish(module);
}

/// The words of what a module is about: its name, with the one above if it says nothing or would hide a name of the prelude.
fn thing_of(path: &ModulePath) -> String {
    let words: Vec<String> = path.0.iter().map(|name| names::words(name.bare())).collect();
    match words.as_slice() {
        [.., above, last] if nouns::is_generic(last) && nouns::is_plural(last) => above.clone(),
        [.., above, last] if names::type_of(last).is_none() => format!("{above} {last}"),
        [.., last] => last.clone(),
        [] => String::new(),
    }
}

/// The types of a module, under the names that they had before the merge.
struct Merger {
    /// The words of what the module is about.
    entity: String,
    /// The types with their methods, in the order of the descriptors.
    items: Vec<MergeItem>,
    /// The names of merged types, with the name of the type that replaces each.
    renamed: HashMap<RustName, RustName>,
    /// The entity of the module.
    entity_item: Option<RustName>,
    /// The names of requests and errors.
    reserved: BTreeSet<RustName>,
}

struct MergeItem {
    item: TypeItem,
    /// The methods that use it, by the last word of the method name.
    users: BTreeSet<RustName>,
    /// The index of the first of them. A type with one user is declared beside its method.
    owner: usize,
}

impl Merger {
    fn new(entity: String, module: &mut Module) -> Self {
        let mut items = Vec::new();
        let mut reserved = BTreeSet::new();
        for (owner, method) in module.methods.iter_mut().enumerate() {
            reserved.extend([method.request.name.clone(), method.error.name.clone()]);
            for item in method.types.drain(..) {
                items.push(MergeItem { item, users: BTreeSet::from([method.function.clone()]), owner });
            }
        }
        Self { entity, items, renamed: HashMap::new(), entity_item: None, reserved }
    }

    /// The name of the type that a name stands for after the merges so far.
    fn resolve(&self, name: &RustName) -> RustName {
        let mut name = name;
        while let Some(next) = self.renamed.get(name) {
            name = next;
        }
        name.clone()
    }

    /// The indices of the types that are not merged into another.
    fn live(&self) -> Vec<usize> {
        (0..self.items.len())
            .filter(|index| !self.renamed.contains_key(self.items[*index].item.name()))
            .collect()
    }

    /// Replaces a type with another.
    fn replace(&mut self, gone: usize, kept: usize) {
        let users = self.items[gone].users.clone();
        self.items[kept].users.extend(users);
        let (directions, entity) = match &self.items[gone].item {
            TypeItem::Enum(gone) => (Some(gone.directions.clone()), None),
            TypeItem::Struct(gone) => (None, gone.entity.clone()),
        };
        match &mut self.items[kept].item {
            TypeItem::Enum(kept) => kept.directions.extend(directions.into_iter().flatten()),
            TypeItem::Struct(kept) => kept.entity = kept.entity.take().or(entity),
        }
        self.renamed.insert(self.items[gone].item.name().clone(), self.items[kept].item.name().clone());
    }

    /// The index of the type that a name stands for.
    fn find(&self, name: &RustName) -> Option<usize> {
        let name = self.resolve(name);
        self.items.iter().position(|item| *item.item.name() == name)
    }

    /// A type with resolved names.
    fn resolved(&self, ty: &TypeRef) -> TypeRef {
        ty.map_names(&|name| self.resolve(name))
    }

    fn fields(&self, index: usize) -> &[Field] {
        match &self.items[index].item {
            TypeItem::Struct(item) => &item.fields,
            TypeItem::Enum(_) => &[],
        }
    }
}
