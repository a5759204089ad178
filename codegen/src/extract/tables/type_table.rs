//! Reads the tables that define the documentation's words for types.

use crate::extract::lexicon::types::TYPE_HEAD;
use crate::extract::syntax::ast::{Cell, Row, Table};
use crate::extract::syntax::text::{Span, SpanKind};

/// A word for a type and its definition.
pub(crate) struct TypeRow<'a> {
    pub(crate) word: &'a str,
    /// The definition in lower case.
    pub(crate) description: String,
}

/// The rows of a type table that define exactly one word; none for any other table.
pub(crate) fn type_rows(table: &Table) -> impl Iterator<Item = TypeRow<'_>> {
    let head = table.rows.first().and_then(|row| row.cells.first()).map(Cell::first_line).unwrap_or_default();
    let is_of_types =
        matches!(head, [Span { kind: SpanKind::Words, text, strong: true, .. }] if text == TYPE_HEAD);
    table.rows.iter().skip(1).filter(move |_| is_of_types).filter_map(type_row)
}

fn type_row(row: &Row) -> Option<TypeRow<'_>> {
    let [name, description, ..] = row.cells.as_slice() else { return None };
    match name.code().as_slice() {
        [word] => Some(TypeRow { word, description: description.prose().to_lowercase() }),
        _ => None,
    }
}
