//! Which type of a library is which of an earlier one, by the places where both are used, and the names that follow.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::index::{TypeId, TypeIndex, Use};
use super::settle::is_better;
use crate::descriptor::{MethodKey, method_key};
use crate::model::{Library, ModulePath, RustName};

/// A path that callers write.
pub(super) type Path = (ModulePath, RustName);

/// The names of the types of a library.
#[derive(Default)]
pub(super) struct TypeNames {
    /// The type of the earlier library that each type continues.
    pub(super) continues: BTreeMap<TypeId, TypeId>,
    /// The final name of each type that has another one than the rules give.
    pub(super) names: BTreeMap<TypeId, RustName>,
    /// The earlier paths of each type that are no longer its own.
    pub(super) aliases: BTreeMap<TypeId, BTreeSet<Path>>,
}

/// Names the types of a library so that each path of the earlier one stands for the type that is used in most of its places.
pub(super) fn name_types(earlier: &Library, now: &Library, reserved: &BTreeSet<Path>) -> TypeNames {
    let (before, after) = (TypeIndex::of(earlier), TypeIndex::of(now));
    let moved = moved_modules(earlier, now);
    let now_at = |module: &ModulePath| moved.get(module).unwrap_or(module).clone();
    let mut paths: Vec<(Path, &TypeId)> = Vec::new();
    for (id, used) in &before.types {
        paths.extend(used.modules.iter().map(|module| ((now_at(module), id.1.clone()), id)));
    }
    for (module, content) in &earlier.modules {
        for alias in &content.aliases {
            let id = before.find(&alias.module, &alias.target);
            let id = id.and_then(|id| before.types.get_key_value(&id));
            paths.extend(id.map(|(id, _)| ((now_at(module), alias.name.clone()), id)));
        }
    }
    let mut owners: BTreeMap<Path, TypeId> = BTreeMap::new();
    let mut found = TypeNames::default();
    for (path, id) in paths {
        let Some(used) = before.types.get(id) else { continue };
        let Some(owner) = successor(&path, used, &after) else { continue };
        found.continues.entry(owner.clone()).or_insert_with(|| id.clone());
        owners.insert(path, owner.clone());
    }
    Naming { after: &after, owners: &owners, reserved, taken: taken(&after), found }.run()
}

/// The modules with another path now, each with that path. An alias leads from the earlier one there.
fn moved_modules(earlier: &Library, now: &Library) -> HashMap<ModulePath, ModulePath> {
    let methods = now.modules.iter().flat_map(|(path, module)| {
        module.methods.iter().map(move |method| (method_key(method.api, &method.wire), path))
    });
    let paths: HashMap<MethodKey, &ModulePath> = methods.collect();
    let mut moved = HashMap::new();
    for (path, module) in &earlier.modules {
        let keys = module.methods.iter().map(|method| method_key(method.api, &method.wire));
        let Some(to) = keys.filter_map(|key| paths.get(&key)).next() else { continue };
        for (index, _) in path.0.iter().zip(&to.0).enumerate().filter(|(_, (one, other))| one != other) {
            if let (Some(from), Some(to)) = (path.0.get(..=index), to.0.get(..=index)) {
                moved.insert(ModulePath(from.to_vec()), ModulePath(to.to_vec()));
            }
        }
        if *path != **to {
            moved.insert(path.clone(), (*to).clone());
        }
    }
    moved
}

/// The type that most places of an earlier path use now: those of its module count first.
fn successor<'a>(path: &Path, used: &Use, after: &'a TypeIndex<'_>) -> Option<&'a TypeId> {
    let mut counts: BTreeMap<&TypeId, (usize, usize)> = BTreeMap::new();
    for place in &used.places {
        let Some(id) = after.at(place) else { continue };
        let count = counts.entry(id).or_default();
        let is_inside = after.types.get(id).is_some_and(|used| used.modules.contains(&path.0));
        count.0 += usize::from(is_inside);
        count.1 += 1;
    }
    let best = counts
        .into_iter()
        .max_by_key(|(id, (inside, all))| (*inside, *all, id.1 == path.1, std::cmp::Reverse((*id).clone())));
    best.map(|(id, _)| id)
}

