//! From the model to Rust: one emitter for each kind of item.
//!
//! | item | module |
//! |---|---|
//! | the crate root and the module tree | `library` |
//! | one file with all modules, for another crate | `single_file` |
//! | the function that builds a request | `function` |
//! | examples of calls | `examples` |
//! | earlier names of functions, types and modules | `aliases` |
//! | the request, its setters, its implementation of `Method` | `request` |
//! | objects with known fields | `structs` |
//! | open enumerations of documented values | `enums` |
//! | the fields and values of all of these as tables | `tables` |
//! | the kinds of an entity | `kinds` |
//! | the errors of a method | `errors` |
//! | the rate limit of a method | `rate_limit` |
//! | the payload of an event, and the enumeration over all events | `events` |
//! | a placement, and the enumeration of all codes | `placements` |
//! | the requests to a registered address | `handlers` |
//! | the declaration of both enumerations | `open_enum` |
//! | what all methods share | `system`; the limits: `limits` |
//! | the table in which `cargo conform` looks up the types of a method | `conformance` |
//! | types and the arguments of setters | `types`; types that are not generated: `path` |
//! | the documentation of all items | `docs` |
//!
//! The rustdoc of each emitter shows its output. Emitters build token streams, never strings.

mod aliases;
mod conformance;
mod docs;
mod enums;
mod errors;
mod events;
mod examples;
mod file;
mod function;
mod handlers;
mod kinds;
mod library;
mod limits;
mod open_enum;
mod path;
mod placements;
mod put;
mod rate_limit;
mod request;
mod single_file;
mod structs;
mod system;
mod tables;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use library::ModuleTree;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

pub(crate) use file::GENERATED_MARKER;
pub use path::parse_path;
pub use single_file::emit_single_file;

use crate::model::{Library, Method, Module, ModulePath, RustName, TypeItem};
use crate::parallel;

/// Parts of the emitters for programs that emit other code from the same model. The compile benchmark is one.
pub mod parts {
    pub use super::docs::{code as format_code_span, field as emit_field_doc, lines as emit_doc_comment};
    pub use super::enums::integer as emit_integer;
    pub use super::errors::declaration as emit_error_enum;
    pub use super::file::print as print_file;
    pub use super::library::{ModuleTree, imports as emit_imports};
    pub use super::request::setters as emit_request_setters;
    pub use super::structs::setters as emit_struct_setters;
    pub use super::types::{emit as emit_type, emit_field_type};
    pub use super::{ident as emit_ident, module_file};

    /// Emits the function of a method, without an example.
    pub fn emit_function(method: &crate::model::Method) -> proc_macro2::TokenStream {
        super::function::emit(method, &[])
    }
}

/// The content of files by path, relative to their folder, with forward slashes.
pub type Files = BTreeMap<String, String>;

/// Emits the files of `generated/`.
pub fn emit_library(library: &Library) -> Files {
    let tree = ModuleTree::of(library);
    let paths: Vec<&ModulePath> = tree.paths().collect();
    let modules = parallel::map(paths, |path| (module_file(path), emit_module(library, &tree, path)));
    let mut files: Files = modules.into_iter().collect();
    files.insert(
        "lib.rs".to_owned(),
        library::root(&tree, aliases::modules(library, &ModulePath::default(), &tree)),
    );
    files
}

/// Emits the files of `core/generated/`.
pub fn emit_system(library: &Library) -> Files {
    Files::from([("system.rs".to_owned(), system::file(&library.system))])
}

/// Emits the files of `tools/conform/generated/`.
pub fn emit_conformance_table(library: &Library) -> Files {
    Files::from([("table.rs".to_owned(), conformance::file(library))])
}

/// Emits the files of `tests/generated/`: all examples of the documentation, to be compiled together.
pub fn emit_examples(library: &Library) -> Files {
    Files::from([("examples.rs".to_owned(), examples::program(library))])
}

