//! Types that are the same in several modules of one scope: one type in the module that is nearest to all of them.
//!
//! What is compared is the whole type: its name, its fields with their types and what the documentation says of these, and the
//! same of all its parts. Two modules that agree in all of that speak of one thing. The type goes to the module of their common
//! last word (`crm::userfield` for those of `crm::deal::userfield` and `crm::lead::userfield`), else to the one above them
//! all; the others take it in under the name that it had, so that callers find it where they look. Types of different scopes
//! stay apart, and so does what is named after a method, unless many modules receive it: an `AddFields` means little above
//! its module.

mod type_fingerprint;

use std::collections::{BTreeMap, BTreeSet};

use type_fingerprint::{TypeFingerprint, TypeFingerprints};

use crate::model::{Direction, Import, Library, Module, ModulePath, RustName, TypeItem};

/// An object with fewer fields may look the same by chance.
const MIN_FIELDS: usize = 3;

/// In so many modules, what is named after a method means something above them as well.
const MIN_MODULES: usize = 3;

/// Makes one of the types that modules of a scope have in common.
pub(super) fn hoist_shared(library: &mut Library) {
    let fingerprints = TypeFingerprints::compute(library);
    let mut groups: BTreeMap<(Vec<RustName>, &TypeFingerprint), BTreeSet<&ModulePath>> = BTreeMap::new();
    for (path, fingerprint) in fingerprints.with_min_fields(MIN_FIELDS) {
        groups.entry((scope_prefix(path), fingerprint)).or_default().insert(path);
    }
    let mut groups: Vec<_> = groups.into_iter().filter(|(_, modules)| modules.len() > 1).collect();
    groups.sort_by_key(|((_, fingerprint), modules)| std::cmp::Reverse(fingerprint.fields * modules.len()));
    for ((_, fingerprint), modules) in groups {
        let Some(target) = find_target(library, fingerprint, &modules) else { continue };
        let first = modules.first().copied().cloned().unwrap_or_default();
        for name in fingerprints.type_and_parts(&first, &fingerprint.name) {
            move_type(library, &target, &modules, &name);
        }
    }
}

/// The part of a path within which names mean the same: the scope, and REST 3 before it.
fn scope_prefix(path: &ModulePath) -> Vec<RustName> {
    let depth = if path.0.first().is_some_and(|word| word.bare() == "v3") { 2 } else { 1 };
    path.0.iter().take(depth).cloned().collect()
}

/// Where a type goes that these modules have in common; `None` where its names would not be free there, or where the module
/// may be left out of a build that has one of the others.
fn find_target(
    library: &Library,
    fingerprint: &TypeFingerprint,
    modules: &BTreeSet<&ModulePath>,
) -> Option<ModulePath> {
    let above = common_ancestor(modules);
    let last: BTreeSet<_> = modules.iter().map(|path| path.0.last()).collect();
    let sibling = match last.into_iter().collect::<Vec<_>>().as_slice() {
        [Some(word)] => {
            let path = ModulePath(above.0.iter().chain([*word]).cloned().collect());
            library.modules.get(&path).filter(|own| covers(own, library, modules)).map(|_| path)
        }
        _ => None,
    };
    let widely = fingerprint.direction == Direction::Response && modules.len() >= MIN_MODULES;
    let named_after_method = fingerprint.of_one_method && !widely;
    let above = (!named_after_method).then_some(above);
    sibling.into_iter().chain(above).find(|target| {
        let free = |name: &RustName| match library.modules.get(target) {
            Some(own) if modules.contains(target) => !own.imports.iter().any(|import| import.name == *name),
            Some(own) => !own.names().contains(name),
            None => true,
        };
        fingerprint.parts.iter().chain([&fingerprint.name]).all(free)
    })
}

/// Whether a module is there in each build that has one of the others.
fn covers(own: &Module, library: &Library, modules: &BTreeSet<&ModulePath>) -> bool {
    let Some(own) = own.features() else { return true };
    let others = modules.iter().filter_map(|path| library.modules.get(*path)).map(Module::features);
    others.into_iter().all(|features| features.is_some_and(|features| features.is_subset(&own)))
}

/// The module that all of these lie below, or are.
fn common_ancestor(modules: &BTreeSet<&ModulePath>) -> ModulePath {
    let mut paths = modules.iter().map(|path| path.0.as_slice());
    let mut above = paths.next().unwrap_or_default();
    for path in paths {
        let same = above.iter().zip(path).take_while(|(one, other)| one == other).count();
        above = &above[..same];
    }
    ModulePath(above.to_vec())
}

/// Leaves one type of this name, in the module where it goes.
fn move_type(library: &mut Library, target: &ModulePath, modules: &BTreeSet<&ModulePath>, name: &RustName) {
    let mut found = None;
    for path in modules {
        let Some(module) = library.modules.get_mut(*path) else { continue };
        let Some(item) = take_type(module, name) else { continue };
        found.get_or_insert(item);
        if *path != target {
            module.imports.push(Import { module: target.clone(), name: name.clone() });
        }
    }
    let Some(mut item) = found else {
        // It has gone elsewhere as a part of another type, and stays there.
        let gone = modules.iter().filter_map(|path| library.modules.get(*path)).flat_map(|own| &own.imports);
        let gone = gone.into_iter().find(|import| import.name == *name && import.module != *target).cloned();
        library.modules.entry(target.clone()).or_default().imports.extend(gone);
        return;
    };
    let wires: Vec<String> = modules.iter().map(|path| format!("`{path}`")).collect();
    item.set_role(match wires.as_slice() {
        [first, second] => format!("Shared by {first} and {second}"),
        [first, others @ ..] => format!("Shared by {first} and {} other modules", others.len()),
        [] => String::new(),
    });
    library.modules.entry(target.clone()).or_default().types.push(item);
}

/// Takes a type out of a module.
fn take_type(module: &mut Module, name: &RustName) -> Option<TypeItem> {
    let Module { methods, types, .. } = module;
    let places = methods.iter_mut().map(|method| &mut method.types).chain([types]);
    places.into_iter().find_map(|types| {
        let index = types.iter().position(|item| item.name() == name)?;
        Some(types.remove(index))
    })
}
