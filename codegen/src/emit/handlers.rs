//! Handlers: the type of the requests to each registered address.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Use, docs, ident, structs, type_items, types};
use crate::model::{HandlerItem, TypeItem};

/// The items of the core for handlers.
pub(super) fn reexport() -> TokenStream {
    quote! {
        #[doc(inline)]
        pub use bitrix24_core::handlers::*;
    }
}

/// ```text
/// /// A request to the `HANDLER` of `bizproc.robot.add`.
/// pub struct Robot { … }
///
/// b24::tables::handler! { Robot "bizproc.robot" "bizproc.robot.add" "HANDLER" () }
/// ```
pub(super) fn emit(handler: &HandlerItem) -> Vec<TokenStream> {
    let mut items = Vec::new();
    for item in &handler.types {
        match item {
            TypeItem::Struct(item) if item.name == handler.name => {
                items.extend(structs::emit_with(item, docs::handler(handler), Use::Sent));
            }
            other => items.extend(type_items(other, Use::Sent)),
        }
    }
    let (name, response) = (ident(&handler.name), types::emit(&handler.response));
    let HandlerItem { wire, method, address, .. } = handler;
    items.push(quote! { b24::tables::handler! { #name #wire #method #address #response } });
    items
}
