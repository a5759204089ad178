//! The text of a document as a page: sections, blocks, tables and running text.
//!
//! Running text is parsed here and not by a library. pulldown-cmark 0.13 was tried below the blocks, line by line, for what is
//! code, strong and linked: descriptors of three snapshots were the same, and 110 of 310 lines went. An import took a tenth longer,
//! and the rest was needed still: each line had to be kept from being read as a block, escapes undone and targets found by
//! hand, since stars, digits, brackets and entities must stay as they are written. It also reads less of what pages have:
//! no emphasis in `**UF_* fields**`, no link in the `[term](*the term)` of this Markdown.

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
