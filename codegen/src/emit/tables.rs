//! The tables of fields and values, by which the core implements what all types have in common.

use proc_macro2::TokenStream;
use quote::quote;

use super::ident;
use crate::model::{Field, Presence, RustName};

/// The fields of a result by wire name. The core implements by them what all results have in common.
///
/// ```text
/// b24::tables::result! { GetResult { id "ID" title "TITLE" } }
/// ```
pub(super) fn result(name: &RustName, fields: &[Field], parameter: Option<&TokenStream>) -> TokenStream {
    let name = ident(name);
    let parameter = parameter.map(|parameter| quote! { <#parameter> });
    let rows = fields.iter().map(row);
    quote! { b24::tables::result! { #name #parameter { #(#rows)* } } }
}

/// The fields of an object that a portal sends. It has less than a result: it is read as a part of a request, and nowhere else.
///
/// ```text
/// b24::tables::sent! { AnimalFields { id "ID" } }
/// ```
pub(super) fn sent(name: &RustName, fields: &[Field]) -> TokenStream {
    let name = ident(name);
    let rows = fields.iter().map(row);
    quote! { b24::tables::sent! { #name { #(#rows)* } } }
}

/// The required and the optional fields by wire name of what is written: `request` or `fields`.
///
/// ```text
/// b24::tables::fields! { AddFields { title "TITLE" } { comment "COMMENT" } }
/// ```
pub(super) fn written(what: &TokenStream, name: &RustName, fields: &[Field]) -> TokenStream {
    let name = ident(name);
    let of = |presence| fields.iter().filter(move |field| field.presence == presence).map(row);
    let (required, optional) = (of(Presence::Required), of(Presence::Optional));
    quote! { b24::tables::#what! { #name { #(#required)* } { #(#optional)* } } }
}

fn row(field: &Field) -> TokenStream {
    let (name, wire) = (ident(&field.name), &field.wire);
    quote! { #name #wire }
}
