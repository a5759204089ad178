//! The crate root, the module tree and its features.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::{file, ident};
use crate::model::{Import, Library, Module, ModulePath, union_features};

/// The file `generated/lib.rs`: the README as documentation, the items of core and client, the modules and their aliases.
pub(super) fn root(tree: &ModuleTree, aliases: Vec<TokenStream>) -> String {
    let mut items = vec![
        quote! { #![doc = include_str!("../README.md")] },
        quote! { #![cfg_attr(docsrs, feature(doc_cfg))] },
        // Words name methods of other scopes, whose functions are behind features.
        quote! { #![cfg_attr(not(feature = "full"), allow(rustdoc::broken_intra_doc_links))] },
        quote! {
            #[rustfmt::skip]
            pub use bitrix24_core::{
                AnyError, Api, Caller, CustomFields, DocumentedError, Error, ErrorCode, ErrorFacts, ErrorKind, Executed, Failure, File,
                HasKeyset, InvalidField, Keyset, KeysetSupport, ListMethod, Map, Method, MethodInfo, NoKeyset,
                Pagination, Params, RawErrorCode, RawRequest, RawResponse,
                Required, RequiredAuth, Response, SystemError, Time, Typed, Value, batch, filter, include_methods, json,
                lenient, oauth, parse_response, php, rate_limit, raw, redirect, retry, wire,
            };
        },
        quote! {
            #[doc(hidden)]
            #[rustfmt::skip]
            pub use bitrix24_core::tables;
        },
        quote! {
            #[cfg(feature = "client")]
            #[doc(inline)]
            #[rustfmt::skip]
            pub use bitrix24_client::*;
        },
    ];
    items.extend(tree.submodules(&ModulePath::default()));
    items.extend(aliases);
    file::print(&["spec/"], items)
}

/// The modules that have a file, each with the features that enable it or a module below it.
#[derive(Debug)]
pub struct ModuleTree(BTreeMap<ModulePath, Option<BTreeSet<String>>>);

impl ModuleTree {
    /// Builds the tree of the modules with methods and the modules above them.
    pub fn of(library: &Library) -> Self {
        let mut tree: BTreeMap<ModulePath, Option<BTreeSet<String>>> = BTreeMap::new();
        for (path, module) in &library.modules {
            for length in 0..=path.0.len() {
                let above = tree
                    .entry(ModulePath(path.0[..length].to_vec()))
                    .or_insert_with(|| Some(BTreeSet::new()));
                *above = union_features([above.take(), module.features()]);
            }
        }
        Self(tree)
    }

    /// The paths of all modules except the crate root.
    pub fn paths(&self) -> impl Iterator<Item = &ModulePath> {
        self.0.keys().filter(|path| !path.0.is_empty())
    }

    /// The gate of a module directly below a path: its features, unless the module above has the same ones.
    pub(super) fn gate_below(&self, path: &ModulePath, child: &ModulePath) -> Option<TokenStream> {
        let features = self.0.get(child)?;
        (path.0.is_empty() || Some(features) != self.0.get(path)).then(|| gate(features.as_ref()))?
    }

    /// Emits the modules directly below a path, each behind its features unless the module above has the same ones.
    ///
    /// ```text
    /// #[cfg(any(feature = "imbot", feature = "imopenlines"))]
    /// #[rustfmt::skip]
    /// pub mod imopenlines;
    /// ```
    ///
    /// `rustfmt::skip` keeps `cargo fmt` away from files that prettyplease has formatted.
    pub(super) fn submodules(&self, path: &ModulePath) -> Vec<TokenStream> {
        let declare = |(child, _): (&ModulePath, &Option<BTreeSet<String>>)| {
            let gate = self.gate_below(path, child);
            let skip = path.0.is_empty().then(|| quote! { #[rustfmt::skip] });
            let name = child.0.last().map(ident);
            let allowed = same_name(child, path);
            quote! { #gate #skip #allowed pub mod #name; }
        };
        self.children(path).map(declare).collect()
    }

    /// The modules directly below a path, with their features.
    pub(super) fn children<'t>(
        &'t self,
        path: &'t ModulePath,
    ) -> impl Iterator<Item = (&'t ModulePath, &'t Option<BTreeSet<String>>)> {
        let below = self.0.range(path..).take_while(|(child, _)| child.is_within(path));
        below.filter(|(child, _)| child.0.len() == path.0.len() + 1)
    }
}

/// An attribute for a module with the name of the module above it.
pub(super) fn same_name(child: &ModulePath, above: &ModulePath) -> Option<TokenStream> {
    (child.0.last() == above.0.last()).then(|| {
        let reason = "the method names repeat the word";
        quote! { #[expect(clippy::module_inception, reason = #reason)] }
    })
}

/// Emits `#[cfg(feature = "crm")]`, or nothing if no feature is needed.
pub(super) fn gate(features: Option<&BTreeSet<String>>) -> Option<TokenStream> {
    let features: Vec<&String> = features?.iter().collect();
    match features.as_slice() {
        [] => None,
        [one] => Some(quote! { #[cfg(feature = #one)] }),
        many => Some(quote! { #[cfg(any(#(feature = #many),*))] }),
    }
}

/// The path from a module to another one, for an item there: `super::super::userfield::`, or nothing for the same module.
pub(super) fn relative(path: &ModulePath, to: &ModulePath) -> TokenStream {
    let common = path.0.iter().zip(&to.0).take_while(|(one, other)| one == other).count();
    let up = path.0[common..].iter().map(|_| quote! { super:: });
    let down = to.0[common..].iter().map(ident);
    quote! { #(#up)* #(#down::)* }
}

/// Whether the items of a module use the core.
pub(super) fn uses_core(path: &ModulePath, module: &Module) -> bool {
    let has_items = !module.methods.is_empty() || !module.events.is_empty() || !module.types.is_empty();
    let is_root = path.is_events() || path.is_placements();
    has_items || is_root || !module.placements.is_empty() || !module.handlers.is_empty()
}

/// Emits the imports of a module: `pub use super::super::userfield::Userfield;`
pub fn imports(path: &ModulePath, module: &Module) -> Vec<TokenStream> {
    let import = |import: &Import| {
        let (to, name) = (relative(path, &import.module), ident(&import.name));
        quote! { pub use #to #name; }
    };
    module.imports.iter().map(import).collect()
}
