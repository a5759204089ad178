//! Values that a description shows as code.

use crate::extract::lexicon::values::MEANINGS;
use crate::extract::syntax::ast::{Run, Text};

/// The separators between a value and its meaning.
pub(super) const DASHES: &[char] = &['—', '–', '-', ':', '=', ';', ',', '('];

/// Whether words behind a value are its meaning: "— the first", "for the first".
fn is_meaning(words: &str) -> bool {
    words.starts_with(DASHES) || MEANINGS.begin(words)
}

/// The value that an item begins with: code, and then its meaning or nothing. An empty text in quotes is a value as well.
pub(super) fn item_value(text: &Text) -> Option<String> {
    let runs = text.runs();
    let mut runs = runs.iter().filter(|run| !run.is_blank());
    let Run::Code(code) = runs.next()? else { return None };
    let is_dash = |next: &Run<'_>| matches!(next, Run::Words(words) if is_meaning(words.trim_start()));
    let empty = || matches!(code.trim(), "\"\"" | "''").then(String::new);
    literal(code).or_else(empty).filter(|_| runs.next().is_none_or(is_dash))
}

/// A value as it is sent, without quotes around it; `None` for placeholders, operators and expressions.
pub(super) fn literal(code: &str) -> Option<String> {
    let code = code.trim();
    let quoted = |quote: char| code.strip_prefix(quote).and_then(|code| code.strip_suffix(quote));
    let code = quoted('"').or_else(|| quoted('\'')).unwrap_or(code);
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '/' | '\\' | '+');
    let is_literal = !code.is_empty()
        && code.len() <= 80
        && code.chars().all(is_part)
        && code.contains(|c: char| c.is_ascii_alphanumeric())
        && !code.contains("..")
        && !["null", "XXX"].contains(&code)
        && !code.ends_with('_')
        && !is_numbered(code);
    // A value is written as in source code, where a backslash is escaped.
    is_literal.then(|| code.replace(r"\\", r"\"))
}

/// Whether a value means numbered ones: `CAGE_N`.
pub(super) fn is_numbered(code: &str) -> bool {
    let stem = code.strip_suffix("_N").unwrap_or_default();
    !stem.is_empty() && stem.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
}
