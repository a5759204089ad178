//! The documentation of generated items: facts of the descriptor in sentences of this file.

use proc_macro2::TokenStream;
use quote::quote;

use super::rate_limit;
use crate::descriptor::{Api, Context, Pagination, Undocumented};
use crate::model::{ErrorEnum, ErrorVariant, Field, FieldDocs, Method, Module, ModulePath, RustName};

/// The root of the documentation pages.
const SITE: &str = "https://apidocs.bitrix24.com";

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

/// The documentation of a module.
pub(super) fn module(path: &ModulePath, module: &Module) -> TokenStream {
    let wire =
        |method: &Method| method.wire.rsplit_once('.').map_or(String::new(), |(prefix, _)| prefix.to_owned());
    let line = match module.methods.first() {
        Some(method) if method.api == Api::V3 => format!("Methods of {} in REST 3.", code(&wire(method))),
        Some(method) if !wire(method).is_empty() => format!("Methods of {}.", code(&wire(method))),
        Some(_) => "Methods with names of one word.".to_owned(),
        None => {
            let words: Vec<&str> = path.0.iter().map(RustName::bare).collect();
            format!("Modules of {}.", code(&words.join(".")))
        }
    };
    inner(&[line])
}

/// The documentation of a method's function.
pub(super) fn method(method: &Method) -> TokenStream {
    let mut text = Vec::new();
    let call =
        format!("Calls {}{}.", code(&method.wire), if method.api == Api::V3 { " of REST 3" } else { "" });
    match &method.summary {
        Some(summary) => text.extend([escape(summary), String::new(), call]),
        None => text.push(call),
    }
    text.push(String::new());
    text.push(format!("Scope: {}.", scopes(method)));
    if method.context == Context::Application {
        text.push("Requires an OAuth application; webhooks are rejected.".to_owned());
    }
    if !method.changes {
        text.push("Read-only: the client retries a call whose response was lost.".to_owned());
    }
    text.extend(method.rate_limit.as_ref().map(rate_limit::sentence));
    text.extend(paging(method));
    if let Some(rule) = alternatives(&method.request.alternatives) {
        text.extend([String::new(), rule]);
    }
    if !method.error.variants.is_empty() {
        text.extend([String::new(), "# Errors".to_owned()]);
        text.extend(error_table(&method.error));
    }
    if let Some(undocumented) = &method.undocumented {
        let note = format!("{}. The next release does not contain it.", no_longer_documented(undocumented));
        text.extend([String::new(), note]);
    } else if let Some(page) = &method.page {
        text.extend([String::new(), format!("[Documentation]({SITE}/{page}.html)")]);
    }
    let deprecated = deprecation_note(method).map(|note| quote! { #[deprecated(note = #note)] });
    let text = lines(&text);
    quote! { #text #deprecated }
}

/// Why a method should not be called any more.
fn deprecation_note(method: &Method) -> Option<String> {
    let replaced = match method.deprecated.as_deref() {
        None => None,
        Some([]) => Some("the documentation marks it as deprecated".to_owned()),
        Some(replacements) => Some(format!("replaced by {}", replacements.join(", "))),
    };
    let vanished = method.undocumented.as_ref().map(|undocumented| {
        let note = no_longer_documented(undocumented);
        let mut letters = note.chars();
        letters
            .next()
            .map_or_else(String::new, |first| format!("{}{}", first.to_lowercase(), letters.as_str()))
    });
    let notes: Vec<String> = vanished.into_iter().chain(replaced).collect();
    (!notes.is_empty()).then(|| notes.join("; "))
}

/// Says that no document describes the method.
fn no_longer_documented(undocumented: &Undocumented) -> String {
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

/// A table of errors: variant, code and status.
fn error_table(error: &ErrorEnum) -> Vec<String> {
    let mut table = vec![
        format!("Variants of [`{}`]:", error.name),
        String::new(),
        "| variant | code | status |".to_owned(),
        "|---|---|---|".to_owned(),
    ];
    for variant in error.variants.iter().filter(|variant| !variant.historical) {
        let status = variant.status.map_or("not documented".to_owned(), |status| status.to_string());
        let name = &variant.name;
        table.push(format!(
            "| [`{name}`]({}::{name}) | {} | {status} |",
            error.name,
            cell(&code_or_none(&variant.code))
        ));
    }
    table
}

/// The documentation of one error.
pub(super) fn error(variant: &ErrorVariant) -> TokenStream {
    let mut text = code_or_none(&variant.code);
    if let Some(message) = &variant.message {
        text.push_str(&format!(", message {}", code(message)));
    }
    if let Some(status) = variant.status {
        text.push_str(&format!(", HTTP {status}"));
    }
    text.push('.');
    if variant.historical {
        text.push_str(" No longer documented; still decoded.");
    }
    lines(&[text])
}

fn code_or_none(wire: &str) -> String {
    if wire.is_empty() { "No code".to_owned() } else { code(wire) }
}

/// The documentation of a parameter or a field: wire name, type, limits, values and default.
pub fn field(field: &Field) -> TokenStream {
    lines(&field_lines(field))
}

/// The documentation of a setter.
pub(super) fn setter(field: &Field) -> TokenStream {
    let mut text = field_lines(field);
    if let Some(first) = text.first_mut() {
        first.insert_str(0, "Sets ");
    }
    lines(&text)
}

fn field_lines(field: &Field) -> Vec<String> {
    let docs = &field.docs;
    let mut parts = vec![escape(&docs.type_name)];
    parts.extend(bounds(docs));
    match docs.required {
        Some(true) => parts.push("required".to_owned()),
        Some(false) => parts.push("optional".to_owned()),
        None => {}
    }
    let mut text = vec![format!("{}: {}.", code(&field.wire), parts.join(", "))];
    if !docs.values.is_empty() {
        let values: Vec<String> = docs.values.iter().map(|value| code(value)).collect();
        text.push(format!("Documented values: {}.", values.join(", ")));
    }
    if let Some(default) = &docs.default {
        text.push(format!("Default: {}.", code(default)));
    }
    if docs.deprecated {
        text.push("Deprecated.".to_owned());
    }
    text
}

/// Ranges and lengths.
fn bounds(docs: &FieldDocs) -> Vec<String> {
    let mut limits = Vec::new();
    match &docs.range {
        (Some(low), Some(high)) => limits.push(format!("from {low} to {high}")),
        (Some(low), None) => limits.push(format!("at least {low}")),
        (None, Some(high)) => limits.push(format!("at most {high}")),
        (None, None) => {}
    }
    match docs.length {
        (Some(low), Some(high)) => limits.push(format!("{low} to {high} characters")),
        (Some(low), None) => limits.push(format!("at least {low} characters")),
        (None, Some(high)) => limits.push(format!("at most {high} characters")),
        (None, None) => {}
    }
    limits.extend(docs.max_items.map(|count| format!("at most {count} items")));
    limits.extend(docs.pattern.as_ref().map(|pattern| format!("matching {}", code(pattern))));
    limits
}

/// Formats a code span, with a fence that is longer than any run of backticks in the text.
pub fn code(text: &str) -> String {
    let (mut longest, mut run) = (0, 0);
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Escapes what Markdown and rustdoc would interpret.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '[' | ']' | '<' | '>' | '*' | '`' | '\\' | '|') {
            escaped.push('\\');
        }
        escaped.push(if c.is_control() { ' ' } else { c });
    }
    escaped
}

/// Escapes a text for a table cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
