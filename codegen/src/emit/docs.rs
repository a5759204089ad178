//! The documentation of generated items: the words about them, and facts of the descriptors in sentences of these files.

mod errors;
mod event;
mod field;
mod method;
mod module;
mod sent;
mod text;

use proc_macro2::TokenStream;
use quote::quote;

pub(super) use errors::error;
pub(super) use event::{accessor, event, is_deprecated, variant, whole};
pub use field::field;
pub(super) use field::setter;
pub(super) use method::method;
pub(super) use module::module;
pub(super) use sent::{handler, placement, placement_variant};
pub use text::code;

use crate::model::{Method, StructItem, first_sentence};

/// Emits the doc comments of an item, one for each line.
pub fn lines(lines: &[String]) -> TokenStream {
    let lines = lines.iter().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote! { #(#[doc = #lines])* }
}

/// Emits inner doc comments, one for each line.
pub(super) fn inner(lines: &[String]) -> TokenStream {
    let lines = lines.iter().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote! { #(#![doc = #lines])* }
}

/// The documentation of a request.
pub(super) fn request(method: &Method) -> TokenStream {
    let mut text = vec![format!("The request that {} builds.", method.function.function_link())];
    text.extend(method.texts.text.as_ref().map(|text| first_sentence(text).0.to_owned()));
    lines(&text)
}

/// The documentation of an object.
pub(super) fn object(item: &StructItem) -> TokenStream {
    lines(&with_role(item.text.as_ref(), &item.role))
}

/// The words about a type, and where it is used.
pub(super) fn with_role(text: Option<&String>, role: &str) -> Vec<String> {
    before_facts(text, format!("{role}."))
}

/// Words, and after them facts in a paragraph.
pub(super) fn before_facts(text: Option<&String>, facts: String) -> Vec<String> {
    match text {
        Some(text) => vec![text.clone(), String::new(), facts],
        None => vec![facts],
    }
}

/// The documentation of a value of an enumeration.
pub(super) fn value(shown: &str, text: Option<&String>) -> TokenStream {
    match text {
        Some(text) => lines(&[format!("{shown}: {text}")]),
        None => lines(&[format!("{shown}.")]),
    }
}
