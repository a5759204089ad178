//! Names that stay although a page changed what they follow from.
//!
//! `spec/names.yaml` has the exceptions. `draw` writes them at an import, from the library of the earlier spec and the new
//! spec. The names of modules, functions, requests, errors and parameters are looked up here while a method is lowered, since other
//! names and links follow from them. `apply` changes the names of types and adds aliases when the library is complete.
//! `index` knows where each type is used.

pub(super) mod apply;
pub(super) mod draw;
mod index;
mod items;
mod settle;
mod types;

use std::collections::HashMap;

use super::names;
use crate::descriptor::{
    Api, FrozenMethod, FrozenModule, FrozenNames, MethodKey, Pointer, SpecFile, message_key, method_key,
};
use crate::diagnostic::Diagnostic;
use crate::model::RustName;

/// The frozen names, for looking up.
#[derive(Default)]
pub(super) struct NameBook<'a> {
    modules: HashMap<MethodKey, &'a FrozenModule>,
    methods: HashMap<MethodKey, &'a FrozenMethod>,
    file: Option<&'a SpecFile<FrozenNames>>,
}

impl<'a> NameBook<'a> {
    /// Reads the file. Reports names that are no identifiers.
    pub(super) fn of(file: Option<&'a SpecFile<FrozenNames>>, problems: &mut Vec<Diagnostic>) -> Self {
        let Some(file) = file else { return Self::default() };
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
        Self { modules, methods, file: Some(file) }
    }

    /// The frozen names of a method.
    pub(super) fn method(&self, api: Api, method: &str) -> Option<&'a FrozenMethod> {
        self.methods.get(&method_key(api, method)).copied()
    }

    /// The frozen name of the module of the first words of a method.
    pub(super) fn module(&self, api: Api, method: &str, words: usize) -> Option<RustName> {
        let prefix = method.split('.').take(words).collect::<Vec<_>>().join(".");
        names::frozen(self.modules.get(&method_key(api, &prefix))?.name.as_deref()?)
    }
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
