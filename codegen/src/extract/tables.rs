//! Tables of the documentation: their columns, and what stands in the cells.

mod columns;
pub(crate) mod error_table;
pub(crate) mod field_table;
mod marked_words;
pub(crate) mod name_cell;
mod type_cell;
pub(crate) mod type_table;
