//! What repeats becomes one type: the entity that `get`, `list` and `add` of one module give, and any part of requests or
//! results that looks the same twice.
//!
//! 1. Types of equal shape are one.
//! 2. The objects that methods give as their result, or as the rows of it, are the module's entity where they share most of
//!    their fields and agree on the types of these: it has the fields of all, each in an `Option` unless all have it always.
//! 3. The levels of a tree are one type, which holds a list of itself.
//! 4. The entity is named after the module (`crm::deal::Deal`), what belongs to it after it (`DealPhone`).
//!
//! Types are compared within a module only; what modules have in common is the matter of `hoist`.

mod dedup;
mod entity;
mod naming;
mod recursive;
mod unify;

use std::collections::{BTreeSet, HashMap};

use heck::ToUpperCamelCase;

use crate::model::{Field, Module, ModulePath, RustName, TypeItem, TypeRef};

/// Merges what repeats in one module.
pub(super) fn merge(path: &ModulePath, module: &mut Module) {
    let word = path.0.last().map_or("", RustName::bare);
    let mut merger = Merger::new(word, module);
    merger.dedup();
    merger.merge_entity(module);
    merger.dedup();
    merger.merge_recursive();
    merger.finish(module);
}

/// The types of one module, by the name that they have at first.
struct Merger {
    /// The last word of the module's path, as a type would be named after it.
    entity: String,
    /// The types, and the methods that they belong to, in the order of the descriptors.
    items: Vec<MergeItem>,
    /// Where each name leads by now.
    renamed: HashMap<RustName, RustName>,
    /// The type that is the module's entity.
    entity_item: Option<RustName>,
    /// Names that are not free: those of requests and errors.
    reserved: BTreeSet<RustName>,
}

struct MergeItem {
    item: TypeItem,
    /// The methods that use it, by the last word of their names.
    users: BTreeSet<RustName>,
    /// The first of them, among whose types it stands while it is the only one.
    owner: usize,
}

impl Merger {
    fn new(word: &str, module: &mut Module) -> Self {
        let mut items = Vec::new();
        let mut reserved = BTreeSet::new();
        for (owner, method) in module.methods.iter_mut().enumerate() {
            reserved.extend([method.request.name.clone(), method.error.name.clone()]);
            for item in method.types.drain(..) {
                items.push(MergeItem { item, users: BTreeSet::from([method.function.clone()]), owner });
            }
        }
        Self {
            entity: word.to_upper_camel_case(),
            items,
            renamed: HashMap::new(),
            entity_item: None,
            reserved,
        }
    }

    /// Where a name leads by now.
    fn resolve(&self, name: &RustName) -> RustName {
        let mut name = name;
        while let Some(next) = self.renamed.get(name) {
            name = next;
        }
        name.clone()
    }

    /// The types that have not become part of another.
    fn live(&self) -> Vec<usize> {
        (0..self.items.len())
            .filter(|index| !self.renamed.contains_key(self.items[*index].item.name()))
            .collect()
    }

    /// Lets one type stand for another.
    fn replace(&mut self, gone: usize, kept: usize) {
        let users = self.items[gone].users.clone();
        self.items[kept].users.extend(users);
        self.renamed.insert(self.items[gone].item.name().clone(), self.items[kept].item.name().clone());
    }

    /// The type that a name leads to by now.
    fn find(&self, name: &RustName) -> Option<usize> {
        let name = self.resolve(name);
        self.items.iter().position(|item| *item.item.name() == name)
    }

    /// A type with each name in it replaced by what it leads to.
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
