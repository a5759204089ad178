//! Tables of the documentation's own words for types.

use crate::extract::syntax::ast::{Cell, Row, Table};
use crate::extract::syntax::text::{Span, SpanKind};

/// What stands at the head of such a table.
pub(crate) const TYPE_HEAD: &str = "Type";

/// A word for a type.
pub(crate) struct TypeRow<'a> {
    pub(crate) word: &'a str,
    /// What it stands for, in lower case.
    pub(crate) description: String,
}

/// The rows of a table of types that give one word each; none where it is a table of something else.
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
