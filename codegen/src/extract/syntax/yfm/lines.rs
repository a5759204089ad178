//! The numbered lines of a document, and the limit of nesting.

/// The maximum nesting of tables, notes and tabs. No page exceeds 3.
pub(super) const DEPTH_LIMIT: usize = 12;

/// A line of a document, or the part of a line that belongs to a cell.
#[derive(Clone, Copy, Debug)]
pub(super) struct SourceLine<'a> {
    pub(super) number: usize,
    pub(super) text: &'a str,
}

/// The lines of a text, numbered from `first`.
pub(super) fn lines(text: &str, first: usize) -> Vec<SourceLine<'_>> {
    text.lines().enumerate().map(|(index, text)| SourceLine { number: first + index, text }).collect()
}
