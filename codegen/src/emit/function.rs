//! The function that builds a request.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs, ident, types};
use crate::model::{Method, Presence};

/// ```text
/// /// Rates a closed conversation. …
/// #[inline]
/// pub fn vote(session_id: i64) -> Vote {
///     Vote { session_id, rating: None, comment: None, extra: b24::Map::new() }
/// }
/// ```
pub fn emit(method: &Method) -> TokenStream {
    let docs = docs::method(method);
    let name = ident(&method.function);
    let request = ident(&method.request.name);
    let mut args = Vec::new();
    let mut fields = Vec::new();
    for param in &method.request.params {
        let field = ident(&param.name);
        match param.presence {
            Presence::Required => {
                let (taken, made) = types::emit_argument(&param.ty, &quote! { #field });
                args.push(quote! { #field: #taken });
                let as_given = field == made.to_string();
                fields.push(if as_given {
                    quote! { #field }
                } else {
                    quote! { #field: #made }
                });
            }
            Presence::Optional => fields.push(quote! { #field: None }),
        }
    }
    // Clippy allows seven. `args` of the descriptor is frozen, so the number cannot shrink.
    let allowed = (args.len() > 7).then(|| {
        let reason = "the method has this many required parameters";
        quote! { #[expect(clippy::too_many_arguments, reason = #reason)] }
    });
    quote! {
        #docs
        #allowed
        #[inline]
        pub fn #name(#(#args),*) -> #request {
            #request { #(#fields,)* extra: b24::Map::new() }
        }
    }
}
