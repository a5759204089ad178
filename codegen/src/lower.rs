//! From descriptors to the model: every decision about names and types in Rust is made here.
//!
//! | what is decided | where |
//! |---|---|
//! | the Rust type of a parameter or a result field | `rust_types` |
//! | the Rust name of anything | `names`; the words of a type's name `schema_path` |
//! | which parameters the constructor takes, and which are setters | `request` |
//! | the variants of an error enumeration | `errors` |
//! | which methods of a module have the same errors | `errors` |
//! | which types of several modules are one | `hoist` |
//! | what the rows of a list are | `rows` |
//! | which types of a module are one, what its entity is, and what they are called | `entities` |
//! | the module of a method | here |

mod entities;
mod errors;
mod field_docs;
mod hoist;
mod names;
mod request;
mod rows;
mod rust_types;
mod schema_path;

use std::collections::HashMap;

use crate::descriptor::{Api, Deprecated, Descriptor, Pointer, Spec, SpecFile, SystemDescriptor};
use crate::diagnostic::Diagnostic;
use crate::model::{Direction, Library, Method, Module, ModulePath, RustName, System};
use rust_types::TypeBuilder;
use schema_path::SchemaPath;

/// Decides how the API will look in Rust.
///
/// # Errors
/// Names that Rust cannot tell apart or cannot spell, each at its place in the descriptor.
pub fn lower(spec: &Spec) -> Result<Library, Vec<Diagnostic>> {
    let mut library = Library::default();
    let mut problems = Vec::new();
    let mut names = NameTable::default();
    for file in &spec.methods {
        let mut lowering = Lowering { file, problems: Vec::new() };
        if let Some((path, method)) = lowering.lower_method() {
            names.claim(&path, &method, file, &mut lowering.problems);
            library.modules.entry(path).or_insert_with(Module::default).methods.push(method);
        }
        problems.extend(lowering.problems);
    }
    for (path, module) in &mut library.modules {
        errors::dedup(module);
        entities::merge(path, module);
        rows::assign_row_types(module);
    }
    hoist::hoist_shared(&mut library);
    if let Some(file) = &spec.system {
        let mut lowering = Lowering { file, problems: Vec::new() };
        library.system = lowering.lower_system();
        problems.extend(lowering.problems);
    }
    if problems.is_empty() { Ok(library) } else { Err(problems) }
}

/// One file on its way into the model, and what is wrong with it.
struct Lowering<'a, T> {
    file: &'a SpecFile<T>,
    problems: Vec<Diagnostic>,
}

impl<T> Lowering<'_, T> {
    fn report_key(&mut self, at: &Pointer, message: impl Into<String>, expected: impl Into<String>) {
        self.problems.push(self.file.at_key(Diagnostic::error(message).expecting(expected), at));
    }

    fn report_value(&mut self, at: &Pointer, message: impl Into<String>, expected: impl Into<String>) {
        self.problems.push(self.file.at_value(Diagnostic::error(message).expecting(expected), at));
    }
}

impl Lowering<'_, Descriptor> {
    /// The method, and the module it goes to. `None` where its name has no form in Rust.
    fn lower_method(&mut self) -> Option<(ModulePath, Method)> {
        let descriptor = &self.file.content;
        let (path, function) = self.resolve_path()?;
        let word = descriptor.method.rsplit('.').next().unwrap_or(&descriptor.method);
        let error = errors::lower(self, word)?;
        let mut types = TypeBuilder::new(self);
        let request = request::lower(&mut types, descriptor, word)?;
        let output = types.lower_result(&descriptor.returns, word);
        let types = types.declared;
        let deprecated = match &descriptor.deprecated {
            Deprecated::Flag(false) => None,
            Deprecated::Flag(true) => Some(Vec::new()),
            Deprecated::Replaced(replacement) => Some(replacement.replaced_by.clone()),
        };
        let method = Method {
            wire: descriptor.method.clone(),
            api: descriptor.api,
            source: self.file.source.path.clone(),
            page: descriptor.page.clone(),
            summary: descriptor.summary.clone(),
            scopes: descriptor.scope.clone(),
            deprecated,
            positional: descriptor.positional,
            context: descriptor.context,
            pagination: descriptor.pagination,
            page_at: descriptor.page_at.clone(),
            rows: descriptor.rows.clone(),
            keyset: descriptor.keyset.clone(),
            changes: descriptor.changes,
            row: None,
            function,
            request,
            output,
            error,
            types,
        };
        Some((path, method))
    }

    /// The module and the function. A method's path in the documentation is its path in Rust; a name of one word goes to
    /// `basic`, REST 3 below `v3`.
    fn resolve_path(&mut self) -> Option<(ModulePath, RustName)> {
        let descriptor = &self.file.content;
        let named = || {
            let mut words: Vec<RustName> =
                descriptor.method.split('.').map(names::function).collect::<Option<_>>()?;
            let function = words.pop()?;
            if words.is_empty() {
                words.push(names::function("basic")?);
            }
            if descriptor.api == Api::V3 {
                words.insert(0, names::function("v3")?);
            }
            Some((ModulePath(words), function))
        };
        let path = named();
        if path.is_none() {
            let message = format!("the method {} has no name in Rust", descriptor.method);
            self.report_value(
                &Pointer::default().key("method"),
                message,
                "words that hold a letter or a digit",
            );
        }
        path
    }
}

impl Lowering<'_, SystemDescriptor> {
    fn lower_system(&mut self) -> System {
        let errors = errors::lower_system(self);
        let time = &self.file.content.time;
        let path = SchemaPath::root("time", time, Pointer::default().key("time"), Direction::Response);
        let time = TypeBuilder::new(self).lower_fields(time, &path);
        System { errors, time }
    }
}

/// The names that are taken in each module, and by whom.
#[derive(Default)]
struct NameTable(HashMap<(ModulePath, RustName), String>);

impl NameTable {
    /// Notes the function and the types of a method, and reports the first that another method has taken.
    fn claim(
        &mut self,
        path: &ModulePath,
        method: &Method,
        file: &SpecFile<Descriptor>,
        problems: &mut Vec<Diagnostic>,
    ) {
        let types = method.types.iter().map(crate::model::TypeItem::name);
        let mut clash = None;
        for name in [&method.function, &method.request.name, &method.error.name].into_iter().chain(types) {
            if let Some(other) = self.0.insert((path.clone(), name.clone()), method.wire.clone()) {
                clash.get_or_insert((name, other));
            }
        }
        if let Some((name, other)) = clash {
            let message = if other == method.wire {
                format!("`{name}` would be the name of two things of {other}")
            } else {
                format!("`{name}` would be both in {other} and in {}", method.wire)
            };
            let expected = "names that differ in Rust: spell the method otherwise or rename one of its parts";
            let diagnostic = Diagnostic::error(message).expecting(expected);
            problems.push(file.at_value(diagnostic, &Pointer::default().key("method")));
        }
    }
}
