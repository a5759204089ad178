//! The documentation of errors: a list on the page of a method, and each variant.

use proc_macro2::TokenStream;

use super::lines;
use super::text::code;
use crate::model::{ErrorEnum, ErrorVariant};

/// How many errors the page of a method lists.
const MAX_ERRORS: usize = 12;

/// The errors of a method, each with a link to its variant, when it happens and what to do. Those with words come first.
pub(super) fn list(error: &ErrorEnum) -> Vec<String> {
    let mut current: Vec<&ErrorVariant> =
        error.variants.iter().filter(|variant| !variant.historical).collect();
    if current.is_empty() {
        return Vec::new();
    }
    current.sort_by_key(|variant| variant.text.is_none());
    let mut text =
        vec![String::new(), "# Errors".to_owned(), format!("[`{}`] has these variants:", error.name)];
    text.extend(current.iter().take(MAX_ERRORS).map(|variant| {
        let name = &variant.name;
        let facts = facts(variant, false);
        let words = variant.text.as_ref().map_or(".".to_owned(), |text| format!(": {text}"));
        format!("- [`{name}`]({}::{name}) ({facts}){words}", error.name)
    }));
    if let Some(others) = current.len().checked_sub(MAX_ERRORS).filter(|others| *others > 0) {
        let are = if others == 1 { "1 other is".to_owned() } else { format!("{others} others are") };
        text.extend([String::new(), format!("{are} on the page of the enumeration.")]);
    }
    text
}

/// The documentation of one error.
pub(in crate::emit) fn error(variant: &ErrorVariant) -> TokenStream {
    let mut facts = format!("{}.", facts(variant, true));
    if let Some(first) = facts.get(..1).map(str::to_uppercase) {
        facts.replace_range(..1, &first);
    }
    if variant.historical {
        facts.push_str(" No longer documented; still decoded.");
    }
    match &variant.text {
        Some(text) => lines(&[text.clone(), String::new(), facts]),
        None => lines(&[facts]),
    }
}

fn facts(variant: &ErrorVariant, with_message: bool) -> String {
    let mut text = if variant.code.is_empty() { "no code".to_owned() } else { code(&variant.code) };
    if let Some(message) = variant.message.as_ref().filter(|_| with_message || variant.text.is_none()) {
        text.push_str(&format!(", message {}", code(message)));
    }
    if let Some(status) = variant.status {
        text.push_str(&format!(", HTTP {status}"));
    }
    text
}
