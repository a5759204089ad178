//! Reads the tables of the documentation: columns, rows and the content of cells.

mod columns;
pub(crate) mod error_table;
pub(crate) mod field_table;
mod marked_words;
pub(crate) mod name_cell;
pub(crate) mod placement_table;
mod type_cell;
pub(crate) mod type_table;
