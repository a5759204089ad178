//! Events: the payload of each, and the enumeration over all.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Gate, Use, docs, ident, library, structs, type_items, types};
use crate::descriptor::{Context, EventTokens};
use crate::model::{
    Accessor, EventItem, Library, Module, ModulePath, Payload, Place, RustName, TypeItem, TypeRef,
};

/// Allows the uses of deprecated payloads by the code that is generated for them.
pub(super) fn allowed(module: &Module) -> Option<TokenStream> {
    let is_deprecated = |event: &EventItem| docs::is_deprecated(event);
    module.events.iter().any(is_deprecated).then(|| quote! { #![allow(deprecated)] })
}

/// The items of the core that receive events.
pub(super) fn reexport() -> TokenStream {
    quote! {
        #[doc(inline)]
        pub use bitrix24_core::events::*;
    }
}

/// ```text
/// /// A deal was created.
/// #[derive(Clone, Debug, PartialEq)]
/// #[non_exhaustive]
/// pub struct DealAdd {
///     /// `FIELDS`: object.
///     pub fields: Option<DealFields>,
///     …
/// }
///
/// impl DealAdd {
///     /// `ID` of `FIELDS`.
///     pub fn id(&self) -> Option<i64> { … }
/// }
///
/// b24::tables::event! { DealAdd "ONCRMDEALADD" "onCrmDealAdd" ["crm"] Sometimes }
/// ```
pub(super) fn payload(event: &EventItem) -> Vec<TokenStream> {
    let mut items = Vec::new();
    if let Payload::Whole { field, ty, type_name } = &event.payload {
        items.extend(whole(event, field, ty, type_name));
    }
    for item in &event.types {
        match item {
            TypeItem::Struct(item) if item.name == event.name => {
                items.extend(structs::emit_with(item, docs::event(event), Use::Sent));
            }
            other => items.extend(type_items(other, Use::Sent)),
        }
    }
    items.extend(accessors(event));
    let (name, facts) = (ident(&event.name), facts(event));
    items.push(quote! { b24::tables::event! { #name #facts } });
    items
}

/// A payload that is no object with known fields.
///
/// ```text
/// pub struct LineDelete {
///     /// The whole payload: integer.
///     pub value: Option<i64>,
/// }
///
/// b24::tables::whole! { LineDelete { value i64 } }
/// ```
fn whole(event: &EventItem, field: &RustName, ty: &TypeRef, type_name: &str) -> [TokenStream; 2] {
    let (docs, field_docs) = (docs::event(event), docs::whole(type_name));
    let (name, field, ty) = (ident(&event.name), ident(field), types::emit(ty));
    let declared = quote! {
        #docs
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct #name {
            #field_docs
            pub #field: Option<#ty>,
        }
    };
    [declared, quote! { b24::tables::whole! { #name { #field #ty } } }]
}

/// The methods of a payload for what is inside of it.
fn accessors(event: &EventItem) -> Option<TokenStream> {
    if event.accessors.is_empty() {
        return None;
    }
    let name = ident(&event.name);
    let methods = event.accessors.iter().map(accessor);
    Some(quote! { impl #name { #(#methods)* } })
}

fn accessor(accessor: &Accessor) -> TokenStream {
    let (docs, name) = (docs::accessor(accessor), ident(&accessor.name));
    let ty = types::emit(&accessor.ty);
    let (returned, take) = match &accessor.ty {
        TypeRef::Integer | TypeRef::Float | TypeRef::Bool | TypeRef::YesNo | TypeRef::ZeroOne => {
            (ty, quote! {})
        }
        TypeRef::Text => (quote! { &str }, quote! { .as_deref() }),
        _ => (quote! { &#ty }, quote! { .as_ref() }),
    };
    let place = |place: &Place| {
        let field = ident(&place.field);
        match place.object.as_ref().map(ident) {
            None => quote! { self.#field #take },
            Some(object) => quote! { self.#object.as_ref().and_then(|object| object.#field #take) },
        }
    };
    let mut places = accessor.places.iter().map(place);
    let first = places.next();
    quote! {
        #docs
        #[inline]
        pub fn #name(&self) -> Option<#returned> {
            #first #(.or_else(|| #places))*
        }
    }
}

/// The facts of an event: its name in capital letters and as it is spelled, its scopes, its tokens, then those that have no default.
fn facts(event: &EventItem) -> TokenStream {
    let name = event.wire_name();
    let spelling = &event.wire;
    let family = event.family.as_ref().map(|[before, parameter, after]| {
        let (before, after) = (before.to_ascii_uppercase(), after.to_ascii_uppercase());
        quote! { with_family(#before, #parameter, #after) }
    });
    let scopes = &event.scopes;
    let context = (event.context == Context::Application)
        .then(|| quote! { with_context(b24::events::EventContext::Application) });
    let tokens = match event.tokens {
        Some(EventTokens::Always) => quote! { Always },
        Some(EventTokens::Sometimes) => quote! { Sometimes },
        Some(EventTokens::Never) => quote! { Never },
        None => quote! { Unknown },
    };
    let deprecated = event.deprecated.as_ref().map(|events| quote! { with_deprecated(&[#(#events),*]) });
    quote! { #name #spelling [#(#scopes)*] #tokens #family #context #deprecated }
}

/// The enumeration over all events, and the list of all.
///
/// ```text
/// pub static EVENTS: &[b24::events::EventInfo] = &[b24::tables::event_info!("ONCRMDEALADD" …)];
///
/// pub enum Event {
///     /// A deal was created.
///     #[cfg(feature = "crm")]
///     CrmDealAdd(b24::events::Received<crm::DealAdd>),
///     …
///     Other(b24::events::RawEvent),
/// }
///
/// b24::tables::events! { Event { #[cfg(feature = "crm")] CrmDealAdd crm::DealAdd … } }
/// ```
pub(super) fn root(library: &Library, gate: Gate<'_>) -> Vec<TokenStream> {
    let mut events: Vec<(&ModulePath, &EventItem)> =
        library.events().map(|(path, _, event)| (path, event)).collect();
    events.sort_by_key(|(_, event)| event.wire_name());
    let infos = events.iter().map(|(_, event)| {
        let facts = facts(event);
        quote! { b24::tables::event_info!(#facts) }
    });
    let root = ModulePath(events.first().map(|(path, _)| path.0[..1].to_vec()).unwrap_or_default());
    let payload = |path: &ModulePath, event: &EventItem| {
        let (path, name) = (library::relative(&root, path), ident(&event.name));
        quote! { #path #name }
    };
    let variants = events.iter().map(|(path, event)| {
        let (gate, docs, variant) = (gate(&event.features()), docs::variant(event), ident(&event.variant));
        let payload = payload(path, event);
        quote! { #gate #docs #variant(b24::events::Received<#payload>), }
    });
    let rows = events.iter().map(|(path, event)| {
        let (gate, variant, payload) = (gate(&event.features()), ident(&event.variant), payload(path, event));
        quote! { #gate #variant #payload }
    });
    vec![
        quote! {
            /// All documented events by name, those of scopes too whose feature is not enabled.
            pub static EVENTS: &[b24::events::EventInfo] = &[#(#infos),*];
        },
        quote! {
            /// An event of any kind, with its payload. [`RawEvent::decode`](b24::events::RawEvent::decode) makes it by the name of the event,
            /// and never fails for this type.
            #[derive(Clone, PartialEq)]
            #[non_exhaustive]
            #[allow(deprecated)]
            pub enum Event {
                #(#variants)*
                /// An event that is not documented, or that belongs to a scope whose feature is not enabled.
                Other(b24::events::RawEvent),
            }
        },
        quote! { b24::tables::events! { Event { #(#rows)* } } },
    ]
}
