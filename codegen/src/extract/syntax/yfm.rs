//! Yandex Flavored Markdown: a tokenizer for its blocks, tables and running text, and the reader of pages made of them.
//!
//! Every line is looked at a bounded number of times: containers are kept on a stack and not searched for, a nested table
//! is passed over while its outer one is read, and nesting has a limit.

mod blocks;
mod code_spans;
mod inline;
mod page;
mod table_scanner;

#[cfg(test)]
mod tests;

pub(crate) use crate::extract::syntax::yfm::page::read_page;

/// How deep tables, notes and tabs may stand inside one another. No page goes beyond three.
const DEPTH_LIMIT: usize = 12;

/// A line of a document, or the part of it that belongs to a cell.
#[derive(Clone, Copy, Debug)]
struct SourceLine<'a> {
    number: usize,
    text: &'a str,
}

/// The lines of a text, the first of which has the given number.
fn lines(text: &str, first: usize) -> Vec<SourceLine<'_>> {
    text.lines().enumerate().map(|(index, text)| SourceLine { number: first + index, text }).collect()
}
