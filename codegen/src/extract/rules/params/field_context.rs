//! The context of one parameter or field: its row, and what example requests send.

use crate::descriptor::Schema;
use crate::extract::syntax::ast::Cell;
use crate::extract::tables::field_table::FieldRow;

/// One row: the name and description cell of a parameter or field.
#[derive(Clone, Copy)]
pub(super) struct FieldContext<'a> {
    pub(super) name: &'a str,
    pub(super) cell: &'a Cell,
    /// The type words in that cell.
    pub(super) type_words: Option<&'a str>,
    /// Whether these words have a column of their own.
    pub(super) type_column: bool,
    pub(super) description: Option<&'a Cell>,
    /// The default, in a column of its own.
    pub(super) default: Option<&'a Cell>,
    /// The schema of the values in example requests; unknown where none sends it.
    pub(super) example: &'a Schema,
}

impl<'a> FieldContext<'a> {
    /// The context of one of the names in a row.
    pub(super) fn of(row: &'a FieldRow<'_>, name: &'a str, example: &'a Schema) -> Self {
        let type_words = row.name.type_words.as_deref();
        let FieldRow { cell, description, default, type_column, .. } = *row;
        Self { name, cell, type_words, type_column, description, default, example }
    }
}
