//! The function that builds a request.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs, ident, types};
use crate::model::{Field, Method, Presence};

/// ```text
/// /// Rates a closed conversation. …
/// #[inline]
/// pub fn vote(session_id: i64) -> Vote {
///     Vote { session_id, rating: None, comment: None, extra: b24::Map::new() }
/// }
/// ```
///
/// `example` has the lines of an example for the documentation.
pub(super) fn emit(method: &Method, example: &[String]) -> TokenStream {
    let docs = docs::method(method, example);
    let name = ident(&method.function);
    let request = ident(&method.request.name);
    let Constructor { args, fields, allowed } = constructor(&method.request.params);
    quote! {
        #docs
        #allowed
        #[inline]
        pub fn #name(#(#args),*) -> #request {
            #request { #(#fields,)* extra: b24::Map::new() }
        }
    }
}

/// The parts of a function that takes the required fields and leaves out the others.
pub(super) struct Constructor {
    /// `session_id: i64`.
    pub(super) args: Vec<TokenStream>,
    /// `session_id`, `comment: comment.into()`, `rating: None`.
    pub(super) fields: Vec<TokenStream>,
    /// An attribute, if there are more arguments than clippy allows.
    pub(super) allowed: Option<TokenStream>,
}

pub(super) fn constructor(of: &[Field]) -> Constructor {
    let mut args = Vec::new();
    let mut fields = Vec::new();
    for field in of {
        let name = ident(&field.name);
        match field.presence {
            Presence::Required => {
                let (taken, made) = types::emit_argument(&field.ty, &quote! { #name });
                args.push(quote! { #name: #taken });
                let as_given = name == made.to_string();
                fields.push(if as_given {
                    quote! { #name }
                } else {
                    quote! { #name: #made }
                });
            }
            Presence::Optional => fields.push(quote! { #name: None }),
        }
    }
    // Clippy allows seven.
    let allowed = (args.len() > 7).then(|| {
        let reason = "this many values are required";
        quote! { #[expect(clippy::too_many_arguments, reason = #reason)] }
    });
    Constructor { args, fields, allowed }
}
