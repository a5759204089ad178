//! Lowers descriptors to the model. Every decision about names and types in Rust is made here.
//!
//! | decision | module |
//! |---|---|
//! | the Rust type of a parameter or a result field | `rust_types` |
//! | Rust names | `names`; the words inside of a word: `words`; the words of type names: `schema_path` |
//! | which parameters are arguments of the constructor, and which have setters | `request` |
//! | the variants of an error enumeration | `errors`; their names: `error_names` |
//! | which methods of a module share an error enumeration | `errors` |
//! | which types several modules share | `hoist` |
//! | the row type of a list | `rows` |
//! | the kinds of an entity | `kinds` |
//! | which types of a module are merged, its entity type, and their names | `entities` |
//! | the names of plans | `limits` |
//! | which entities have a type that is not generated | `entity_types` |
//! | the module of a method | this file |
//! | names that stay although a page changed | `frozen` |
//! | events: their modules, names and payloads | `events` |
//! | placements and their types | `placements` |
//! | requests to registered addresses | `handlers` |
//! | equal objects in events and handlers | `equal_parts` |

mod entities;
mod entity_types;
mod equal_parts;
mod error_names;
mod errors;
mod events;
mod field_docs;
mod frozen;
mod handlers;
mod hoist;
mod kinds;
mod limits;
mod map;
mod names;
mod nouns;
mod placements;
mod request;
mod rows;
mod rust_types;
mod schema_path;
mod variants;
mod words;

use std::collections::HashMap;

use crate::descriptor::{Api, Deprecated, Descriptor, Pointer, Spec, SpecFile, SystemDescriptor};
use crate::diagnostic::Diagnostic;
use crate::model::{Direction, Library, Method, MethodTexts, Module, ModulePath, RustName, System, TypeRef};
use entity_types::EntityTypes;
pub use entity_types::ExternalTypes;
pub use frozen::Freeze;
use frozen::NameBook;
pub use frozen::draw::freeze;
use rust_types::TypeBuilder;
use schema_path::SchemaPath;
pub use words::{name_words, undivided};

/// Lowers a spec to the model of the generated crate.
///
/// # Errors
/// Names that have no form in Rust or collide there, each with its location in the descriptor.
pub fn lower(spec: &Spec) -> Result<Library, Vec<Diagnostic>> {
    lower_with(spec, &ExternalTypes::default())
}

/// Lowers a spec as [`lower`] does. Results that are one of the external entities have its type.
///
/// # Errors
/// As [`lower`].
pub fn lower_with(spec: &Spec, external: &ExternalTypes) -> Result<Library, Vec<Diagnostic>> {
    let entities = EntityTypes::of(spec, external);
    let mut library = Library::default();
    let mut problems = Vec::new();
    let mut names = NameTable::default();
    let book = NameBook::of(spec, &mut problems);
    for file in &spec.methods {
        let mut lowering = Lowering { file, names: &book, entities: &entities, problems: Vec::new() };
        if let Some((path, mut method)) = lowering.lower_method() {
            let kinds = kinds::entity_of(spec, &file.content)
                .and_then(|entity| kinds::lower(&mut lowering, spec, entity));
            let (kinds, types) = kinds.unzip();
            method.types.extend(types.into_iter().flatten());
            names.claim(&path, &method, file, &mut lowering.problems);
            let module = library.modules.entry(path).or_insert_with(Module::default);
            module.kinds = module.kinds.take().or(kinds);
            module.methods.push(method);
        }
        problems.extend(lowering.problems);
    }
    if !problems.is_empty() {
        // The merges below rely on unique names.
        return Err(problems);
    }
    for (path, module) in &mut library.modules {
        errors::dedup(module);
        entities::merge(path, module);
        rows::assign_row_types(module);
        kinds::make_results_generic(module);
    }
    hoist::hoist_shared(&mut library);
    frozen::apply::apply(&mut library, &book, &mut problems);
    events::lower(spec, &book, &entities, &mut library, &mut problems);
    placements::lower(spec, &book, &entities, &mut library, &mut problems);
    handlers::lower(spec, &book, &entities, &mut library, &mut problems);
    if let Some(file) = &spec.system {
        let mut lowering = Lowering { file, names: &book, entities: &entities, problems: Vec::new() };
        library.system = lowering.lower_system();
        problems.extend(lowering.problems);
    }
    if problems.is_empty() { Ok(library) } else { Err(problems) }
}

