//! The documentation of a method's function: the words, then the facts of the descriptor.

use proc_macro2::TokenStream;
use quote::quote;

use super::text::{code, continued, escape};
use super::{errors, lines};
use crate::descriptor::{Api, Context, Pagination, Undocumented};
use crate::emit::rate_limit;
use crate::model::{Method, first_sentence};

/// The root of the documentation pages.
pub(super) const SITE: &str = "https://apidocs.bitrix24.com";

/// The documentation of a method's function.
///
/// ```text
/// /// Feeds an animal.
/// ///
/// /// Returns what is left of the food.
/// ///
/// /// Needs the rights of a keeper.
/// ///
/// /// Calls `zoo.animal.feed`. Scope: `zoo`. [Documentation](…)
/// ///
/// /// # Errors
/// /// [`FeedError`] has these variants:
/// /// - [`Asleep`](FeedError::Asleep) (`ASLEEP`, HTTP 400): The animal is asleep. Wait until it wakes up.
/// ```
pub(in crate::emit) fn method(method: &Method, example: &[String]) -> TokenStream {
    let mut paragraphs = words(method);
    paragraphs.extend(replacement(method).map(|line| vec![line]));
    paragraphs.extend(alternatives(&method.request.alternatives).map(|line| vec![line]));
    paragraphs.extend((!example.is_empty()).then(|| example.to_vec()));
    paragraphs.push(facts(method));
    let mut text = paragraphs.join(&[String::new()][..]);
    text.extend(errors::list(&method.error));
    let deprecated = deprecation_note(method).map(|note| quote! { #[deprecated(note = #note)] });
    let text = lines(&text);
    quote! { #text #deprecated }
}

/// What the method does, what it returns, and what else there is to know, in paragraphs. The first sentence is the first
/// paragraph, which rustdoc shows in lists.
fn words(method: &Method) -> Vec<Vec<String>> {
    let texts = &method.texts;
    let mut paragraphs = Vec::new();
    match (&texts.text, &method.summary) {
        (Some(text), _) => {
            let (first, rest) = first_sentence(text);
            paragraphs.push(vec![first.to_owned()]);
            paragraphs.extend((!rest.is_empty()).then(|| vec![rest.to_owned()]));
        }
        (None, Some(summary)) => paragraphs.push(vec![escape(summary)]),
        (None, None) => {}
    }
    paragraphs.extend(texts.returns.as_ref().map(|returns| {
        vec![
            continued(returns)
                .map_or_else(|| format!("Returns: {returns}"), |rest| format!("Returns {rest}")),
        ]
    }));
    match texts.notes.as_slice() {
        [] => {}
        [one] => paragraphs.push(vec![one.clone()]),
        several => paragraphs.push(several.iter().map(|note| format!("- {note}")).collect()),
    }
    paragraphs
}

/// How the method is called, and its page.
fn facts(method: &Method) -> Vec<String> {
    let of_v3 = if method.api == Api::V3 { " of REST 3" } else { "" };
    let mut text = vec![format!("Calls {}{of_v3}.", code(&method.wire))];
    // Without words, the call is the first paragraph, which rustdoc shows in lists.
    if words(method).is_empty() {
        text.push(String::new());
    }
    text.push(format!("Scope: {}.", scopes(method)));
    if method.context == Context::Application {
        text.push("Requires an OAuth application; webhooks are rejected.".to_owned());
    }
    if !method.changes {
        text.push("Read-only: the client retries a call whose response was lost.".to_owned());
    }
    text.extend(method.rate_limit.as_ref().map(rate_limit::sentence));
    text.extend(paging(method));
    if let Some(undocumented) = &method.undocumented {
        text.push(format!("{}. The next release does not contain it.", no_longer_documented(undocumented)));
    } else if let Some(page) = &method.page {
        text.push(format!("[Documentation]({SITE}/{page}.html)"));
    }
    text
}

/// What replaces the method, as far as the words about it do not say it.
fn replacement(method: &Method) -> Option<String> {
    let links = &method.texts.replaced_by;
    (!links.is_empty()).then(|| format!("Deprecated. Use {} instead.", links.join(" or ")))
}

/// Why a method should not be called any more.
fn deprecation_note(method: &Method) -> Option<String> {
    let replaced = match method.deprecated.as_deref() {
        None => None,
        Some([]) => Some("the documentation marks it as deprecated".to_owned()),
        Some(replacements) => Some(format!("replaced by {}", replacements.join(", "))),
    };
    let vanished = method
        .undocumented
        .as_ref()
        .map(|undocumented| with_small_letter(&no_longer_documented(undocumented)));
    let notes: Vec<String> = vanished.into_iter().chain(replaced).collect();
    (!notes.is_empty()).then(|| notes.join("; "))
}

/// A sentence inside of another one.
pub(super) fn with_small_letter(note: &str) -> String {
    let mut letters = note.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}", first.to_lowercase(), letters.as_str()))
}

/// Says that no document describes the method or the event.
pub(super) fn no_longer_documented(undocumented: &Undocumented) -> String {
    match &undocumented.since {
        Some(day) => format!("No longer documented since {day}"),
        None => format!("No longer documented since version {}", undocumented.version),
    }
}

/// How to read a list that is longer than one page.
fn paging(method: &Method) -> Option<String> {
    if method.row.is_none() || method.pagination == Pagination::None {
        return None;
    }
    let by_id = method
        .keyset
        .as_ref()
        .map(|keyset| format!("; with `by_id`, in ascending order of {}", code(&keyset.id)));
    Some(format!(
        "Returns one page of the list. `Client::rows` returns all rows{}.",
        by_id.unwrap_or_default()
    ))
}

fn scopes(method: &Method) -> String {
    if method.scopes.is_empty() {
        return "none".to_owned();
    }
    method.scopes.iter().map(|scope| code(scope)).collect::<Vec<_>>().join(" or ")
}

/// The rule that at least one of several sets of parameters is required.
fn alternatives(sets: &[Vec<String>]) -> Option<String> {
    if sets.is_empty() {
        return None;
    }
    let set = |names: &Vec<String>| names.iter().map(|name| code(name)).collect::<Vec<_>>().join(" with ");
    Some(format!(
        "At least one of these is required: {}.",
        sets.iter().map(set).collect::<Vec<_>>().join(", ")
    ))
}
