//! Emits the types of a library with serde's derives.
//!
//! Names, fields, functions, setters and documentation are those of the generated crate. Only the reading and writing of
//! values differs. `bare` leaves functions and setters out.

use proc_macro2::TokenStream;
use quote::quote;

use bitrix24_codegen::emit::Files;
use bitrix24_codegen::emit::parts::{
    ModuleTree, emit_doc_comment, emit_error_enum, emit_field_doc, emit_field_type, emit_function,
    emit_ident, emit_imports, emit_integer, emit_request_setters, emit_struct_setters, emit_type,
    format_code_span, module_file, print_file,
};
use bitrix24_codegen::model::{
    Direction, EnumItem, EnumValues, Field, Library, Method, ModulePath, Presence, StructItem, TypeItem,
};

/// Emits the source files of the crate.
pub(crate) fn emit(library: &Library, bare: bool) -> Files {
    let tree = ModuleTree::of(library);
    let mut files = Files::from([("lib.rs".to_owned(), root(&tree))]);
    for path in tree.paths() {
        files.insert(module_file(path), module(library, &tree, path, bare));
    }
    files
}

fn root(tree: &ModuleTree) -> String {
    let mut items = vec![
        quote! { pub use serde_json::{Map, Value}; },
        quote! {
            pub mod wire {
                //! Values that JSON has no type for.
                use serde::{Deserialize, Serialize};

                /// A date.
                #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
                #[serde(transparent)]
                pub struct DateTime(pub String);

                impl From<&str> for DateTime {
                    fn from(text: &str) -> Self {
                        Self(text.to_owned())
                    }
                }

                /// A number.
                pub type Decimal = f64;

                /// A value, or a list of such values.
                #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
                #[serde(untagged)]
                pub enum OneOrMany<T> {
                    /// A value.
                    One(T),
                    /// A list.
                    Many(Vec<T>),
                }

                /// A scalar, or an object or list.
                #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
                #[serde(untagged)]
                pub enum ScalarOr<S, T> {
                    /// A scalar.
                    Scalar(S),
                    /// An object or a list.
                    Structured(T),
                }

                /// An object of pairs.
                pub fn object(
                    fields: impl IntoIterator<Item = (impl Into<String>, impl Into<serde_json::Value>)>,
                ) -> serde_json::Map<String, serde_json::Value> {
                    fields.into_iter().map(|(name, value)| (name.into(), value.into())).collect()
                }
            }
        },
        quote! {
            /// A request.
            pub trait Method: serde::Serialize {
                /// The type of the result.
                type Output: for<'de> serde::Deserialize<'de>;
                /// The errors.
                type Error;
                /// The name on the wire.
                const NAME: &'static str;
            }
        },
    ];
    items.extend(submodules(tree, &ModulePath::default()));
    print_file(&["spec/"], items)
}

/// The modules directly below a path, without features: all of them are measured.
fn submodules(tree: &ModuleTree, path: &ModulePath) -> Vec<TokenStream> {
    let below = tree.paths().filter(|child| child.0.len() == path.0.len() + 1 && child.is_within(path));
    let declare = |child: &ModulePath| {
        let name = child.0.last().map(emit_ident);
        quote! { pub mod #name; }
    };
    below.map(declare).collect()
}

fn module(library: &Library, tree: &ModuleTree, path: &ModulePath, bare: bool) -> String {
    let mut items = submodules(tree, path);
    if let Some(module) = library.modules.get(path) {
        items.push(quote! { use crate as b24; });
        items.push(quote! { use serde::{Deserialize, Serialize}; });
        items.extend(emit_imports(path, module));
        items.extend(module.methods.iter().flat_map(|own| method(own, bare)));
        items.extend(module.types.iter().flat_map(|item| type_items(item, bare)));
    }
    print_file(&["spec/"], items)
}

fn method(method: &Method, bare: bool) -> Vec<TokenStream> {
    let mut items = vec![request_type(method), implementation(method)];
    if !bare {
        items.push(emit_function(method));
        items.push(emit_request_setters(method));
    }
    items.extend(method.types.iter().flat_map(|item| type_items(item, bare)));
    items.push(emit_error_enum(&method.error, &method.wire));
    items
}

fn type_items(item: &TypeItem, bare: bool) -> Vec<TokenStream> {
    match item {
        TypeItem::Struct(item) if !bare && item.direction == Direction::Request => {
            vec![structure(item), emit_struct_setters(item)]
        }
        TypeItem::Struct(item) => vec![structure(item)],
        TypeItem::Enum(item) => enumeration(item),
    }
}

fn request_type(method: &Method) -> TokenStream {
    let name = emit_ident(&method.request.name);
    let docs = emit_doc_comment(&[format!("The request of `{}`.", method.wire)]);
    let fields = method.request.params.iter().map(field);
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[non_exhaustive]
        #[must_use = "a request does nothing until a client sends it"]
        pub struct #name {
            #(#fields)*
            /// Undocumented parameters, by wire name.
            #[serde(flatten)]
            pub extra: b24::Map<String, b24::Value>,
        }
    }
}