/// The lowering of one file, with its diagnostics.
struct Lowering<'a, T> {
    file: &'a SpecFile<T>,
    /// The frozen names.
    names: &'a NameBook<'a>,
    /// The types of entities that are not generated.
    entities: &'a EntityTypes<'a>,
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
    /// Lowers the method. Returns it with its module; `None` if the name has no form in Rust.
    fn lower_method(&mut self) -> Option<(ModulePath, Method)> {
        let descriptor = &self.file.content;
        let (path, function) = self.resolve_path()?;
        let word = descriptor.method.rsplit('.').next().unwrap_or(&descriptor.method);
        let error = errors::lower(self, word)?;
        let api = descriptor.api;
        let mut types = TypeBuilder::new(self, api);
        let request = request::lower(&mut types, descriptor, word)?;
        let output = types.lower_result(&descriptor.returns, word);
        let types = types.declared;
        let deprecated = replacements(&descriptor.deprecated);
        let method = Method {
            wire: descriptor.method.clone(),
            api: descriptor.api,
            source: self.file.source.path.clone(),
            page: descriptor.page.clone(),
            summary: descriptor.summary.clone(),
            texts: MethodTexts::default(),
            scopes: descriptor.scope.clone(),
            deprecated,
            undocumented: descriptor.undocumented.clone(),
            positional: descriptor.positional,
            context: descriptor.context,
            pagination: descriptor.pagination,
            page_at: descriptor.page_at.clone(),
            rows: descriptor.rows.clone(),
            keyset: descriptor.keyset.clone(),
            changes: descriptor.changes,
            rate_limit: descriptor.rate_limit(),
            row: None,
            function,
            function_aliases: Vec::new(),
            request,
            output,
            error,
            types,
        };
        Some((path, method))
    }

    /// The module and the function. The words of the method name are the path in Rust. Methods with names of one word go to
    /// `basic`, methods of REST 3 below `v3`.
    fn resolve_path(&mut self) -> Option<(ModulePath, RustName)> {
        let descriptor = &self.file.content;
        let frozen = self.names.method(descriptor.api, &descriptor.method);
        let named = || {
            let mut words: Vec<RustName> =
                descriptor.method.split('.').map(names::function).collect::<Option<_>>()?;
            let mut function = words.pop()?;
            for (index, word) in words.iter_mut().enumerate() {
                if let Some(frozen) = self.names.module(descriptor.api, &descriptor.method, index + 1) {
                    *word = frozen;
                }
            }
            if let Some(frozen) = frozen.and_then(|frozen| frozen.function.name.as_deref()) {
                function = names::frozen(frozen)?;
            }
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
            self.report_value(&Pointer::default().key("method"), message, "words with a letter or a digit");
        }
        path
    }
}

/// The replacements of what is deprecated. `None`: it is not.
fn replacements(deprecated: &Deprecated) -> Option<Vec<String>> {
    match deprecated {
        Deprecated::Flag(false) => None,
        Deprecated::Flag(true) => Some(Vec::new()),
        Deprecated::Replaced(replacement) => Some(replacement.replaced_by.clone()),
    }
}

impl Lowering<'_, SystemDescriptor> {
    fn lower_system(&mut self) -> System {
        let errors = errors::lower_system(self);
        let time = &self.file.content.time;
        let path = SchemaPath::root("time", time, Pointer::default().key("time"), Direction::Response);
        let mut time = TypeBuilder::new(self, Api::V2).lower_fields(time, &path);
        for field in time.iter_mut().filter(|field| field.ty == TypeRef::Number) {
            field.ty = TypeRef::Float;
        }
        System { errors, time, limits: limits::lower(self) }
    }
}

/// The names that each module uses, with the method that uses them.
#[derive(Default)]
struct NameTable(HashMap<(ModulePath, RustName), String>);

impl NameTable {
    /// Claims the names of a method, and reports the first that is used already.
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
                format!("{other} would have two items with the name `{name}`")
            } else {
                format!("{other} and {} would both have an item with the name `{name}`", method.wire)
            };
            let expected =
                "names that differ in Rust: change the spelling of the method or rename one of its parts";
            let diagnostic = Diagnostic::error(message).expecting(expected);
            problems.push(file.at_value(diagnostic, &Pointer::default().key("method")));
        }
    }
}
