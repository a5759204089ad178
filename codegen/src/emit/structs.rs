//! Objects with known fields.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Use, docs, function, ident, put, request, tables, types};
use crate::model::{Direction, Field, Presence, RustName, StructItem};

/// What `extra` contains in a request.
const UNDOCUMENTED: &str = " Undocumented fields, by wire name.";

/// What `extra` contains in a result.
pub(super) const UNREAD: &str =
    " Undocumented fields, and values of another type than documented, by wire name.";

/// Emits the items of an object.
pub(super) fn emit(item: &StructItem, of: Use) -> Vec<TokenStream> {
    emit_with(item, docs::object(item), of)
}

/// Emits the items of an object with other attributes than its documentation.
pub(super) fn emit_with(item: &StructItem, docs: TokenStream, of: Use) -> Vec<TokenStream> {
    match item.direction {
        Direction::Request => {
            let has_default = arguments(item).next().is_none();
            let declared = declaration(&docs, &item.name, &item.fields, has_default, UNDOCUMENTED);
            vec![
                declared,
                setters(item),
                to_wire(item),
                tables::written(&quote! { fields }, &item.name, &item.fields),
            ]
        }
        Direction::Response => {
            let Some(entity) = &item.generic_over else {
                let declared = declaration(&docs, &item.name, &item.fields, false, UNREAD);
                let table = match of {
                    Use::Method => tables::result(&item.name, &item.fields, None),
                    Use::Sent => tables::sent(&item.name, &item.fields),
                };
                return vec![declared, from_fields(&item.name, &item.fields), table];
            };
            let fields = over_any(&item.fields, entity);
            let (default, any) = (ident(entity), ident(&any()));
            let declared = generic_declaration(
                &docs,
                &item.name,
                &fields,
                false,
                UNREAD,
                Some(quote! { <#any = #default> }),
            );
            let any = quote! { #any };
            let table = tables::result(&item.name, &fields, Some(&any));
            vec![declared, generic_from_fields(&item.name, &fields, Some(&any)), table]
        }
    }
}

/// ```text
/// /// The result of `get`.
/// #[derive(Clone, Debug, PartialEq)]
/// #[non_exhaustive]
/// pub struct GetResult {
///     /// `ID`: integer.
///     pub id: Option<i64>,
///     …
///     /// Undocumented fields, and values of another type than documented, by wire name.
///     pub extra: b24::Map<String, b24::Value>,
/// }
/// ```
///
/// `default` adds `Default`, for objects that callers build and whose fields are all optional. `extra` documents the field of
/// that name.
pub(super) fn declaration(
    docs: &TokenStream,
    name: &RustName,
    fields: &[Field],
    default: bool,
    extra: &str,
) -> TokenStream {
    generic_declaration(docs, name, fields, default, extra, None)
}

/// The same of a type with a parameter.
fn generic_declaration(
    docs: &TokenStream,
    name: &RustName,
    fields: &[Field],
    default: bool,
    extra: &str,
    parameter: Option<TokenStream>,
) -> TokenStream {
    let hidden = fields.iter().any(is_secret).then(|| debug_without_secrets(name, fields));
    let debug = hidden.is_none().then(|| quote! { Debug, });
    let name = ident(name);
    let default = default.then(|| quote! { Default, });
    let fields = fields.iter().map(|field| {
        let docs = docs::field(field);
        let (name, ty) = (ident(&field.name), types::emit_field_type(field));
        quote! { #docs pub #name: #ty, }
    });
    quote! {
        #docs
        #[derive(Clone, #debug #default PartialEq)]
        #[non_exhaustive]
        pub struct #name #parameter {
            #(#fields)*
            #[doc = #extra]
            pub extra: b24::Map<String, b24::Value>,
        }
        #hidden
    }
}

/// Whether a field has a token or a key, which must not get into logs.
fn is_secret(field: &Field) -> bool {
    const SECRETS: [&str; 4] = ["accesstoken", "refreshtoken", "applicationtoken", "clientsecret"];
    let wire: String = field.wire.chars().filter(|char| *char != '_').collect();
    SECRETS.contains(&wire.to_ascii_lowercase().as_str())
}

/// ```text
/// /// Shows neither tokens nor undocumented fields.
/// impl std::fmt::Debug for Auth {
///     …
/// }
/// ```
fn debug_without_secrets(name: &RustName, fields: &[Field]) -> TokenStream {
    let (text, name) = (name.to_string(), ident(name));
    let shown = fields.iter().filter(|field| !is_secret(field)).map(|field| {
        let (text, name) = (field.name.to_string(), ident(&field.name));
        quote! { .field(#text, &self.#name) }
    });
    quote! {
        /// Shows neither tokens nor undocumented fields.
        impl std::fmt::Debug for #name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(#text)
                    #(#shown)*
                    .finish_non_exhaustive()
            }
        }
    }
}

/// The fields that the constructor takes.
fn arguments(item: &StructItem) -> impl Iterator<Item = &Field> {
    item.fields.iter().filter(|field| field.presence == Presence::Required)
}

/// ```text
/// impl AddFields {
///     /// Creates an object from its required fields.
///     #[inline]
///     pub fn new(title: impl Into<String>) -> Self {
///         Self { title: title.into(), comment: None, extra: b24::Map::new() }
///     }
///
///     /// Sets `COMMENT`: string, optional.
///     …
/// }
/// ```
///
/// A field named `new` has its setter under this name, so that such an object has no constructor without arguments.
pub fn setters(item: &StructItem) -> TokenStream {
    let name = ident(&item.name);
    let constructor = constructor(item);
    let optional = item.fields.iter().filter(|field| field.presence == Presence::Optional);
    let setters = optional.map(request::setter);
    quote! {
        impl #name {
            #constructor
            #(#setters)*

            /// Adds an undocumented field. It overrides a documented field of the same name.
            #[inline]
            pub fn extra(mut self, name: impl Into<String>, value: impl Into<b24::Value>) -> Self {
                self.extra.insert(name.into(), value.into());
                self
            }
        }
    }
}

fn constructor(item: &StructItem) -> Option<TokenStream> {
    let has_setter_new =
        item.fields.iter().any(|field| field.name.as_str() == "new" && field.presence == Presence::Optional);
    if arguments(item).next().is_some() {
        let function = if has_setter_new {
            quote! { with_required }
        } else {
            quote! { new }
        };
        let function::Constructor { args, fields, allowed } = function::constructor(&item.fields);
        return Some(quote! {
            /// Creates an object from its required fields.
            #allowed
            #[inline]
            pub fn #function(#(#args),*) -> Self {
                Self { #(#fields,)* extra: b24::Map::new() }
            }
        });
    }
    (!has_setter_new).then(|| {
        quote! {
            /// Creates an object without fields.
            #[inline]
            pub fn new() -> Self {
                Default::default()
            }
        }
    })
}

/// ```text
/// impl b24::wire::ToWire for AddFields {
///     #[inline]
///     fn to_wire(&self) -> b24::Value {
///         let mut fields = b24::Params::new();
///         fields.put("TITLE", &self.title);
///         fields.put_some("COMMENT", &self.comment);
///         fields.put_all(&self.extra);
///         b24::Value::Object(fields.into_map())
///     }
/// }
/// ```
fn to_wire(item: &StructItem) -> TokenStream {
    let name = ident(&item.name);
    let puts = item.fields.iter().map(|field| put::emit(&quote! { fields }, field));
    quote! {
        impl b24::wire::ToWire for #name {
            #[inline]
            fn to_wire(&self) -> b24::Value {
                let mut fields = b24::Params::new();
                #(#puts)*
                fields.put_all(&self.extra);
                b24::Value::Object(fields.into_map())
            }
        }
    }
}

/// ```text
/// impl b24::wire::FromFields for GetResult {
///     #[inline]
///     fn from_fields(fields: &mut b24::wire::Fields<'_>) -> Self {
///         Self { id: fields.optional("ID"), title: fields.optional("TITLE"), extra: fields.remaining() }
///     }
/// }
/// ```
pub(super) fn from_fields(name: &RustName, fields: &[Field]) -> TokenStream {
    generic_from_fields(name, fields, None)
}

/// The fields of an object whose entity is the parameter of its type.
fn over_any(fields: &[Field], entity: &RustName) -> Vec<Field> {
    let over = |name: &RustName| if name == entity { any() } else { name.clone() };
    fields.iter().map(|field| Field { ty: field.ty.map_names(&over), ..field.clone() }).collect()
}

/// The name of the parameter of a type.
fn any() -> RustName {
    RustName("T".to_owned())
}

fn generic_from_fields(name: &RustName, fields: &[Field], parameter: Option<&TokenStream>) -> TokenStream {
    let name = ident(name);
    let bounded = parameter.map(|parameter| quote! { <#parameter: b24::wire::FromWire> });
    let parameter = parameter.map(|parameter| quote! { <#parameter> });
    let takes = fields.iter().map(|field| {
        let (wire, name) = (&field.wire, ident(&field.name));
        quote! { #name: fields.optional(#wire), }
    });
    quote! {
        impl #bounded b24::wire::FromFields for #name #parameter {
            #[inline]
            fn from_fields(fields: &mut b24::wire::Fields<'_>) -> Self {
                Self { #(#takes)* extra: fields.remaining() }
            }
        }
    }
}
