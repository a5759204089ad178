//! Writes `names.yaml`: what of the earlier library the new spec alone does not give.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::items;
use super::names;
use super::settle::{Names, settle};
use crate::descriptor::{
    Api, FrozenMethod, FrozenModule, FrozenName, FrozenNames, MethodKey, Spec, SpecFile, method_key,
};
use crate::diagnostic::{Diagnostic, SourceText};
use crate::model::{Library, Method, Module, ModulePath, RustName};

/// What [`freeze`] needs.
pub struct Freeze<'a> {
    /// The library of the earlier spec, with its frozen names.
    pub earlier: &'a Library,
    /// The frozen names of the earlier spec.
    pub earlier_names: Option<&'a FrozenNames>,
    /// The version of the crate. What is gone goes with the next one.
    pub version: &'a str,
}

/// The methods of a library, each with its module.
pub(super) type Methods<'a> = HashMap<MethodKey, (&'a ModulePath, &'a Module, &'a Method)>;

/// Freezes the names of an earlier library for a new spec. The result is the content of `names.yaml`; [`Spec::names`] has it too.
///
/// # Errors
/// Those of [`lower`](super::super::lower) on the new spec.
pub fn freeze(from: &Freeze<'_>, spec: &mut Spec) -> Result<FrozenNames, Vec<Diagnostic>> {
    let methods = methods_of(from.earlier);
    let modules = modules(from, &methods, spec);
    let mut entries: BTreeMap<MethodKey, FrozenMethod> = BTreeMap::new();
    for file in &spec.methods {
        let key = method_key(file.content.api, &file.content.method);
        if let Some((_, module, earlier)) = methods.get(&key) {
            let entry = items::of_method(module, earlier, &file.content.method);
            entries.insert(key, entry);
        }
    }
    put(spec, &modules, &entries);
    // Types have the names that the rules give here, below the frozen modules and functions.
    let now = super::super::lower(spec)?;
    items::errors_and_params(&methods, &now, &mut entries);
    items::types(from.earlier, &now, &mut entries);
    for gone in from.earlier_names.into_iter().flat_map(|names| &names.methods) {
        let key = method_key(gone.api, &gone.method);
        let version = gone.gone.as_deref().unwrap_or(from.version);
        if !entries.contains_key(&key) && version == from.version {
            entries.insert(key, FrozenMethod { gone: Some(version.to_owned()), ..gone.clone() });
        }
    }
    Ok(put(spec, &modules, &entries))
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

/// Freezes the names of modules. All spellings of the words of a method name are one module.
fn modules(from: &Freeze<'_>, methods: &Methods<'_>, spec: &Spec) -> Vec<FrozenModule> {
    let mut now: BTreeMap<MethodKey, BTreeSet<RustName>> = BTreeMap::new();
    for file in &spec.methods {
        for (prefix, word) in prefixes(&file.content.method) {
            let spelled = now.entry(method_key(file.content.api, &prefix)).or_default();
            spelled.extend(names::function(word));
        }
    }
    let mut frozen = Vec::new();
    for ((api, module), earlier) in earlier_modules(from.earlier, methods) {
        let Some(now) = now.get(&(api, module.clone())) else { continue };
        let FrozenName { name, aliases } = settle_all(&earlier, now);
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

/// The words before the last one of a method name, each with all up to it.
fn prefixes(method: &str) -> impl Iterator<Item = (String, &str)> {
    let words: Vec<&str> = method.split('.').collect();
    let above = words.len().saturating_sub(1);
    (0..above).map(move |index| (words[..=index].join("."), words[index]))
}

/// The names of the modules of the earlier library.
fn earlier_modules(library: &Library, methods: &Methods<'_>) -> BTreeMap<MethodKey, Names> {
    let mut earlier: BTreeMap<MethodKey, BTreeSet<String>> = BTreeMap::new();
    for ((api, wire), (path, ..)) in methods {
        let above = usize::from(*api == Api::V3);
        for (index, (prefix, _)) in prefixes(wire).enumerate() {
            let Some(own) = path.0.get(..=above + index) else { continue };
            let Some((name, parent)) = own.split_last() else { continue };
            let own = ModulePath(own.to_vec());
            let aliases = library.module_aliases.iter().filter(|(alias, target)| {
                **target == own && alias.0.split_last().is_some_and(|(_, above)| above == parent)
            });
            let aliases = aliases.filter_map(|(alias, _)| alias.0.last());
            let names = earlier.entry((*api, prefix)).or_insert_with(BTreeSet::new);
            names.extend([name].into_iter().chain(aliases).map(ToString::to_string));
        }
    }
    // Two spellings in one spec were two modules.
    earlier.into_iter().map(|(key, names)| (key, best_of(names))).collect()
}

/// Names of one module: the one with the most words, and the others as its aliases.
fn best_of(names: BTreeSet<String>) -> Names {
    let words = |name: &&String| (name.split('_').count(), std::cmp::Reverse((*name).clone()));
    let best = names.iter().max_by_key(words).cloned().unwrap_or_default();
    let aliases: Vec<&String> = names.iter().filter(|name| **name != best).collect();
    Names::of(&best, aliases)
}

/// The name of a module with several spellings.
fn settle_all(earlier: &Names, now: &BTreeSet<RustName>) -> FrozenName {
    let settled: Vec<(&RustName, FrozenName)> =
        now.iter().map(|now| (now, settle(earlier, now.as_str()))).collect();
    let better = settled.iter().find(|(now, settled)| settled.name.is_none() && now.as_str() != earlier.name);
    let Some((now_used, settled)) = better.or_else(|| settled.first()) else { return FrozenName::default() };
    let used = settled.name.clone().unwrap_or_else(|| now_used.to_string());
    let follows = now.len() == 1 && now.first().is_some_and(|only| only.as_str() == used);
    FrozenName { name: (!follows).then_some(used), aliases: settled.aliases.clone() }
}
