//! Types, and the arguments of setters and constructors.

use proc_macro2::TokenStream;
use quote::quote;

use super::{ident, path};
use crate::model::{Field, Presence, TypeRef};

/// Emits a type: `i64`, `Vec<String>`, `Vote`.
pub fn emit(ty: &TypeRef) -> TokenStream {
    match ty {
        TypeRef::Nothing => quote! { () },
        TypeRef::Bool | TypeRef::YesNo | TypeRef::ZeroOne => quote! { bool },
        TypeRef::Integer => quote! { i64 },
        TypeRef::Number => quote! { b24::wire::Decimal },
        TypeRef::Float => quote! { f64 },
        TypeRef::Text => quote! { String },
        TypeRef::DateTime => quote! { b24::wire::DateTime },
        TypeRef::Json => quote! { b24::Value },
        TypeRef::Object => quote! { b24::Map<String, b24::Value> },
        TypeRef::List(items) => {
            let items = emit(items);
            quote! { Vec<#items> }
        }
        TypeRef::OneOrMany(items) => {
            let items = emit(items);
            quote! { b24::wire::OneOrMany<#items> }
        }
        TypeRef::ScalarOr(scalar, structured) => {
            let (scalar, structured) = (emit(scalar), emit(structured));
            quote! { b24::wire::ScalarOr<#scalar, #structured> }
        }
        TypeRef::Map(values) => {
            let values = emit(values);
            quote! { std::collections::BTreeMap<String, #values> }
        }
        TypeRef::Nullable(value) => {
            let value = emit(value);
            quote! { Option<#value> }
        }
        TypeRef::Named(name) => {
            let name = ident(name);
            quote! { #name }
        }
        TypeRef::External(path) => path::emit(path),
    }
}

/// Emits the type of a field: an `Option` if it may be absent.
pub fn emit_field_type(field: &Field) -> TokenStream {
    let ty = emit(&field.ty);
    match field.presence {
        Presence::Required => ty,
        Presence::Optional => quote! { Option<#ty> },
    }
}

/// Emits the argument `value` of a setter: its type, and the expression that converts it to the type of the field.
///
/// ```text
/// comment: impl Into<String>                                  comment.into()
/// select: impl IntoIterator<Item = impl Into<String>>         select.into_iter().map(Into::into).collect()
/// order: impl IntoIterator<Item = (impl Into<String>, …)>     b24::wire::object(order)
/// session_id: i64                                             session_id
/// ```
pub(super) fn emit_argument(ty: &TypeRef, value: &TokenStream) -> (TokenStream, TokenStream) {
    match ty {
        TypeRef::Text | TypeRef::Number | TypeRef::DateTime | TypeRef::Json => {
            let written = emit(ty);
            (quote! { impl Into<#written> }, quote! { #value.into() })
        }
        TypeRef::List(items) => match &**items {
            TypeRef::Text | TypeRef::Number | TypeRef::DateTime | TypeRef::Json => {
                let items = emit(items);
                let taken = quote! { impl IntoIterator<Item = impl Into<#items>> };
                (taken, quote! { #value.into_iter().map(Into::into).collect() })
            }
            other => {
                let items = emit(other);
                (quote! { impl IntoIterator<Item = #items> }, quote! { #value.into_iter().collect() })
            }
        },
        TypeRef::Object => {
            let taken = quote! { impl IntoIterator<Item = (impl Into<String>, impl Into<b24::Value>)> };
            (taken, quote! { b24::wire::object(#value) })
        }
        other => (emit(other), quote! { #value }),
    }
}
