//! The table in which `cargo conform` looks up the types of a method.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs, file, ident};
use crate::descriptor::Api;
use crate::model::{Library, Method, ModulePath};

/// ```text
/// /// The methods, sorted by interface and lower-case name.
/// pub(crate) static TABLE: &[Entry] = &[
///     entry::<bitrix24::imopenlines::session::head::Vote>(Api::V2, "imopenlines.session.head.vote"),
///     …
/// ];
/// ```
pub(super) fn file(library: &Library) -> String {
    let mut methods: Vec<(Api, String, &ModulePath, &Method)> = library
        .modules
        .iter()
        .flat_map(|(path, module)| module.methods.iter().map(move |method| (path, method)))
        .map(|(path, method)| (method.api, method.wire.to_lowercase(), path, method))
        .collect();
    methods.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    let entries = methods.into_iter().map(|(api, name, path, method)| entry(api, &name, path, method));
    let items = vec![
        docs::inner(&["The request type of each method.".to_owned()]),
        quote! { use bitrix24::Api; },
        quote! { use crate::entry::{Entry, entry}; },
        quote! {
            /// The methods, sorted by interface and lower-case name.
            pub(crate) static TABLE: &[Entry] = &[#(#entries),*];
        },
    ];
    file::print(&["spec/"], items)
}

fn entry(api: Api, name: &str, path: &ModulePath, method: &Method) -> TokenStream {
    let modules = path.0.iter().map(ident);
    let request = ident(&method.request.name);
    let api = match api {
        Api::V2 => quote! { Api::V2 },
        Api::V3 => quote! { Api::V3 },
    };
    quote! { entry::<bitrix24::#(#modules::)*#request>(#api, #name) }
}
