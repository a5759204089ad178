//! The kinds of an entity: a trait with the methods, and its implementation for each kind.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs, ident, types};
use crate::model::{Field, KindItem, KindsItem, Method, Module, Presence, TypeItem, TypeRef};

/// ```text
/// pub trait Kind: b24::wire::FromWire {
///     /// `entityTypeId` of the kind.
///     const ENTITY_TYPE_ID: i64;
///     /// The fields that requests write.
///     type Fields: b24::wire::ToWire;
///
///     /// Calls `crm.item.get` for this kind.
///     fn get(id: i64) -> b24::Typed<Get, GetResult<Self>, Self> { … }
/// }
///
/// impl Kind for Deal { … }
/// ```
pub(super) fn emit(module: &Module) -> Vec<TokenStream> {
    let Some(kinds) = &module.kinds else { return Vec::new() };
    let chosen = |method: &&Method| {
        method
            .request
            .params
            .first()
            .is_some_and(|param| param.wire == kinds.parameter && param.presence == Presence::Required)
    };
    let methods = module.methods.iter().filter(chosen).map(|method| function(method, module, kinds));
    let entity = kinds.entity.as_ref().map(|name| docs::code(name.as_str())).unwrap_or_default();
    let parameter = docs::code(&kinds.parameter);
    let about = docs::lines(&[
        format!("A kind of {entity}: one of the things that {parameter} chooses."),
        String::new(),
        "Implement it for a type of your own to read and write a kind that exists on one portal only."
            .to_owned(),
    ]);
    let constant = ident(&kinds.constant);
    let value_docs = docs::lines(&[format!("{parameter} of the kind.")]);
    let declared = quote! {
        #about
        pub trait Kind: b24::wire::FromWire {
            #value_docs
            const #constant: i64;
            /// The fields that requests write.
            type Fields: b24::wire::ToWire;
            #(#methods)*
        }
    };
    std::iter::once(declared).chain(kinds.of.iter().map(|kind| implementation(kind, kinds))).collect()
}

/// ```text
/// impl Kind for Deal {
///     const ENTITY_TYPE_ID: i64 = 2;
///     type Fields = DealFields;
/// }
/// ```
fn implementation(kind: &KindItem, kinds: &KindsItem) -> TokenStream {
    let (name, constant) = (ident(&kind.name), ident(&kinds.constant));
    let value = proc_macro2::Literal::i64_unsuffixed(kind.value);
    let fields = match &kind.fields {
        Some(fields) => {
            let fields = ident(fields);
            quote! { #fields }
        }
        None => quote! { b24::Map<String, b24::Value> },
    };
    quote! {
        impl Kind for #name {
            const #constant: i64 = #value;
            type Fields = #fields;
        }
    }
}

/// A method of the trait: the function of the same name, with the value of the kind.
fn function(method: &Method, module: &Module, kinds: &KindsItem) -> TokenStream {
    let name = ident(&method.function);
    let call = format!("Calls {} for this kind.", docs::code(&method.wire));
    let docs = docs::lines(&docs::before_facts(method.texts.text.as_ref(), call));
    let required = method.request.params.iter().skip(1).filter(|param| param.presence == Presence::Required);
    let (args, values): (Vec<_>, Vec<_>) = required.map(|param| argument(param, kinds)).unzip();
    let (request, constant) = (ident(&method.request.name), ident(&kinds.constant));
    let call = quote! { #name(Self::#constant, #(#values),*) };
    let (returned, body) = match generic_result(method, module) {
        Some(result) => {
            (quote! { b24::Typed<#request, #result<Self>, Self> }, quote! { b24::Typed::new(#call) })
        }
        None => (quote! { #request }, call),
    };
    quote! {
        #docs
        #[inline]
        fn #name(#(#args),*) -> #returned {
            #body
        }
    }
}

/// An argument, and its value for the function of the module.
fn argument(param: &Field, kinds: &KindsItem) -> (TokenStream, TokenStream) {
    let name = ident(&param.name);
    if kinds.written.as_ref() == Some(&param.wire) && param.ty == TypeRef::Json {
        return (quote! { #name: &Self::Fields }, quote! { b24::wire::ToWire::to_wire(#name) });
    }
    let (taken, _) = types::emit_argument(&param.ty, &quote! { #name });
    (quote! { #name: #taken }, quote! { #name })
}

/// The result of a method, if it is generic over the entity.
fn generic_result(method: &Method, module: &Module) -> Option<TokenStream> {
    let TypeRef::Named(name) = &method.output else { return None };
    let own = module.methods.iter().flat_map(|method| &method.types);
    let is_generic = module.types.iter().chain(own).any(|item| match item {
        TypeItem::Struct(item) => item.name == *name && item.generic_over.is_some(),
        TypeItem::Enum(_) => false,
    });
    let name = ident(name);
    is_generic.then(|| quote! { #name })
}
