//! Yandex Flavored Markdown: a tokenizer for its blocks, tables and running text, and the reader of pages made of them.
//!
//! Every line is looked at a bounded number of times: containers are kept on a stack and not searched for, a nested table
//! is passed over while its outer one is read, and nesting has a limit.

mod blocks;
mod code_spans;
mod headings;
mod inline;
mod lines;
mod page;
mod pieces;
mod table_scanner;

#[cfg(test)]
mod tests;

pub(crate) use crate::extract::syntax::yfm::page::read_page;
