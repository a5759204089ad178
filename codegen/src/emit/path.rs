//! Paths of types that are not generated.

use proc_macro2::TokenStream;
use quote::quote;

use super::ident;
use crate::model::{RustName, RustPath};

/// Parses the path of a type or a crate. A path that does not begin with `crate` begins with the name of a crate. `None` if the
/// text is another path, or none.
pub fn parse_path(text: &str) -> Option<RustPath> {
    let path: syn::Path = syn::parse_str(text).ok()?;
    let name = |segment: &syn::PathSegment| {
        let is_relative = ["self", "super", "Self"].iter().any(|word| segment.ident == word);
        (segment.arguments.is_none() && !is_relative).then(|| RustName(segment.ident.to_string()))
    };
    let segments: Vec<RustName> = path.segments.iter().map(name).collect::<Option<_>>()?;
    let is_own = |name: &RustName| name.as_str() == "crate";
    let first_is_own = segments.first().is_some_and(is_own);
    let misplaced = segments.iter().skip(1).any(is_own) || (first_is_own && path.leading_colon.is_some());
    (!misplaced).then_some(RustPath { is_global: !first_is_own, segments })
}

/// Emits a path: `::bitrix24::crm::deal::Deal`.
pub(super) fn emit(path: &RustPath) -> TokenStream {
    let start = path.is_global.then(|| quote! { :: });
    let segments = path.segments.iter().map(ident);
    quote! { #start #(#segments)::* }
}