fn implementation(method: &Method) -> TokenStream {
    let (name, error) = (emit_ident(&method.request.name), emit_ident(&method.error.name));
    let (output, wire) = (emit_type(&method.output), &method.wire);
    quote! {
        impl b24::Method for #name {
            type Output = #output;
            type Error = #error;
            const NAME: &'static str = #wire;
        }
    }
}

fn structure(item: &StructItem) -> TokenStream {
    let name = emit_ident(&item.name);
    let docs = emit_doc_comment(&[format!("{}.", item.role)]);
    let has_default = item.fields.iter().all(|field| field.presence == Presence::Optional);
    let default = has_default.then(|| quote! { Default, });
    let fields = item.fields.iter().map(field);
    quote! {
        #docs
        #[derive(Clone, Debug, #default PartialEq, Serialize, Deserialize)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
            /// Undocumented fields, by wire name.
            #[serde(flatten)]
            pub extra: b24::Map<String, b24::Value>,
        }
    }
}

fn field(field: &Field) -> TokenStream {
    let (docs, name, ty, wire) =
        (emit_field_doc(field), emit_ident(&field.name), emit_field_type(field), &field.wire);
    let skip =
        (field.presence == Presence::Optional).then(|| quote! { , skip_serializing_if = "Option::is_none" });
    quote! { #docs #[serde(rename = #wire #skip)] pub #name: #ty, }
}

/// Open enumerations. Strings use an untagged variant. Integers are converted from `i64`, since serde has no untagged variant for
/// them.
fn enumeration(item: &EnumItem) -> Vec<TokenStream> {
    let name = emit_ident(&item.name);
    let docs = emit_doc_comment(&[format!("{}.", item.role)]);
    match &item.values {
        EnumValues::Texts(values) => {
            let variants = values.iter().map(|(name, wire)| {
                let (docs, name) =
                    (emit_doc_comment(&[format!("{}.", format_code_span(wire))]), emit_ident(name));
                quote! { #docs #[serde(rename = #wire)] #name, }
            });
            vec![quote! {
                #docs
                #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
                #[non_exhaustive]
                pub enum #name {
                    #(#variants)*
                    /// An undocumented value.
                    #[serde(untagged)]
                    Other(String),
                }
            }]
        }
        EnumValues::Integers(values) => {
            let variants = values.iter().map(|(name, number)| {
                let (docs, name) = (emit_doc_comment(&[format!("`{number}`.")]), emit_ident(name));
                quote! { #docs #name, }
            });
            let named = || values.iter().map(|(name, number)| (emit_ident(name), emit_integer(*number)));
            let read = named().map(|(name, number)| quote! { #number => Self::#name, });
            let written = named().map(|(variant, number)| quote! { #name::#variant => #number, });
            vec![
                quote! {
                    #docs
                    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
                    #[serde(from = "i64", into = "i64")]
                    #[non_exhaustive]
                    pub enum #name {
                        #(#variants)*
                        /// An undocumented value.
                        Other(i64),
                    }
                },
                quote! {
                    impl From<i64> for #name {
                        fn from(value: i64) -> Self {
                            match value { #(#read)* other => Self::Other(other) }
                        }
                    }
                },
                quote! {
                    impl From<#name> for i64 {
                        fn from(value: #name) -> Self {
                            match value { #(#written)* #name::Other(other) => other }
                        }
                    }
                },
            ]
        }
    }
}
