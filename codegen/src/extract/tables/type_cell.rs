//! Reads the type in a name cell.

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
    let words = cell.prose().replace(" | ", "|").replace(" / ", "|").replace('/', "|");
    Some(words).filter(|words| !words.is_empty() && !words.contains(' '))
}
