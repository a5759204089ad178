//! Open enumerations: the documented values and any other value.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{docs, ident, open_enum};
use crate::model::{Direction, EnumItem, EnumValues, RustName};

/// Emits the enumeration and the conversion of its values.
pub(super) fn emit(item: &EnumItem) -> Vec<TokenStream> {
    let variants: Vec<(&RustName, TokenStream, String)> = match &item.values {
        EnumValues::Texts(values) => values
            .iter()
            .map(|(name, text)| (name, quote! { #text }, docs::code(&format!("{text:?}"))))
            .collect(),
        EnumValues::Integers(values) => values
            .iter()
            .map(|(name, number)| (name, integer(*number), docs::code(&number.to_string())))
            .collect(),
    };
    let other = match &item.values {
        EnumValues::Texts(_) => quote! { String },
        EnumValues::Integers(_) => quote! { i64 },
    };
    let mut items = vec![declaration(item, &variants, &other)];
    items.extend(item.directions.iter().map(|direction| match direction {
        Direction::Request => to_wire(item, &variants),
        Direction::Response => from_wire(item, &variants, &other),
    }));
    items
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

fn declaration(
    item: &EnumItem,
    variants: &[(&RustName, TokenStream, String)],
    other: &TokenStream,
) -> TokenStream {
    let variants =
        variants.iter().map(|(name, _, shown)| (docs::value(shown, item.value_texts.get(name)), *name));
    let docs = docs::lines(&docs::with_role(item.text.as_ref(), &item.role));
    open_enum::declaration(&item.name, docs, variants, "value", other)
}

/// ```text
/// impl b24::wire::FromWire for GetResultStatus {
///     fn from_wire(
///         json: b24::wire::JsonRef<'_>,
///         mismatches: &mut b24::wire::Mismatches,
///     ) -> Result<Self, b24::wire::FromWireError> {
///         let value = String::from_wire(json, mismatches)?;
///         Ok(match value.as_str() { "NEW" => Self::New, _ => Self::Other(value) })
///     }
///     fn fits(json: b24::wire::JsonRef<'_>) -> bool { String::fits(json) }
/// }
/// ```
fn from_wire(
    item: &EnumItem,
    variants: &[(&RustName, TokenStream, String)],
    other: &TokenStream,
) -> TokenStream {
    let name = ident(&item.name);
    let arms = variants.iter().map(|(name, wire, _)| {
        let name = ident(name);
        quote! { #wire => Self::#name, }
    });
    let matched = match item.values {
        EnumValues::Texts(_) => quote! { value.as_str() },
        EnumValues::Integers(_) => quote! { value },
    };
    quote! {
        impl b24::wire::FromWire for #name {
            #[inline]
            fn from_wire(
                json: b24::wire::JsonRef<'_>,
                mismatches: &mut b24::wire::Mismatches,
            ) -> Result<Self, b24::wire::FromWireError> {
                let value = #other::from_wire(json, mismatches)?;
                Ok(match #matched {
                    #(#arms)*
                    _ => Self::Other(value),
                })
            }

            #[inline]
            fn fits(json: b24::wire::JsonRef<'_>) -> bool {
                #other::fits(json)
            }
        }
    }
}

/// ```text
/// impl b24::wire::ToWire for AddStatus {
///     fn to_wire(&self) -> b24::Value {
///         match self { Self::New => b24::Value::from("NEW"), Self::Other(value) => b24::Value::from(value.as_str()) }
///     }
/// }
/// ```
fn to_wire(item: &EnumItem, variants: &[(&RustName, TokenStream, String)]) -> TokenStream {
    let name = ident(&item.name);
    let arms = variants.iter().map(|(name, wire, _)| {
        let name = ident(name);
        quote! { Self::#name => b24::Value::from(#wire), }
    });
    let other = match item.values {
        EnumValues::Texts(_) => quote! { value.as_str() },
        EnumValues::Integers(_) => quote! { *value },
    };
    quote! {
        impl b24::wire::ToWire for #name {
            #[inline]
            fn to_wire(&self) -> b24::Value {
                match self {
                    #(#arms)*
                    Self::Other(value) => b24::Value::from(#other),
                }
            }
        }
    }
}
