//! The declaration of an enumeration that is never complete: of documented values, or of a method's errors.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs, ident};
use crate::model::RustName;

/// One variant: its documentation and its name.
pub(super) type Variant<'a> = (TokenStream, &'a RustName);

/// ```text
/// /// `STATUS` in the result of `get`.
/// #[derive(Clone, Debug, PartialEq, Eq)]
/// #[non_exhaustive]
/// pub enum GetResultStatus {
///     /// `"NEW"`.
///     New,
///     /// A value that the documentation does not list.
///     Other(String),
/// }
/// ```
///
/// `what` is a value or a code, `other` the type that holds any.
pub(super) fn declaration<'a>(
    name: &RustName,
    role: &str,
    variants: impl Iterator<Item = Variant<'a>>,
    what: &str,
    other: &TokenStream,
) -> TokenStream {
    let name = ident(name);
    let role = docs::lines(&[format!("{role}.")]);
    let variants = variants.map(|(docs, name)| {
        let name = ident(name);
        quote! { #docs #name, }
    });
    let other_docs = docs::lines(&[format!("A {what} that the documentation does not list.")]);
    quote! {
        #role
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            #other_docs
            Other(#other),
        }
    }
}
