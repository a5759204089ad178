//! The documentation of parameters, fields and setters: the words, then the facts of the descriptor.

use proc_macro2::TokenStream;

use super::lines;
use super::text::{code, escape};
use crate::model::{Field, FieldDocs, first_sentence};

/// How many values are listed with their words.
const MAX_VALUES: usize = 24;

/// The documentation of a parameter or a field.
///
/// ```text
/// /// How urgent the task is.
/// /// - `1`: medium.
/// /// - `2`: high.
/// ///
/// /// Default: `1`.
/// ///
/// /// `PRIORITY`: integer, optional.
/// ```
pub fn field(field: &Field) -> TokenStream {
    lines(&field_lines(field))
}

/// The documentation of a setter: what it sets, and the first sentence about it.
pub(in crate::emit) fn setter(field: &Field) -> TokenStream {
    let name = field.name.bare();
    let about = match &field.docs.text {
        Some(text) => format!(": {}", first_sentence(text).0),
        None => format!(", {}.", code(&field.wire)),
    };
    lines(&[format!("Sets [`{name}`](Self#structfield.{name}){about}")])
}

fn field_lines(field: &Field) -> Vec<String> {
    let docs = &field.docs;
    let facts = format!("{}: {}.", code(&field.wire), facts(docs).join(", "));
    let mut words: Vec<String> = [&docs.text, &docs.format_text].into_iter().flatten().cloned().collect();
    words = if words.is_empty() { words } else { vec![words.join(" ")] };
    words.extend(values(field));
    if let Some(default) = &docs.default {
        if !docs.value_texts.is_empty() {
            words.push(String::new());
        }
        words.push(format!("Default: {}.", code(default)));
    }
    if docs.deprecated {
        words.push("Deprecated.".to_owned());
    }
    let has_words = docs.text.is_some() || docs.format_text.is_some() || !docs.value_texts.is_empty();
    match (has_words, words.is_empty()) {
        (_, true) => vec![facts],
        // Without words, the facts come first.
        (false, _) => std::iter::once(facts).chain(words).collect(),
        (true, _) => words.into_iter().chain([String::new(), facts]).collect(),
    }
}

/// The values, with their words if there are some.
fn values(field: &Field) -> Vec<String> {
    let docs = &field.docs;
    if docs.value_texts.is_empty() {
        let values: Vec<String> = docs.values.iter().map(|value| code(value)).collect();
        return if values.is_empty() {
            Vec::new()
        } else {
            vec![format!("Documented values: {}.", values.join(", "))]
        };
    }
    let listed = docs.value_texts.iter().take(MAX_VALUES);
    let mut lines: Vec<String> = listed.map(|(value, text)| format!("- {}: {text}", code(value))).collect();
    let has_words =
        |value: &&String| docs.value_texts.get_index_of(value.as_str()).is_some_and(|at| at < MAX_VALUES);
    let others: Vec<String> =
        docs.values.iter().filter(|value| !has_words(value)).map(|value| code(value)).collect();
    if !others.is_empty() {
        lines.extend([String::new(), format!("Other values: {}.", others.join(", "))]);
    }
    lines
}

/// The documented type, limits and presence.
fn facts(docs: &FieldDocs) -> Vec<String> {
    let mut parts = vec![escape(&docs.type_name)];
    parts.extend(bounds(docs));
    match docs.required {
        Some(true) => parts.push("required".to_owned()),
        Some(false) => parts.push("optional".to_owned()),
        None => {}
    }
    parts
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
