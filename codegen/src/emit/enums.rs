//! Open enumerations: the documented values and any other value.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{docs, ident, open_enum};
use crate::model::{EnumItem, EnumValues, RustName};

/// Emits the enumeration and the table of its values. The core implements everything by the table.
pub(super) fn emit(item: &EnumItem) -> Vec<TokenStream> {
    let values = match &item.values {
        EnumValues::Texts(values) => values
            .iter()
            .map(|(name, text)| (name, quote! { #text }, docs::code(&format!("{text:?}"))))
            .collect(),
        EnumValues::Integers(values) => values
            .iter()
            .map(|(name, number)| (name, integer(*number), docs::code(&number.to_string())))
            .collect(),
    };
    vec![declaration(item, &values), table(item, &values)]
}

/// Emits a literal without the suffix that `quote` would add.
pub fn integer(number: i64) -> TokenStream {
    let literal = Literal::u64_unsuffixed(number.unsigned_abs());
    if number < 0 {
        quote! { -#literal }
    } else {
        quote! { #literal }
    }
}

/// The variant of each value, the value, and the value as the documentation shows it.
type Values<'a> = Vec<(&'a RustName, TokenStream, String)>;

fn declaration(item: &EnumItem, values: &Values<'_>) -> TokenStream {
    let variants =
        values.iter().map(|(name, _, shown)| (docs::value(shown, item.value_texts.get(name)), *name));
    let docs = docs::lines(&docs::with_role(item.text.as_ref(), &item.role));
    let (derived, other) = match &item.values {
        EnumValues::Texts(_) => (quote! { Clone, Debug }, quote! { String }),
        EnumValues::Integers(_) => (quote! { Clone, Copy, Debug }, quote! { i64 }),
    };
    open_enum::declaration(&item.name, docs, &derived, variants, "value", &other)
}

/// ```text
/// b24::tables::text_values! { GetResultStatus { New "NEW" Done "DONE" } }
/// ```
fn table(item: &EnumItem, values: &Values<'_>) -> TokenStream {
    let name = ident(&item.name);
    let rows = values.iter().map(|(name, wire, _)| {
        let name = ident(name);
        quote! { #name #wire }
    });
    match &item.values {
        EnumValues::Texts(_) => quote! { b24::tables::text_values! { #name { #(#rows)* } } },
        EnumValues::Integers(_) => quote! { b24::tables::integer_values! { #name { #(#rows)* } } },
    }
}
