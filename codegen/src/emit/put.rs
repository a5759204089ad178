//! The statements that write fields under their names on the wire.

use proc_macro2::TokenStream;
use quote::quote;

use super::ident;
use crate::model::{Field, Presence, TypeRef};

/// Emits the statement that writes a field into `params`, if the field has a value.
///
/// ```text
/// params.put("SESSION_ID", &self.session_id);
/// params.put_some("RATING", &self.rating);
/// params.put_some_flag("OPENED", self.opened);
/// ```
pub(super) fn emit(params: &TokenStream, field: &Field) -> TokenStream {
    let (wire, name) = (&field.wire, ident(&field.name));
    match (&field.ty, field.presence) {
        (TypeRef::YesNo, Presence::Required) => quote! { #params.put_flag(#wire, self.#name); },
        (TypeRef::YesNo, Presence::Optional) => quote! { #params.put_some_flag(#wire, self.#name); },
        (TypeRef::ZeroOne, Presence::Required) => quote! { #params.put_digit(#wire, self.#name); },
        (TypeRef::ZeroOne, Presence::Optional) => quote! { #params.put_some_digit(#wire, self.#name); },
        (_, Presence::Required) => emit_in_place(params, field),
        (_, Presence::Optional) => {
            let value = written(field);
            quote! { #params.put_some(#wire, &#value); }
        }
    }
}

/// Emits the statement that writes a field into `params` with or without a value, since its position counts.
pub(super) fn emit_in_place(params: &TokenStream, field: &Field) -> TokenStream {
    let (wire, value) = (&field.wire, written(field));
    quote! { #params.put(#wire, &#value); }
}

/// The value of a field in its form on the wire.
fn written(field: &Field) -> TokenStream {
    let name = ident(&field.name);
    let value = match field.presence {
        Presence::Required => with_letters(&field.ty, &quote! { self.#name }, &quote! {}),
        Presence::Optional => {
            let value = with_letters(&field.ty, &quote! { value }, &quote! { * });
            value.map(|value| quote! { self.#name.as_ref().map(|value| #value) })
        }
    };
    value.unwrap_or_else(|| quote! { self.#name })
}

/// The value with its flags as `Y` and `N`, or as `1` and `0`; `deref` is a star if it is a reference. `None` if no flag in it is written so.
fn with_letters(ty: &TypeRef, value: &TokenStream, deref: &TokenStream) -> Option<TokenStream> {
    match ty {
        TypeRef::YesNo => Some(quote! { b24::wire::YesNo::from(#deref #value) }),
        TypeRef::ZeroOne => Some(quote! { b24::wire::ZeroOne::from(#deref #value) }),
        TypeRef::List(items) => {
            let item = with_letters(items, &quote! { item }, &quote! { * })?;
            Some(quote! { #value.iter().map(|item| #item).collect::<Vec<_>>() })
        }
        TypeRef::Nullable(inner) => {
            let inner = with_letters(inner, &quote! { inner }, &quote! { * })?;
            Some(quote! { #value.as_ref().map(|inner| #inner) })
        }
        _ => None,
    }
}