/// The paths of all types by the names that the rules give, each with its type.
fn taken(index: &TypeIndex<'_>) -> HashMap<Path, TypeId> {
    let paths = index.types.iter().flat_map(|(id, used)| {
        used.modules.iter().map(|module| ((module.clone(), id.1.clone()), id.clone()))
    });
    paths.collect()
}

struct Naming<'a> {
    after: &'a TypeIndex<'a>,
    /// The earlier paths, each with the type that it stands for now.
    owners: &'a BTreeMap<Path, TypeId>,
    /// The paths of requests, errors and their aliases.
    reserved: &'a BTreeSet<Path>,
    /// The final paths so far.
    taken: HashMap<Path, TypeId>,
    found: TypeNames,
}

impl Naming<'_> {
    fn run(mut self) -> TypeNames {
        let mut claims: BTreeMap<&TypeId, BTreeSet<Path>> = BTreeMap::new();
        for (path, id) in self.owners {
            claims.entry(id).or_default().insert(path.clone());
        }
        let none = BTreeSet::new();
        for id in self.after.types.keys() {
            let claimed = claims.get(id).unwrap_or(&none);
            if let Some(name) = self.choose(id, claimed) {
                self.rename(id, name);
            }
        }
        for (id, claimed) in claims {
            let name = self.found.names.get(id).unwrap_or(&id.1);
            let modules = self.after.types.get(id).map(|used| &used.modules);
            let is_own =
                |path: &&Path| path.1 == *name && modules.is_some_and(|modules| modules.contains(&path.0));
            let others: BTreeSet<Path> = claimed.iter().filter(|path| !is_own(path)).cloned().collect();
            if !others.is_empty() {
                self.found.aliases.insert(id.clone(), others);
            }
        }
        self.found
    }

    /// The name that a type gets instead of the one that the rules give.
    fn choose(&self, id: &TypeId, claimed: &BTreeSet<Path>) -> Option<RustName> {
        let mut counts: BTreeMap<&RustName, usize> = BTreeMap::new();
        for (_, name) in claimed {
            *counts.entry(name).or_default() += 1;
        }
        let own_is_free = self.is_free(id, &id.1);
        let is_own = counts.is_empty()
            || counts.keys().any(|name| **name == id.1 || is_better(id.1.as_str(), name.as_str()));
        if own_is_free && is_own {
            return None;
        }
        let mut names: Vec<_> = counts.into_iter().collect();
        names.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), (*name).clone()));
        let earlier = names.into_iter().map(|(name, _)| name).find(|name| self.is_free(id, name));
        if earlier.is_some() || own_is_free {
            return earlier.cloned();
        }
        // The name is that of another type on the earlier day.
        (2..).map(|number| RustName(format!("{}{number}", id.1))).find(|name| self.is_free(id, name))
    }

    /// Whether a type may have a name in all modules in which callers find it.
    fn is_free(&self, id: &TypeId, name: &RustName) -> bool {
        let modules = self.after.types.get(id).into_iter().flat_map(|used| &used.modules);
        modules.into_iter().all(|module| {
            let path = (module.clone(), name.clone());
            let is_of = |owner: Option<&TypeId>| owner.is_none_or(|owner| owner == id);
            !self.reserved.contains(&path) && is_of(self.owners.get(&path)) && self.is_left(&path, id)
        })
    }

    /// Whether no other type keeps a path. One that has to leave it, since it was another type's, is no obstacle.
    fn is_left(&self, path: &Path, id: &TypeId) -> bool {
        let Some(holder) = self.taken.get(path).filter(|holder| *holder != id) else { return true };
        self.owners.get(path) == Some(id) && !self.found.names.contains_key(holder)
    }

    fn rename(&mut self, id: &TypeId, name: RustName) {
        for module in self.after.types.get(id).into_iter().flat_map(|used| &used.modules) {
            let path = (module.clone(), id.1.clone());
            if self.taken.get(&path) == Some(id) {
                self.taken.remove(&path);
            }
            self.taken.insert((module.clone(), name.clone()), id.clone());
        }
        self.found.names.insert(id.clone(), name);
    }
}