/// Emits the file of a module: its submodules, then its methods.
fn emit_module(library: &Library, tree: &ModuleTree, path: &ModulePath) -> String {
    let empty = Module::default();
    let module = library.modules.get(path).unwrap_or(&empty);
    let of_methods = module.methods.iter().map(|method| method.source.as_str());
    let sources: Vec<&str> = of_methods
        .chain(module.events.iter().map(|event| event.source.as_str()))
        .chain(sent_sources(module))
        .collect();
    let origins = if sources.is_empty() { vec!["spec/"] } else { sources };
    let mut items = vec![docs::module(library, path, module)];
    items.extend(events::allowed(module));
    items.extend(tree.submodules(path));
    items.extend(aliases::modules(library, path, tree));
    if library::uses_core(path, module) {
        items.push(quote! { use bitrix24_core as b24; });
    }
    items.extend(path.is_events().then(events::reexport));
    items.extend(path.is_placements().then(placements::reexport));
    items.extend(path.is_handlers().then(handlers::reexport));
    items.extend(library::imports(path, module));
    let example = |method: &Method| examples::lines(library, path, module, method);
    items.extend(emit_module_items(module, &example, &|features| {
        // A method or an event is behind its features unless the module has the same ones.
        (*features != module.features()).then(|| library::gate(features.as_ref())).flatten()
    }));
    if path.is_events() {
        items.extend(events::root(library, &|features| library::gate(features.as_ref())));
    }
    if path.is_placements() {
        items.extend(placements::root(library));
    }
    items.extend(aliases::types(library, path, module));
    file::print(&origins, items)
}

/// The files of the placements and handlers of a module.
fn sent_sources(module: &Module) -> impl Iterator<Item = &str> {
    let placements = module.placements.iter().map(|placement| placement.source.as_str());
    placements.chain(module.handlers.iter().map(|handler| handler.source.as_str()))
}

/// The attribute with the features of an item.
type Gate<'a> = &'a dyn Fn(&Option<BTreeSet<String>>) -> Option<TokenStream>;

/// Emits the items of a module's methods and events. `example` has the lines of the example of a method, `gate` the attribute with
/// the features of an item.
fn emit_module_items(
    module: &Module,
    example: &dyn Fn(&Method) -> Vec<String>,
    gate: Gate<'_>,
) -> Vec<TokenStream> {
    let mut items = Vec::new();
    for method in &module.methods {
        let gate = gate(&method.features());
        let mut own = vec![function::emit(method, &example(method))];
        own.extend(aliases::functions(method));
        own.extend(request::emit(method));
        own.extend(method.types.iter().flat_map(|item| type_items(item, Use::Method)));
        own.extend(errors::emit(&method.error, &method.wire));
        items.extend(own.into_iter().map(|item| quote! { #gate #item }));
    }
    for event in &module.events {
        let gate = gate(&event.features());
        items.extend(events::payload(event).into_iter().map(|item| quote! { #gate #item }));
    }
    for placement in &module.placements {
        let gate = gate(&placement.features());
        items.extend(placements::emit(placement).into_iter().map(|item| quote! { #gate #item }));
    }
    for handler in &module.handlers {
        let gate = gate(&handler.features());
        items.extend(handlers::emit(handler).into_iter().map(|item| quote! { #gate #item }));
    }
    // A module with types only has those that the methods of several modules share.
    let is_sent = !(module.events.is_empty() && module.placements.is_empty() && module.handlers.is_empty());
    let of_module = if is_sent { Use::Sent } else { Use::Method };
    items.extend(module.types.iter().flat_map(|item| type_items(item, of_module)));
    items.extend(kinds::emit(module));
    items
}

/// What a type is a part of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// The request or the result of a method.
    Method,
    /// What a portal sends: it is read, and nothing else. Programs compile less code for it.
    Sent,
}

/// Emits a type that is neither a request nor an error.
fn type_items(item: &TypeItem, of: Use) -> Vec<TokenStream> {
    match item {
        TypeItem::Struct(item) => structs::emit(item, of),
        TypeItem::Enum(item) => enums::emit(item),
    }
}

/// The path of a module's file below the crate's source folder: `crm/deal.rs`.
pub fn module_file(path: &ModulePath) -> String {
    let words: Vec<&str> = path.0.iter().map(RustName::bare).collect();
    format!("{}.rs", words.join("/"))
}

/// The identifier of a name, raw if the name is a keyword.
pub fn ident(name: &RustName) -> Ident {
    match name.as_str().strip_prefix("r#") {
        Some(keyword) => Ident::new_raw(keyword, Span::call_site()),
        None => Ident::new(name.as_str(), Span::call_site()),
    }
}
