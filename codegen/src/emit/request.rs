//! The request type, its setters and its implementation of `Method`.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs, ident, put, rate_limit, tables, types};
use crate::descriptor::{Api, Context, Keyset, Pagination};
use crate::model::{Field, Method, Presence};

/// Methods of operator traits, whose names Clippy rejects for setters.
const OPERATORS: &[&str] = &["add", "bitand", "bitor", "bitxor", "div", "mul", "rem", "shl", "shr", "sub"];

/// Emits the items of a request.
pub(super) fn emit(method: &Method) -> Vec<TokenStream> {
    let mut items = vec![declaration(method), setters(method), implementation(method), table(method)];
    items.extend(list(method));
    items
}

/// ```text
/// /// The request that [`vote`] builds.
/// #[derive(Clone, Debug, PartialEq)]
/// #[non_exhaustive]
/// #[must_use = "a request does nothing until a client sends it"]
/// pub struct Vote {
///     /// `SESSION_ID`: integer, required.
///     pub session_id: i64,
///     …
///     /// Undocumented parameters, by wire name.
///     pub extra: b24::Map<String, b24::Value>,
/// }
/// ```
fn declaration(method: &Method) -> TokenStream {
    let name = ident(&method.request.name);
    let docs = docs::request(method);
    let fields = method.request.params.iter().map(|param| {
        let docs = docs::field(param);
        let (name, ty) = (ident(&param.name), types::emit_field_type(param));
        quote! { #docs pub #name: #ty, }
    });
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        #[must_use = "a request does nothing until a client sends it"]
        pub struct #name {
            #(#fields)*
            /// Undocumented parameters, by wire name.
            pub extra: b24::Map<String, b24::Value>,
        }
    }
}

/// ```text
/// impl Vote {
///     /// Sets `RATING`: integer, from 1 to 5, optional.
///     #[inline]
///     pub fn rating(mut self, rating: i64) -> Self {
///         self.rating = Some(rating);
///         self
///     }
///     …
/// }
/// ```
pub fn setters(method: &Method) -> TokenStream {
    let name = ident(&method.request.name);
    let optional = method.request.params.iter().filter(|param| param.presence == Presence::Optional);
    let setters = optional.map(setter);
    quote! {
        impl #name {
            #(#setters)*

            /// Adds an undocumented parameter. It overrides a documented parameter of the same name.
            #[inline]
            pub fn extra(mut self, name: impl Into<String>, value: impl Into<b24::Value>) -> Self {
                self.extra.insert(name.into(), value.into());
                self
            }
        }
    }
}

/// Emits the setter of an optional field.
pub(super) fn setter(field: &Field) -> TokenStream {
    let docs = docs::setter(field);
    let name = ident(&field.name);
    let (taken, made) = types::emit_argument(&field.ty, &quote! { #name });
    let allowed = OPERATORS.contains(&field.name.as_str()).then(|| {
        quote! { #[expect(clippy::should_implement_trait, reason = "the field has this name")] }
    });
    quote! {
        #docs
        #allowed
        #[inline]
        pub fn #name(mut self, #name: #taken) -> Self {
            self.#name = Some(#made);
            self
        }
    }
}

/// ```text
/// impl b24::Method for Vote {
///     type Output = bool;
///     type Reader = b24::wire::WireReader;
///     type Error = VoteError;
///
///     #[inline]
///     fn info(&self) -> b24::MethodInfo<'_> {
///         b24::MethodInfo::new(b24::Api::V2, "imopenlines.session.head.vote")…
///     }
///
///     #[inline]
///     fn params(&self) -> b24::Params {
///         let mut params = b24::Params::new();
///         params.put("SESSION_ID", &self.session_id);
///         params.put_some("RATING", &self.rating);
///         …
///         params.put_all(&self.extra);
///         params
///     }
/// }
/// ```
fn implementation(method: &Method) -> TokenStream {
    let name = ident(&method.request.name);
    let error = ident(&method.error.name);
    let output = types::emit(&method.output);
    let info = info(method);
    let put = if method.positional { put::emit_in_place } else { put::emit };
    let puts = method.request.params.iter().map(|param| put(&quote! { params }, param));
    let by_position = method.positional.then(|| quote! { let mut params = params.into_positional(); });
    quote! {
        impl b24::Method for #name {
            type Output = #output;
            type Reader = b24::wire::WireReader;
            type Error = #error;

            #[inline]
            fn info(&self) -> b24::MethodInfo<'_> {
                #info
            }

            #[inline]
            fn params(&self) -> b24::Params {
                let mut params = b24::Params::new();
                #(#puts)*
                #by_position
                params.put_all(&self.extra);
                params
            }
        }
    }
}

