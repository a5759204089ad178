//! Parses Yandex Flavored Markdown: blocks, tables and running text, and the sections of a page.
//!
//! The parser reads every line a bounded number of times: open containers are on a stack and need no search, the scanner of
//! an outer table skips the nested ones, and nesting is limited.

mod blocks;
mod code_spans;
mod headings;
mod inline;
mod lines;
mod list_item;
mod page;
mod pieces;
mod table_scanner;

#[cfg(test)]
mod tests;

pub(crate) use crate::extract::syntax::yfm::page::read_page;
