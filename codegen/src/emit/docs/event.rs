//! The documentation of events: the words, then the facts of the descriptor.

use proc_macro2::TokenStream;
use quote::quote;

use super::lines;
use super::method::{SITE, no_longer_documented, with_small_letter};
use super::text::{code, escape};
use crate::descriptor::{Context, EventTokens};
use crate::model::{Accessor, EventItem, first_sentence};

/// The documentation of a payload.
///
/// ```text
/// /// A deal was created.
/// ///
/// /// The payload of `onCrmDealAdd`.
/// /// Scope: `crm`.
/// /// [Documentation](…)
/// ```
pub(in crate::emit) fn event(event: &EventItem) -> TokenStream {
    let mut paragraphs = words(event);
    paragraphs.push(facts(event));
    let text = lines(&paragraphs.join(&[String::new()][..]));
    let deprecated = deprecation_note(event).map(|note| quote! { #[deprecated(note = #note)] });
    quote! { #text #deprecated }
}

/// The documentation of the variant of an event.
pub(in crate::emit) fn variant(event: &EventItem) -> TokenStream {
    let wire = code(&event.wire);
    lines(&[match &event.text {
        Some(text) => format!("{wire}: {}", first_sentence(text).0),
        None => format!("{wire}."),
    }])
}

/// The documentation of the field with the whole payload.
pub(in crate::emit) fn whole(type_name: &str) -> TokenStream {
    lines(&[format!("The whole payload: {type_name}.")])
}

/// The documentation of a method for a field inside of the payload.
pub(in crate::emit) fn accessor(accessor: &Accessor) -> TokenStream {
    let places: Vec<String> = accessor.places.iter().map(|place| code(&place.wire)).collect();
    lines(&[format!("The value of {}.", places.join(" or "))])
}

/// Whether a payload has the attribute `deprecated`.
pub(in crate::emit) fn is_deprecated(event: &EventItem) -> bool {
    deprecation_note(event).is_some()
}

fn words(event: &EventItem) -> Vec<Vec<String>> {
    let summary = || event.summary.as_deref().map(escape);
    paragraphs(event.text.clone().or_else(summary).as_deref(), &event.notes)
}

/// The words about something, its first sentence apart, and its notes.
pub(super) fn paragraphs(text: Option<&str>, notes: &[String]) -> Vec<Vec<String>> {
    let mut paragraphs = Vec::new();
    if let Some(text) = text {
        let (first, rest) = first_sentence(text);
        paragraphs.push(vec![first.to_owned()]);
        paragraphs.extend((!rest.is_empty()).then(|| vec![rest.to_owned()]));
    }
    match notes {
        [] => {}
        [one] => paragraphs.push(vec![one.clone()]),
        several => paragraphs.push(several.iter().map(|note| format!("- {note}")).collect()),
    }
    paragraphs
}

fn facts(event: &EventItem) -> Vec<String> {
    let mut text = vec![format!("The payload of {}.", code(&event.wire))];
    text.extend(event.family.as_ref().map(|[before, parameter, after]| {
        format!(
            "Its names are also {} with a value of {}.",
            code(&format!("{before}…{after}")),
            code(parameter)
        )
    }));
    // Without words, the name is the first paragraph, which rustdoc shows in lists.
    if words(event).is_empty() {
        text.push(String::new());
    }
    let scopes: Vec<String> = event.scopes.iter().map(|scope| code(scope)).collect();
    text.push(format!("Scope: {}.", if scopes.is_empty() { "none".to_owned() } else { scopes.join(" or ") }));
    if let Some(subscribers) = event.subscribers.as_ref().filter(|word| *word != "any") {
        text.push(format!("May subscribe: {}.", code(subscribers)));
    }
    if event.context == Context::Application {
        text.push("Only applications may subscribe.".to_owned());
    }
    text.extend(event.tokens.map(|tokens| {
        match tokens {
            EventTokens::Always => "Its requests contain access tokens.",
            EventTokens::Sometimes => "Its requests contain access tokens if a user caused it.",
            EventTokens::Never => "Its requests contain no access tokens.",
        }
        .to_owned()
    }));
    if let Some(undocumented) = &event.undocumented {
        text.push(format!("{}. The next release does not contain it.", no_longer_documented(undocumented)));
    } else if let Some(page) = &event.page {
        text.push(format!("[Documentation]({SITE}/{page}.html)"));
    }
    text
}

/// Why a program should not subscribe any more.
fn deprecation_note(event: &EventItem) -> Option<String> {
    let replaced = match event.deprecated.as_deref() {
        None => None,
        Some([]) => Some("the documentation marks it as deprecated".to_owned()),
        Some(replacements) => Some(format!("replaced by {}", replacements.join(", "))),
    };
    let vanished = event
        .undocumented
        .as_ref()
        .map(|undocumented| with_small_letter(&no_longer_documented(undocumented)));
    let notes: Vec<String> = vanished.into_iter().chain(replaced).collect();
    (!notes.is_empty()).then(|| notes.join("; "))
}
