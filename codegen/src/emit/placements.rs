//! Placements: a type for each, and the enumeration of their codes.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Use, docs, ident, type_items, types};
use crate::model::{Family, Library, PlacementItem, TypeRef};

/// The items of the core for placements.
pub(super) fn reexport() -> TokenStream {
    quote! {
        #[doc(inline)]
        pub use bitrix24_core::placements::*;
    }
}

/// ```text
/// /// The placement `CRM_DEAL_DETAIL_TAB`: a tab.
/// #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
/// #[allow(clippy::exhaustive_structs, reason = "…")]
/// pub struct DealDetailTab;
///
/// b24::tables::placement! { DealDetailTab "CRM_DEAL_DETAIL_TAB" b24::placements::NoOptions, IdContext }
/// ```
pub(super) fn emit(placement: &PlacementItem) -> Vec<TokenStream> {
    let mut items: Vec<TokenStream> =
        placement.types.iter().flat_map(|item| type_items(item, Use::Sent)).collect();
    let (docs, name, wire) = (docs::placement(placement), ident(&placement.name), &placement.wire);
    let options = match &placement.options {
        Some(options) => types::emit(options),
        None => quote! { b24::placements::NoOptions },
    };
    let context = types::emit(&placement.context);
    match &placement.family {
        None => items.extend([
            quote! {
                #docs
                #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
                #[allow(clippy::exhaustive_structs, reason = "it is a name, and stays without fields")]
                pub struct #name;
            },
            quote! { b24::tables::placement! { #name #wire #options, #context } },
        ]),
        Some(family) => items.extend(of_family(placement, family, &docs, &options, &context)),
    }
    items
}

/// ```text
/// #[non_exhaustive]
/// pub struct DynamicDetailTab {
///     /// The part of the code that differs.
///     pub entity_type_id: i64,
/// }
///
/// impl DynamicDetailTab {
///     pub fn new(entity_type_id: i64) -> Self { … }
/// }
/// ```
fn of_family(
    placement: &PlacementItem,
    family: &Family,
    docs: &TokenStream,
    options: &TokenStream,
    context: &TokenStream,
) -> [TokenStream; 3] {
    let (name, wire, field, ty) =
        (ident(&placement.name), &placement.wire, ident(&family.field), types::emit(&family.ty));
    let Family { before, behind, .. } = family;
    let copy = (family.ty == TypeRef::Integer).then(|| quote! { Copy, });
    let (argument, value) = match family.ty {
        TypeRef::Text => (quote! { impl Into<String> }, quote! { #field: #field.into() }),
        _ => (ty.clone(), quote! { #field }),
    };
    [
        quote! {
            #docs
            #[derive(Clone, #copy Debug, Default, PartialEq, Eq, Hash)]
            #[non_exhaustive]
            pub struct #name {
                /// The part of the code that differs.
                pub #field: #ty,
            }
        },
        quote! {
            impl #name {
                /// The placement with this part of the code.
                pub fn new(#field: #argument) -> Self {
                    Self { #value }
                }
            }
        },
        quote! { b24::tables::placement! { #name { #field #ty } #wire #before #behind #options, #context } },
    ]
}

/// The enumeration of the codes of all placements.
///
/// ```text
/// pub enum PlacementCode {
///     /// `CRM_DEAL_DETAIL_TAB`.
///     CrmDealDetailTab,
///     …
///     /// A code that is not documented.
///     Other(String),
/// }
/// ```
pub(super) fn root(library: &Library) -> Vec<TokenStream> {
    let mut all: Vec<&PlacementItem> = library.placements().map(|(_, placement)| placement).collect();
    all.sort_by(|one, other| one.variant.cmp(&other.variant));
    let variants = all.iter().map(|placement| {
        let (docs, variant) = (docs::placement_variant(placement), ident(&placement.variant));
        let value = placement.family.as_ref().map(|family| {
            let ty = types::emit(&family.ty);
            quote! { (#ty) }
        });
        quote! { #docs #variant #value, }
    });
    let single = all.iter().filter(|placement| placement.family.is_none()).map(|placement| {
        let (variant, wire) = (ident(&placement.variant), &placement.wire);
        quote! { #variant #wire }
    });
    let families = all.iter().filter_map(|placement| {
        let Family { before, behind, ty, .. } = placement.family.as_ref()?;
        let (variant, ty) = (ident(&placement.variant), types::emit(ty));
        Some(quote! { #variant(#ty) #before #behind })
    });
    let table = quote! { PlacementCode { #(#single)* } families { #(#families)* } };
    vec![
        quote! {
            /// The code of a placement, those of scopes too whose feature is not enabled.
            #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            #[non_exhaustive]
            pub enum PlacementCode {
                #(#variants)*
                /// A code that is not documented.
                Other(String),
            }
        },
        quote! { b24::tables::placement_codes! { #table } },
    ]
}
