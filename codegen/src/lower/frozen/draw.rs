//! Writes `names.yaml`: what of the earlier library the new spec alone does not give.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::Freeze;
use super::index::{Methods, TypeIndex};
use super::settle::{Names, settle};
use super::{gone, items, spellings};
use crate::descriptor::{
    Api, Descriptor, FrozenMethod, FrozenModule, FrozenName, FrozenNames, MethodKey, Spec, SpecFile,
    method_key,
};
use crate::diagnostic::{Diagnostic, SourceText};
use crate::model::{Library, ModulePath};

/// Freezes the names of an earlier library for a new spec. The result is the content of `names.yaml`; [`Spec::names`] has it too.
///
/// # Errors
/// Those of [`lower`](super::super::lower) on the new spec.
pub fn freeze(from: &Freeze<'_>, spec: &mut Spec) -> Result<FrozenNames, Vec<Diagnostic>> {
    let methods = methods_of(from.earlier);
    let modules = modules(from, &methods, spec);
    let mut absent = absent(from, &methods, spec);
    let mut entries: BTreeMap<MethodKey, FrozenMethod> = BTreeMap::new();
    for file in &spec.methods {
        let Descriptor { api, method, .. } = &file.content;
        let key = method_key(*api, method);
        let earlier = methods.get(&key).map(|(_, module, earlier)| items::names_of(module, earlier));
        let returned = absent.remove(&key);
        let earlier = earlier.or_else(|| gone::names_of_entry(&returned?));
        entries.extend(earlier.map(|earlier| (key, items::of_method(&earlier, *api, method))));
    }
    put(spec, &modules, &entries);
    // Types have the names that the rules give here, below the frozen modules and functions.
    let now = super::super::lower(spec)?;
    items::errors_and_params(&methods, &now, &mut entries);
    items::types(from.earlier, &now, &mut entries);
    gone::types(from, &now, &mut entries);
    entries.extend(absent);
    Ok(put(spec, &modules, &entries))
}

/// The entries of methods that are gone since this version, or that come back.
fn absent(from: &Freeze<'_>, methods: &Methods<'_>, spec: &Spec) -> BTreeMap<MethodKey, FrozenMethod> {
    let earlier = from.earlier_names.into_iter().flat_map(|names| &names.methods);
    let known = earlier.filter(|entry| entry.gone.as_deref() == Some(from.version));
    let mut gone: BTreeMap<MethodKey, FrozenMethod> =
        known.map(|entry| (method_key(entry.api, &entry.method), entry.clone())).collect();
    let described: HashSet<MethodKey> =
        spec.methods.iter().map(|file| method_key(file.content.api, &file.content.method)).collect();
    let index = TypeIndex::of(from.earlier);
    let vanished = methods.iter().filter(|(key, _)| !described.contains(*key));
    gone.extend(
        vanished
            .map(|(key, (_, module, method))| (key.clone(), gone::of_method(from, &index, module, method))),
    );
    gone
}

/// Puts frozen names into a spec.
fn put(
    spec: &mut Spec,
    modules: &[FrozenModule],
    entries: &BTreeMap<MethodKey, FrozenMethod>,
) -> FrozenNames {
    let methods = entries.values().filter(|entry| !entry.is_empty()).cloned().collect();
    let frozen = FrozenNames { modules: modules.to_vec(), methods };
    let source = SourceText::new("spec/names.yaml", "");
    spec.names = (frozen != FrozenNames::default()).then(|| SpecFile::new(source, frozen.clone()));
    frozen
}

fn methods_of(library: &Library) -> Methods<'_> {
    let methods = library.modules.iter().flat_map(|(path, module)| {
        let methods = module.methods.iter();
        methods.map(move |method| (method_key(method.api, &method.wire), (path, module, method)))
    });
    methods.collect()
}

/// Freezes the names of modules.
fn modules(from: &Freeze<'_>, methods: &Methods<'_>, spec: &Spec) -> Vec<FrozenModule> {
    let now = spellings(spec);
    let mut frozen = Vec::new();
    for ((api, module), earlier) in earlier_modules(from.earlier, methods) {
        let Some(now) = now.get(&(api, module.clone())) else { continue };
        let FrozenName { name, aliases } = settle(&earlier, now.as_str());
        if name.is_some() || !aliases.is_empty() {
            frozen.push(FrozenModule { module, api, name, aliases, gone: None });
        }
    }
    for gone in from.earlier_names.into_iter().flat_map(|names| &names.modules) {
        let version = gone.gone.as_deref().unwrap_or(from.version);
        if version == from.version && !now.contains_key(&method_key(gone.api, &gone.module)) {
            frozen.push(FrozenModule { gone: Some(version.to_owned()), ..gone.clone() });
        }
    }
    frozen.sort_by(|one, other| (one.api, &one.module).cmp(&(other.api, &other.module)));
    frozen
}

/// The names of the modules of the earlier library.
fn earlier_modules(library: &Library, methods: &Methods<'_>) -> BTreeMap<MethodKey, Names> {
    let mut earlier: BTreeMap<MethodKey, BTreeSet<String>> = BTreeMap::new();
    for ((api, wire), (path, ..)) in methods {
        let above = usize::from(*api == Api::V3);
        let words: Vec<&str> = wire.split('.').collect();
        for index in 0..words.len().saturating_sub(1) {
            let prefix = words[..=index].join(".");
            let Some(own) = path.0.get(..=above + index) else { continue };
            let Some((name, parent)) = own.split_last() else { continue };
            let own = ModulePath(own.to_vec());
            let aliases = library.module_aliases.iter().filter(|(alias, target)| {
                **target == own && alias.0.split_last().is_some_and(|(_, above)| above == parent)
            });
            let aliases = aliases.filter_map(|(alias, _)| alias.0.last());
            let names = earlier.entry((*api, prefix)).or_default();
            names.extend([name].into_iter().chain(aliases).map(ToString::to_string));
        }
    }
    earlier.into_iter().map(|(key, names)| (key, best_of(names))).collect()
}

/// Names of one module: the one with the most words, and the others as its aliases.
fn best_of(names: BTreeSet<String>) -> Names {
    let words = |name: &&String| (name.split('_').count(), std::cmp::Reverse((*name).clone()));
    let best = names.iter().max_by_key(words).cloned().unwrap_or_default();
    let aliases: Vec<&String> = names.iter().filter(|name| **name != best).collect();
    Names::of(&best, aliases)
}
