//! The errors of a method.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use super::{docs, ident, open_enum};
use crate::model::{ErrorEnum, ErrorVariant};

/// Emits the items of an error enumeration.
pub(super) fn emit(error: &ErrorEnum, wire: &str) -> Vec<TokenStream> {
    let declared = declaration(error, wire);
    if error.same_as.is_some() {
        return vec![declared];
    }
    vec![declared, table(error)]
}

/// Emits an open enumeration with a variant for each documented error. Methods of a module that list the same errors share one
/// enumeration: `pub type CloseError = VoteError;`
pub fn declaration(error: &ErrorEnum, wire: &str) -> TokenStream {
    let role = format!("Errors of {}", docs::code(wire));
    if let Some(same) = &error.same_as {
        let docs = docs::lines(&[format!("{role}, the same as [`{same}`].")]);
        let (name, same) = (ident(&error.name), ident(same));
        return quote! { #docs pub type #name = #same; };
    }
    let variants = distinct(error).map(|variant| (docs::error(variant), &variant.name));
    let role = docs::lines(&[format!("{role}.")]);
    let derived = quote! { Clone, Debug, PartialEq, Eq };
    open_enum::declaration(&error.name, role, &derived, variants, "code", &quote! { Box<str> })
}

/// The variants by name. A variant may have several codes.
fn distinct(error: &ErrorEnum) -> impl Iterator<Item = &ErrorVariant> {
    let mut seen = std::collections::HashSet::new();
    let (historical, current): (Vec<_>, Vec<_>) =
        error.variants.iter().partition(|variant| variant.historical);
    let first: Vec<_> =
        current.into_iter().chain(historical).filter(|variant| seen.insert(&variant.name)).collect();
    let is_first = move |variant: &&ErrorVariant| first.iter().any(|first| std::ptr::eq(*first, *variant));
    error.variants.iter().filter(is_first)
}

/// The documented errors by code, status and message. The core implements `ErrorCode` by them.
///
/// ```text
/// b24::tables::error! { VoteError { EmptySession "EMPTY_SESSION" Some(400), None; NotHere "" None, Some("Not here"); } }
/// ```
fn table(error: &ErrorEnum) -> TokenStream {
    let name = ident(&error.name);
    let rows = error.variants.iter().map(row);
    quote! { b24::tables::error! { #name { #(#rows)* } } }
}

fn row(variant: &ErrorVariant) -> TokenStream {
    let (name, code) = (ident(&variant.name), &variant.code);
    let status = optional(variant.status.map(Literal::u16_unsuffixed));
    let message = optional(variant.message.as_ref());
    quote! { #name #code #status, #message; }
}

fn optional(value: Option<impl ToTokens>) -> TokenStream {
    value.map_or(quote! { None }, |value| quote! { Some(#value) })
}
