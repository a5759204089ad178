//! Reads the type in a name cell.

use crate::extract::lexicon::types::{INTEGERS, LISTS_OF, SEVERAL_OF};
use crate::extract::syntax::ast::Cell;
use crate::extract::syntax::text::prose;
use crate::schema::words::schema_of;

/// The type in a name cell: its code spans as alternatives, or a single word after the name.
pub(super) fn type_in(cell: &Cell) -> Option<String> {
    let name = prose(cell.first_line()).replace(['*', '^'], "");
    let known = |word: &str| schema_of(word.trim()).is_some_and(|schema| !schema.types.is_empty());
    let is_type = |code: &&str| {
        let joined = code.split('/').count() > 1;
        *code != name.trim() && !code.is_empty() && (!joined || code.split('/').all(known))
    };
    let code: Vec<String> =
        cell.code().into_iter().filter(is_type).map(|code| code.replace('/', "|")).collect();
    if !code.is_empty() {
        return Some(code.join("|"));
    }
    let prose = cell.prose();
    let mut words = prose.split_whitespace().skip(1);
    words.next().filter(|_| words.next().is_none()).map(str::to_owned)
}

/// The type in a cell of its own: its code spans as alternatives, or its words.
pub(super) fn type_alone(cell: &Cell) -> Option<String> {
    let code: Vec<String> = cell.code().into_iter().map(|code| code.replace('/', "|")).collect();
    if !code.is_empty() {
        return Some(code.join("|"));
    }
    in_words(&cell.prose())
}

/// A type in words: "string, integer", "array of strings", "string (optional)".
fn in_words(prose: &str) -> Option<String> {
    let alone = prose.split('(').next().unwrap_or_default().trim();
    let lower = alone.to_lowercase();
    let items = LISTS_OF.iter().find_map(|before| lower.strip_prefix(before)).map(str::trim);
    if let Some((_, item)) = SEVERAL_OF.iter().find(|(several, _)| Some(*several) == items) {
        return Some(format!("{item}[]"));
    }
    if INTEGERS.are(&lower) {
        return Some("integer".to_owned());
    }
    let parts = alone.split([',', '|', '/']).flat_map(|part| part.split(" or ")).map(str::trim);
    let parts: Vec<&str> = parts.collect();
    let is_word = |part: &&str| !part.is_empty() && !part.contains(' ');
    parts.iter().all(is_word).then(|| parts.join("|"))
}
