//! The lines of a document.

/// How deep tables, notes and tabs may stand inside one another. No page goes beyond three.
pub(super) const DEPTH_LIMIT: usize = 12;

/// A line of a document, or the part of it that belongs to a cell.
#[derive(Clone, Copy, Debug)]
pub(super) struct SourceLine<'a> {
    pub(super) number: usize,
    pub(super) text: &'a str,
}

/// The lines of a text, the first of which has the given number.
pub(super) fn lines(text: &str, first: usize) -> Vec<SourceLine<'_>> {
    text.lines().enumerate().map(|(index, text)| SourceLine { number: first + index, text }).collect()
}
