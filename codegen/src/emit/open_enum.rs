//! The declaration of an open enumeration: documented values, or the errors of a method.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs, ident};
use crate::model::RustName;

/// The documentation and the name of a variant.
pub(super) type Variant<'a> = (TokenStream, &'a RustName);

/// ```text
/// /// `STATUS` in the result of `get`.
/// #[derive(Clone, Debug)]
/// #[non_exhaustive]
/// pub enum GetResultStatus {
///     /// `"NEW"`.
///     New,
///     /// An undocumented value.
///     Other(String),
/// }
/// ```
///
/// `derived` is the list of derived traits, `what` is `value` or `code`, and `other` is the type of an undocumented one.
pub(super) fn declaration<'a>(
    name: &RustName,
    role: TokenStream,
    derived: &TokenStream,
    variants: impl Iterator<Item = Variant<'a>>,
    what: &str,
    other: &TokenStream,
) -> TokenStream {
    let name = ident(name);
    let variants = variants.map(|(docs, name)| {
        let name = ident(name);
        quote! { #docs #name, }
    });
    let other_docs = docs::lines(&[format!("An undocumented {what}.")]);
    quote! {
        #role
        #[derive(#derived)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            #other_docs
            Other(#other),
        }
    }
}
