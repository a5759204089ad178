//! Methods and types that are gone, and those that come back under the same names.

use std::collections::BTreeMap;

use super::index::TypeIndex;
use super::items::{MethodNames, last_word, names_of, reserved};
use super::settle::Names;
use super::{Freeze, names};
use crate::descriptor::{FrozenMethod, FrozenName, FrozenType, MethodKey, method_key};
use crate::model::{Library, Method, Module, RustName};

/// Everything that the earlier library names after a method that is gone.
pub(super) fn of_method(
    from: &Freeze<'_>,
    index: &TypeIndex<'_>,
    module: &Module,
    method: &Method,
) -> FrozenMethod {
    let MethodNames { function, request, error, .. } = names_of(module, method);
    let whole = |names: Names| FrozenName { name: Some(names.name), aliases: names.aliases };
    let key = method_key(method.api, &method.wire);
    let own = index.types.iter().filter(|(_, used)| used.places.iter().all(|(user, _)| *user == key));
    let types = own.filter_map(|(id, used)| {
        let aliases = module.aliases.iter().filter(|alias| (&alias.module, &alias.target) == (&id.0, &id.1));
        Some(FrozenType {
            at: used.places.first()?.1.clone(),
            name: Some(id.1.to_string()),
            aliases: aliases.map(|alias| alias.name.to_string()).collect(),
            ..FrozenType::default()
        })
    });
    FrozenMethod {
        method: method.wire.clone(),
        api: method.api,
        function: whole(function),
        request: whole(request),
        error: whole(error),
        types: types.collect(),
        gone: Some(from.version.to_owned()),
        ..FrozenMethod::default()
    }
}

/// The names of a method that the earlier spec did not have any more. The rules give those that are not listed.
pub(super) fn names_of_entry(entry: &FrozenMethod) -> Option<MethodNames> {
    let word = last_word(&entry.method);
    let names = |frozen: &FrozenName, by_rule: RustName| {
        Names::of(frozen.name.clone().unwrap_or_else(|| by_rule.to_string()), &frozen.aliases)
    };
    Some(MethodNames {
        function: names(&entry.function, names::function(word)?),
        request: names(&entry.request, names::type_name(&[word])?),
        error: names(&entry.error, names::type_name(&[word, "error"])?),
        has_kinds: false,
    })
}

/// Carries the entries of types that are gone, and gives those that are back the names that they had, if these are free.
pub(super) fn types(from: &Freeze<'_>, now: &Library, entries: &mut BTreeMap<MethodKey, FrozenMethod>) {
    let (before, after) = (TypeIndex::of(from.earlier), TypeIndex::of(now));
    let mut taken = reserved(now, entries);
    for (id, used) in &after.types {
        taken.extend(used.modules.iter().map(|module| (module.clone(), id.1.clone())));
    }
    for earlier in from.earlier_names.into_iter().flat_map(|names| &names.methods) {
        let key = method_key(earlier.api, &earlier.method);
        let Some(entry) = entries.get_mut(&key) else { continue };
        for frozen in &earlier.types {
            let version = frozen.gone.as_deref().unwrap_or(from.version);
            let place = (key.clone(), frozen.at.clone());
            match after.at(&place) {
                None if version == from.version => {
                    entry.types.push(FrozenType { gone: Some(version.to_owned()), ..frozen.clone() });
                }
                Some(id) if before.at(&place).is_none() => {
                    let is_free = |name: &String| {
                        names::frozen(name).is_some_and(|name| !taken.contains(&(id.0.clone(), name)))
                    };
                    let name = frozen.name.clone().filter(is_free);
                    // The name that the rules give is free if the type has another one.
                    let leaves = |alias: &String| name.is_some() && *alias == id.1.to_string();
                    let aliases = frozen.aliases.iter().filter(|alias| is_free(alias) || leaves(alias));
                    let aliases = aliases.cloned().collect();
                    let returned = FrozenType { name, aliases, gone: None, ..frozen.clone() };
                    if returned != (FrozenType { at: returned.at.clone(), ..FrozenType::default() }) {
                        entry.types.push(returned);
                    }
                }
                _ => {}
            }
        }
    }
    for entry in entries.values_mut() {
        entry.types.sort_by(|one, other| one.at.cmp(&other.at));
        entry.types.dedup_by(|one, other| one.at == other.at);
    }
}
