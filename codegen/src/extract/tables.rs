//! Tables of the documentation: their columns, and what stands in the cells.

pub(crate) mod columns;
pub(crate) mod field_table;
pub(crate) mod name_cell;
pub(crate) mod type_cell;
