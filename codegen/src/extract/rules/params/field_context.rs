//! What a page says about one parameter or field.

use crate::descriptor::Schema;
use crate::extract::syntax::ast::Cell;

/// One row: the name and description cell of a parameter or field.
#[derive(Clone, Copy)]
pub(super) struct FieldContext<'a> {
    pub(super) name: &'a str,
    pub(super) cell: &'a Cell,
    pub(super) description: Option<&'a Cell>,
    /// What the example requests send in its place.
    pub(super) example: &'a Schema,
}
