//! The crate's root, the tree of modules, and the features that bring them in.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::{file, ident};
use crate::model::{Library, Module, ModulePath, union};

/// The file `generated/lib.rs`: the README as documentation, what core and client offer, the modules.
pub(super) fn root(library: &Library) -> String {
    let mut items = vec![
        quote! { #![doc = include_str!("../README.md")] },
        quote! { #![cfg_attr(docsrs, feature(doc_cfg))] },
        quote! {
            #[rustfmt::skip]
            pub use bitrix24_core::{
                Api, Code, Context, Error, ErrorCode, Kind, Map, Method, MethodInfo, Pagination, Params, Ran, Raw, Reply,
                SystemError, Time, Value, json, raw, wire,
            };
        },
        quote! {
            #[cfg(feature = "client")]
            #[doc(inline)]
            #[rustfmt::skip]
            pub use bitrix24_client::{AddressError, Client, ClientBuilder};
        },
    ];
    items.extend(submodules(library, &ModulePath::default()));
    file::print(&["spec/ as a whole"], items)
}

/// The paths of all modules that have a file: those with methods, and those above them.
pub(super) fn module_paths(library: &Library) -> BTreeSet<ModulePath> {
    let all = library.modules.keys();
    all.flat_map(|path| (1..=path.0.len()).map(|length| ModulePath(path.0[..length].to_vec()))).collect()
}

/// The modules right below a path, each behind the features of what it holds.
///
/// ```text
/// #[cfg(any(feature = "imbot", feature = "imopenlines"))]
/// #[rustfmt::skip]
/// pub mod imopenlines;
/// ```
///
/// `rustfmt::skip` keeps `cargo fmt` away from files that prettyplease has formatted.
pub(super) fn submodules(library: &Library, path: &ModulePath) -> Vec<TokenStream> {
    let below = module_paths(library)
        .into_iter()
        .filter(|child| child.0.len() == path.0.len() + 1 && child.is_within(path));
    let outer = features_below(library, path);
    let declare = |child: ModulePath| {
        let features = features_below(library, &child);
        let gate = (path.0.is_empty() || features != outer).then(|| gate(features.as_ref()));
        let skip = path.0.is_empty().then(|| quote! { #[rustfmt::skip] });
        let name = child.0.last().map(ident);
        quote! { #gate #skip pub mod #name; }
    };
    below.map(declare).collect()
}

/// The features of which one brings in something at or below a path.
fn features_below<'a>(library: &'a Library, path: &ModulePath) -> Option<BTreeSet<&'a str>> {
    union(
        library
            .modules
            .iter()
            .filter(|(other, _)| other.is_within(path))
            .map(|(_, module)| Module::features(module)),
    )
}

/// `#[cfg(feature = "crm")]`, or nothing where no feature is needed.
pub(super) fn gate(features: Option<&BTreeSet<&str>>) -> Option<TokenStream> {
    let features: Vec<&&str> = features?.iter().collect();
    match features.as_slice() {
        [] => None,
        [one] => Some(quote! { #[cfg(feature = #one)] }),
        many => Some(quote! { #[cfg(any(#(feature = #many),*))] }),
    }
}
