//! Names that stay although a page changed what they follow from.
//!
//! `spec/names.yaml` has the exceptions. `draw` writes them at an import, from the library of the earlier spec and the new
//! spec. The names of modules, functions, requests, errors and parameters are looked up here while a method is lowered, since other
//! names and links follow from them. `apply` changes the names of types and adds aliases when the library is complete.
//! `index` knows where each type is used.

pub(super) mod apply;
pub(super) mod draw;
mod gone;
mod index;
mod items;
mod settle;
mod types;

use std::cmp::Reverse;
use std::collections::HashMap;

use super::names;
use crate::descriptor::{
    Api, Descriptor, FrozenMethod, FrozenModule, FrozenNames, MethodKey, Pointer, Spec, SpecFile,
    message_key, method_key,
};
use crate::diagnostic::Diagnostic;
use crate::model::{Library, RustName};

/// What a freeze starts from.
pub struct Freeze<'a> {
    /// The library of the earlier spec, with its frozen names.
    pub earlier: &'a Library,
    /// The frozen names of the earlier spec.
    pub earlier_names: Option<&'a FrozenNames>,
    /// The version of the crate. What is gone goes with the next one.
    pub version: &'a str,
}

/// The frozen names, for looking up.
#[derive(Default)]
pub(super) struct NameBook<'a> {
    modules: HashMap<MethodKey, &'a FrozenModule>,
    methods: HashMap<MethodKey, &'a FrozenMethod>,
    /// The names of modules that follow from the descriptors.
    spellings: HashMap<MethodKey, RustName>,
    file: Option<&'a SpecFile<FrozenNames>>,
}

impl<'a> NameBook<'a> {
    /// Reads the names of a spec. Reports frozen ones that are no identifiers.
    pub(super) fn of(spec: &'a Spec, problems: &mut Vec<Diagnostic>) -> Self {
        let spellings = spellings(spec);
        let Some(file) = &spec.names else { return Self { spellings, ..Self::default() } };
        let FrozenNames { modules, methods } = &file.content;
        for (index, method) in methods.iter().enumerate() {
            let wrong = all_names(method).into_iter().find(|name| parse(name).is_none());
            if let Some(wrong) = wrong {
                let at = Pointer::default().key("methods").index(index).key("method");
                let message = format!("`{wrong}` is no name in Rust");
                problems.push(file.at_value(Diagnostic::error(message).expecting("an identifier"), &at));
            }
        }
        let modules = modules.iter().map(|module| (method_key(module.api, &module.module), module)).collect();
        let methods = methods.iter().map(|method| (method_key(method.api, &method.method), method)).collect();
        Self { modules, methods, spellings, file: Some(file) }
    }

    /// The frozen names of a method.
    pub(super) fn method(&self, api: Api, method: &str) -> Option<&'a FrozenMethod> {
        self.methods.get(&method_key(api, method)).copied()
    }

    /// The name of the module of the first words of a method: the frozen one, or the one that follows from all methods.
    pub(super) fn module(&self, api: Api, method: &str, words: usize) -> Option<RustName> {
        let key = method_key(api, &method.split('.').take(words).collect::<Vec<_>>().join("."));
        let frozen = self.modules.get(&key).and_then(|module| names::frozen(module.name.as_deref()?));
        frozen.or_else(|| self.spellings.get(&key).cloned())
    }
}

/// The names of modules. Pages spell the words of method names in different cases; all spellings are one module, whose name is the
/// one with the most words.
fn spellings(spec: &Spec) -> HashMap<MethodKey, RustName> {
    let words = |name: &RustName| (name.as_str().split('_').count(), Reverse(name.clone()));
    let mut best: HashMap<MethodKey, RustName> = HashMap::new();
    for Descriptor { api, method, .. } in spec.methods.iter().map(|file| &file.content) {
        let parts: Vec<&str> = method.split('.').collect();
        for index in 0..parts.len().saturating_sub(1) {
            let Some(name) = names::function(parts[index]) else { continue };
            let known =
                best.entry(method_key(*api, &parts[..=index].join("."))).or_insert_with(|| name.clone());
            if words(&name) > words(known) {
                *known = name;
            }
        }
    }
    best
}

/// The frozen name of an error.
pub(super) fn error_name(frozen: &FrozenMethod, code: &str, message: Option<&str>) -> Option<RustName> {
    let message = message.map(message_key);
    let mut errors = frozen.errors.iter();
    let found = errors.find(|error| {
        error.code.eq_ignore_ascii_case(code) && error.message.as_deref().map(message_key) == message
    })?;
    names::frozen(&found.name)
}

/// A name with the path of its module, if it has one.
fn parse(name: &str) -> Option<(Vec<RustName>, RustName)> {
    let mut words: Vec<RustName> = name.split("::").map(names::frozen).collect::<Option<_>>()?;
    let name = words.pop()?;
    Some((words, name))
}

fn all_names(method: &FrozenMethod) -> Vec<&str> {
    let FrozenMethod { function, request, error, errors, params, types, .. } = method;
    let items = [function, request, error].into_iter().flat_map(|item| item.name.iter().chain(&item.aliases));
    let of_types = types.iter().flat_map(|item| {
        item.name.iter().chain(&item.aliases).chain(item.fields.values()).chain(item.values.values())
    });
    let errors = errors.iter().map(|error| &error.name);
    items.chain(errors).chain(params.values()).chain(of_types).map(String::as_str).collect()
}

/// The letters and digits of a name, without case. Two spellings of a name have the same.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
