//! One file with all modules, which another crate includes.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs, emit_module_items, events, file, ident, library, path, placements, sent_sources};
use crate::emit::library::ModuleTree;
use crate::model::{Library, Module, ModulePath, RustPath};

/// Emits all modules as one file. `root` is the path of the crate `bitrix24`. There are no features: a crate has all of its own
/// methods.
///
/// ```text
/// #[allow(dead_code, …)]
/// pub mod zoo {
///     //! Modules of `zoo`.
///     pub mod animal {
///         //! Methods of `zoo.animal`.
///         use ::bitrix24 as b24;
///         …
///     }
/// }
/// ```
pub fn emit_single_file(library: &Library, root: &RustPath) -> String {
    let tree = ModuleTree::of(library);
    let nested = Nested { library, tree: &tree, root: path::emit(root) };
    let methods = library.modules.values().flat_map(|module| &module.methods);
    let events = library.events().map(|(_, _, event)| event.source.as_str());
    let mut sources: Vec<&str> = methods.map(|method| method.source.as_str()).chain(events).collect();
    sources.extend(library.modules.values().flat_map(sent_sources));
    sources.sort_unstable();
    file::print_by("bitrix24-codegen", &sources, nested.modules(&ModulePath::default()))
}

/// A library as nested modules.
struct Nested<'a> {
    library: &'a Library,
    tree: &'a ModuleTree,
    root: TokenStream,
}

impl Nested<'_> {
    /// Emits the modules directly below a path, with everything inside of them.
    fn modules(&self, path: &ModulePath) -> Vec<TokenStream> {
        self.tree.children(path).map(|(child, _)| self.module(child, path)).collect()
    }

    fn module(&self, path: &ModulePath, above: &ModulePath) -> TokenStream {
        let empty = Module::default();
        let module = self.library.modules.get(path).unwrap_or(&empty);
        let docs = docs::module(self.library, path, module);
        let root = &self.root;
        let alias = library::uses_core(path, module).then(|| quote! { use #root as b24; });
        let imports = library::imports(path, module);
        let mut items = emit_module_items(module, &|_| Vec::new(), &|_| None);
        if path.is_events() {
            items.extend(events::root(self.library, &|_| None));
        }
        if path.is_placements() {
            items.extend(placements::root(self.library));
        }
        let deprecated = events::allowed(module);
        let inner = self.modules(path);
        let name = path.0.last().map(ident);
        let repeated = library::same_name(path, above);
        let allowed = above.0.is_empty().then(allowed);
        quote! {
            #allowed
            #repeated
            pub mod #name {
                #docs
                #deprecated
                #alias
                #(#imports)*
                #(#items)*
                #(#inner)*
            }
        }
    }
}

/// The lints that a crate may deny for its own code. A method that a program does not call is no dead code.
fn allowed() -> TokenStream {
    quote! {
        #[allow(dead_code, unreachable_pub, unused_imports, clippy::all, clippy::nursery, clippy::pedantic)]
        #[rustfmt::skip]
    }
}
