//! The text of a document as a page: sections, blocks, tables and running text.

pub(crate) mod ast;
pub(crate) mod calls;
pub(crate) mod curl;
pub(crate) mod format;
pub(crate) mod front_matter;
pub(crate) mod includes;
pub(crate) mod json;
pub(crate) mod json_repair;
pub(crate) mod parsed;
pub(crate) mod rendered;
pub(crate) mod text;
pub(crate) mod typescript;
pub(crate) mod yfm;
