//! The errors of a method.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs, ident};
use crate::model::{ErrorEnum, ErrorVariant};

/// The items of an error enumeration.
pub(super) fn emit(error: &ErrorEnum, wire: &str) -> Vec<TokenStream> {
    vec![declaration(error, wire), implementation(error)]
}

/// ```text
/// /// The errors of `imopenlines.session.head.vote`.
/// #[derive(Clone, Debug, PartialEq, Eq)]
/// #[non_exhaustive]
/// pub enum VoteError {
///     /// `EMPTY_SESSION_ID`, HTTP 400.
///     EmptySessionId,
///     /// A code that the documentation does not list.
///     Other(Box<str>),
/// }
/// ```
pub(super) fn declaration(error: &ErrorEnum, wire: &str) -> TokenStream {
    let name = ident(&error.name);
    let docs = docs::lines(&[format!("The errors of {}.", docs::code(wire))]);
    let variants = error.variants.iter().map(|variant| {
        let (docs, name) = (docs::error(variant), ident(&variant.name));
        quote! { #docs #name, }
    });
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A code that the documentation does not list.
            Other(Box<str>),
        }
    }
}

/// ```text
/// impl b24::ErrorCode for VoteError {
///     fn documented(code: &str, message: &str) -> Option<Self> {
///         match (code, message) {
///             ("", "Not here") => Some(Self::NotHere),
///             ("EMPTY_SESSION_ID", _) => Some(Self::EmptySessionId),
///             _ => None,
///         }
///     }
///     …
/// }
/// ```
fn implementation(error: &ErrorEnum) -> TokenStream {
    let name = ident(&error.name);
    let documented = documented(error);
    let codes = error.variants.iter().map(|variant| {
        let (name, code) = (ident(&variant.name), &variant.code);
        quote! { Self::#name => #code, }
    });
    let status = status(error);
    quote! {
        impl b24::ErrorCode for #name {
            #documented

            fn other(code: &str) -> Self {
                Self::Other(code.into())
            }

            fn code(&self) -> &str {
                match self {
                    #(#codes)*
                    Self::Other(code) => code,
                }
            }

            #status
        }
    }
}

/// Those that a message tells apart come first, then those that the code alone tells.
fn documented(error: &ErrorEnum) -> TokenStream {
    if error.variants.is_empty() {
        return quote! { fn documented(_: &str, _: &str) -> Option<Self> { None } };
    }
    if error.variants.iter().all(|variant| variant.message.is_none()) {
        let arms = error.variants.iter().map(|variant| {
            let (name, code) = (ident(&variant.name), &variant.code);
            quote! { #code => Some(Self::#name), }
        });
        return quote! {
            fn documented(code: &str, _: &str) -> Option<Self> {
                match code { #(#arms)* _ => None }
            }
        };
    }
    let (told, plain): (Vec<&ErrorVariant>, Vec<_>) =
        error.variants.iter().partition(|variant| variant.message.is_some());
    let arms = told.into_iter().chain(plain).map(|variant| {
        let (name, code) = (ident(&variant.name), &variant.code);
        let message = variant.message.as_ref().map_or(quote! { _ }, |message| quote! { #message });
        quote! { (#code, #message) => Some(Self::#name), }
    });
    quote! {
        fn documented(code: &str, message: &str) -> Option<Self> {
            match (code, message) { #(#arms)* _ => None }
        }
    }
}

/// One arm for each status, so that the function stays short.
fn status(error: &ErrorEnum) -> TokenStream {
    let mut by_status: Vec<(u16, Vec<&ErrorVariant>)> = Vec::new();
    for variant in &error.variants {
        let Some(status) = variant.status else { continue };
        match by_status.iter_mut().find(|(known, _)| *known == status) {
            Some((_, variants)) => variants.push(variant),
            None => by_status.push((status, vec![variant])),
        }
    }
    if by_status.is_empty() {
        return quote! { fn status(&self) -> Option<u16> { None } };
    }
    let arms = by_status.iter().map(|(status, variants)| {
        let names = variants.iter().map(|variant| ident(&variant.name));
        let status = proc_macro2::Literal::u16_unsuffixed(*status);
        quote! { #(Self::#names)|* => Some(#status), }
    });
    quote! {
        fn status(&self) -> Option<u16> {
            match self {
                #(#arms)*
                _ => None,
            }
        }
    }
}
