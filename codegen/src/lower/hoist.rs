//! Hoists types that several modules of a scope have in common to one module.
//!
//! Types are equal if their names, their fields with types and documentation, and all their parts are equal. The type moves to
//! the module of the common last word (`crm::userfield` for `crm::deal::userfield` and `crm::lead::userfield`), else to the
//! nearest module above all of them. The other modules import it under the same name, so that callers find it in each.
//!
//! Types of different scopes are not hoisted. A type that is named after a method is hoisted only if it is part of results in
//! [`MIN_MODULES`] modules: the name `AddFields` has little meaning outside its module.

mod type_fingerprint;

use std::collections::{BTreeMap, BTreeSet};

use type_fingerprint::{TypeFingerprint, TypeFingerprints};

use crate::model::{Import, Library, Module, ModulePath, RustName, TypeItem};

/// Objects with fewer fields may be equal by chance.
const MIN_FIELDS: usize = 3;

/// A type that is named after a method is hoisted if this many modules have it.
const MIN_MODULES: usize = 3;

/// Hoists the types that several modules of a scope have in common.
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

/// The scope of a module path, after `v3` for REST 3.
fn scope_prefix(path: &ModulePath) -> Vec<RustName> {
    let depth = if path.0.first().is_some_and(|word| word.bare() == "v3") { 2 } else { 1 };
    path.0.iter().take(depth).cloned().collect()
}

/// The module that a type of several modules moves to. `None` if its names are used there, or if a build may have one of the
/// modules without the target.
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
    let widely = fingerprint.of_results && modules.len() >= MIN_MODULES;
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

/// Whether every build with one of the modules has `own` too.
fn covers(own: &Module, library: &Library, modules: &BTreeSet<&ModulePath>) -> bool {
    let Some(own) = own.features() else { return true };
    let others = modules.iter().filter_map(|path| library.modules.get(*path)).map(Module::features);
    others.into_iter().all(|features| features.is_some_and(|features| features.is_subset(&own)))
}

/// The nearest module that contains all of these, or is one of them.
fn common_ancestor(modules: &BTreeSet<&ModulePath>) -> ModulePath {
    let mut paths = modules.iter().map(|path| path.0.as_slice());
    let mut above = paths.next().unwrap_or_default();
    for path in paths {
        let same = above.iter().zip(path).take_while(|(one, other)| one == other).count();
        above = &above[..same];
    }
    ModulePath(above.to_vec())
}

/// Moves a type to the target, and imports it in the other modules.
fn move_type(library: &mut Library, target: &ModulePath, modules: &BTreeSet<&ModulePath>, name: &RustName) {
    let mut found = None;
    for path in modules {
        let Some(module) = library.modules.get_mut(*path) else { continue };
        let Some(item) = take_type(module, name) else { continue };
        keep(&mut found, item);
        if *path != target {
            module.imports.push(Import { module: target.clone(), name: name.clone() });
        }
    }
    let Some(mut item) = found else {
        // It moved with another type that it is a part of.
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

/// Keeps the first of equal types. An enumeration has the directions of all of them.
fn keep(found: &mut Option<TypeItem>, item: TypeItem) {
    match (found, item) {
        (Some(TypeItem::Enum(kept)), TypeItem::Enum(item)) => kept.directions.extend(item.directions),
        (found, item) => {
            found.get_or_insert(item);
        }
    }
}

/// Removes a type from a module.
fn take_type(module: &mut Module, name: &RustName) -> Option<TypeItem> {
    let Module { methods, types, .. } = module;
    let places = methods.iter_mut().map(|method| &mut method.types).chain([types]);
    places.into_iter().find_map(|types| {
        let index = types.iter().position(|item| item.name() == name)?;
        Some(types.remove(index))
    })
}
