//! Parses the text of a document into a page: sections, blocks, tables and running text.
//!
//! Running text is parsed here and not by a library. pulldown-cmark 0.13 was tried below the blocks, line by line, for code
//! spans, emphasis and links: the descriptors of three snapshots stayed the same, and 110 of 310 lines became needless. An
//! import took a tenth longer, and the other lines were still needed: each line had to be protected from being parsed as a
//! block, and escapes and link targets had to be handled by hand, since stars, digits, brackets and entities must stay as
//! they are written. The library also recognises less of what pages contain: no emphasis in `**UF_* fields**`, no link in
//! the `[term](*the term)` of this Markdown.

pub(crate) mod ast;
pub(crate) mod calls;
pub(crate) mod curl;
pub(crate) mod format;
pub(crate) mod front_matter;
pub(crate) mod includes;
pub(crate) mod json;
pub(crate) mod json_repair;
pub(crate) mod parsed;
pub(crate) mod php_array;
pub(crate) mod rendered;
pub(crate) mod text;
pub(crate) mod typescript;
pub(crate) mod yfm;
