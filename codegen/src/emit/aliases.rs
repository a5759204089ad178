//! Earlier names of functions, types and modules, which are deprecated.

use proc_macro2::TokenStream;
use quote::quote;

use super::{function, ident, library};
use crate::model::{
    Library, Method, Module, ModulePath, Presence, RustName, StructItem, TypeAlias, TypeItem,
};

/// The attribute of an earlier name.
fn deprecated(target: &RustName) -> TokenStream {
    let note = format!("renamed to `{}`", target.bare());
    quote! { #[deprecated(note = #note)] }
}

/// ```text
/// /// An earlier name of [`copy_to`](copy_to()).
/// #[deprecated(note = "renamed to `copy_to`")]
/// #[inline]
/// pub fn copyto(id: i64) -> CopyTo {
///     copy_to(id)
/// }
/// ```
pub(super) fn functions(method: &Method) -> Vec<TokenStream> {
    let (target, request) = (ident(&method.function), ident(&method.request.name));
    let docs = super::docs::lines(&[format!("An earlier name of {}.", method.function.function_link())]);
    let deprecated = deprecated(&method.function);
    let constructor = function::constructor(&method.request.params);
    let (args, allowed) = (&constructor.args, &constructor.allowed);
    let required = method.request.params.iter().filter(|param| param.presence == Presence::Required);
    let given: Vec<_> = required.map(|param| ident(&param.name)).collect();
    let alias = |name: &RustName| {
        let name = ident(name);
        quote! {
            #docs
            #deprecated
            #allowed
            #[inline]
            pub fn #name(#(#args),*) -> #request {
                #target(#(#given),*)
            }
        }
    };
    method.function_aliases.iter().map(alias).collect()
}

/// ```text
/// /// An earlier name of [`CopyTo`].
/// #[deprecated(note = "renamed to `CopyTo`")]
/// pub type Copyto = CopyTo;
/// ```
pub(super) fn types(library: &Library, path: &ModulePath, module: &Module) -> Vec<TokenStream> {
    module.aliases.iter().map(|alias| type_alias(library, path, module, alias)).collect()
}

fn type_alias(library: &Library, path: &ModulePath, module: &Module, alias: &TypeAlias) -> TokenStream {
    let (name, target) = (ident(&alias.name), ident(&alias.target));
    let to = library::relative(path, &alias.module);
    let link = quote! { #to #target }.to_string().replace(' ', "");
    let docs = super::docs::lines(&[format!("An earlier name of [`{}`]({link}).", alias.target)]);
    let deprecated = deprecated(&alias.target);
    let declaring = library.modules.get(&alias.module);
    let user =
        declaring.and_then(|module| module.methods.iter().find(|method| declares(method, &alias.target)));
    let features = match (user, declaring) {
        (Some(method), _) => method.features(),
        (None, Some(module)) => module.features(),
        (None, None) => None,
    };
    let gate = (features != module.features()).then(|| library::gate(features.as_ref()));
    let generic = declaring.and_then(|module| entity_of(module, &alias.target));
    let (parameter, argument) = match generic {
        Some(entity) => {
            let entity = ident(entity);
            (quote! { <T = #to #entity> }, quote! { <T> })
        }
        None => (quote! {}, quote! {}),
    };
    quote! { #docs #gate #deprecated pub type #name #parameter = #to #target #argument; }
}

/// Whether a type is an item of this method alone.
fn declares(method: &Method, name: &RustName) -> bool {
    let own = [&method.request.name, &method.error.name];
    own.contains(&name) || method.types.iter().any(|item| item.name() == name)
}

/// The entity that a type is generic over.
fn entity_of<'a>(module: &'a Module, name: &RustName) -> Option<&'a RustName> {
    let own = module.methods.iter().flat_map(|method| &method.types);
    module.types.iter().chain(own).find_map(|item| match item {
        TypeItem::Struct(StructItem { name: known, generic_over: Some(entity), .. }) if known == name => {
            Some(entity)
        }
        _ => None,
    })
}

/// The earlier names of the modules directly below a path.
///
/// ```text
/// /// An earlier name of [`timeline_layout`].
/// #[deprecated(note = "renamed to `timeline_layout`")]
/// pub mod timelinelayout {
///     pub use super::timeline_layout::*;
/// }
/// ```
pub(super) fn modules(library: &Library, path: &ModulePath, tree: &library::ModuleTree) -> Vec<TokenStream> {
    let below = library
        .module_aliases
        .iter()
        .filter(|(alias, _)| alias.0.split_last().is_some_and(|(_, above)| above == path.0.as_slice()));
    let declare = |(alias, target): (&ModulePath, &ModulePath)| {
        let (alias, name) = (ident(alias.0.last()?), target.0.last()?);
        let (deprecated, gate) = (deprecated(name), tree.gate_below(path, target));
        let docs = super::docs::lines(&[format!("An earlier name of [`{}`].", name.bare())]);
        let name = ident(name);
        Some(quote! { #docs #gate #deprecated pub mod #alias { pub use super::#name::*; } })
    };
    below.filter_map(declare).collect()
}