/// The parameters by wire name, or by position.
///
/// ```text
/// b24::tables::request! { Vote { session_id "SESSION_ID" } { rating "RATING" } }
/// ```
fn table(method: &Method) -> TokenStream {
    if !method.positional {
        return tables::written(&quote! { request }, &method.request.name, &method.request.params);
    }
    let by_position =
        |(position, param): (usize, &Field)| Field { wire: position.to_string(), ..param.clone() };
    let params: Vec<Field> = method.request.params.iter().enumerate().map(by_position).collect();
    tables::written(&quote! { positional }, &method.request.name, &params)
}

/// ```text
/// impl b24::ListMethod for All {
///     type Row = Animal;
///     type Keyset = b24::HasKeyset;
/// }
/// ```
fn list(method: &Method) -> Option<TokenStream> {
    let name = ident(&method.request.name);
    let row = types::emit(method.row.as_ref()?);
    let keyset = match method.keyset {
        Some(_) => quote! { b24::HasKeyset },
        None => quote! { b24::NoKeyset },
    };
    Some(quote! { impl b24::ListMethod for #name { type Row = #row; type Keyset = #keyset; } })
}

/// The facts that the client needs. Facts with their most common value are left out.
fn info(method: &Method) -> TokenStream {
    let wire = &method.wire;
    let api = match method.api {
        Api::V2 => quote! { b24::Api::V2 },
        Api::V3 => quote! { b24::Api::V3 },
    };
    let scopes = &method.scopes;
    let scopes = (!scopes.is_empty()).then(|| quote! { .with_scopes(&[#(#scopes),*]) });
    let positional = method.positional.then(|| quote! { .with_positional() });
    let context = match method.context {
        Context::Any => None,
        Context::Application => Some(quote! { .with_required_auth(b24::RequiredAuth::Application) }),
    };
    let pagination = match method.pagination {
        Pagination::None => None,
        Pagination::Start => Some(quote! { Start }),
        Pagination::LimitOffset => Some(quote! { LimitOffset }),
        Pagination::LastId => Some(quote! { LastId }),
        Pagination::Page => Some(quote! { Page }),
        Pagination::V3 => Some(quote! { V3 }),
        Pagination::Cursor => Some(quote! { Cursor }),
        Pagination::Unknown => Some(quote! { Unknown }),
    };
    let pagination = pagination.map(|variant| quote! { .with_pagination(b24::Pagination::#variant) });
    let page_at = method.page_at.as_ref().map(|pointer| quote! { .with_page_pointer(#pointer) });
    let rows = method.rows.as_ref().map(|rows| quote! { .with_rows_pointer(#rows) });
    let keyset = method.keyset.as_ref().map(keyset);
    let rate_limit = method.rate_limit.as_ref().map(rate_limit::of_method);
    let reads = (!method.changes).then(|| quote! { .read_only() });
    quote! {
        b24::MethodInfo::new(#api, #wire) #scopes #positional #context #pagination #page_at #rows #keyset #rate_limit
            #reads
    }
}

fn keyset(keyset: &Keyset) -> TokenStream {
    let Keyset { id, row_id, filter, order, direction } = keyset;
    let row_id = row_id.as_ref().map(|name| quote! { .with_row_id(#name) });
    let params = keyset.has_other_params().then(|| quote! { .with_params(#filter, #order) });
    let direction = direction.as_ref().map(|name| quote! { .with_direction(#name) });
    quote! { .with_keyset(b24::Keyset::new(#id) #row_id #params #direction) }
}
