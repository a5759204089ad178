//! Splits a table into rows and cells: which parts of which lines belong to which cell.
//!
//! `#|` and `|#` enclose a table, `||` encloses a row, and `|` separates cells. None of these counts inside a code span, a
//! fence or a nested table, or after a backslash.

use crate::extract::page_log::PageLog;
use crate::extract::register::syntax::UNCLOSED_TABLE;
use crate::extract::syntax::yfm::code_spans::{Fence, code_spans};
use crate::extract::syntax::yfm::headings::{KnownWords, is_known_heading};
use crate::extract::syntax::yfm::lines::SourceLine;

/// A table split into cells that are not parsed yet.
pub(super) struct RawTable<'a> {
    pub(super) line: usize,
    pub(super) rows: Vec<RawRow<'a>>,
    /// The number of its lines.
    pub(super) height: usize,
    /// The text after the table in its last line.
    pub(super) rest: &'a str,
}

pub(super) struct RawRow<'a> {
    pub(super) line: usize,
    pub(super) cells: Vec<Vec<SourceLine<'a>>>,
}

/// Whether a line begins a table.
pub(super) fn begins_table(line: &str) -> bool {
    line.trim_start().starts_with("#|")
}

/// Splits the table that begins in the first line. An unclosed table ends before a known heading.
pub(super) fn scan<'a>(lines: &[SourceLine<'a>], known: KnownWords, log: &mut PageLog) -> RawTable<'a> {
    let first = lines.first().map_or(1, |line| line.number);
    let mut scanner = TableScanner { rows: Vec::new(), row: None, nested: Vec::new(), fence: None, log };
    for (index, line) in lines.iter().enumerate() {
        let begin = if index == 0 { line.text.find("#|").map_or(0, |at| at + 2) } else { 0 };
        if index > 0 && is_known_heading(line.text, known) {
            scanner.give_up(first);
            return RawTable { line: first, rows: scanner.rows, height: index, rest: "" };
        }
        if let Some(end) = scanner.read(*line, begin) {
            let rest = line.text.get(end..).unwrap_or_default();
            return RawTable { line: first, rows: scanner.rows, height: index + 1, rest };
        }
    }
    scanner.give_up(first);
    RawTable { line: first, rows: scanner.rows, height: lines.len(), rest: "" }
}

struct TableScanner<'a, 't> {
    rows: Vec<RawRow<'a>>,
    /// The open row.
    row: Option<RawRow<'a>>,
    /// The first lines of the open nested tables.
    nested: Vec<usize>,
    /// The open fence and its line.
    fence: Option<(Fence, usize)>,
    log: &'t mut PageLog,
}

/// A delimiter of tables, rows and cells.
#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Open,
    Close,
    Row,
    Cell,
}

impl<'a> TableScanner<'a, '_> {
    /// Scans a line from byte `begin`. Returns the byte after the end of the table if the line ends it.
    fn read(&mut self, line: SourceLine<'a>, begin: usize) -> Option<usize> {
        let mut from = begin;
        if let Some((fence, _)) = self.fence {
            match fence.after_close(line.text) {
                None => {
                    self.take(line, begin..line.text.len());
                    return None;
                }
                // The closing characters belong to the cell; the text after them is scanned as usual.
                Some(rest) => {
                    self.fence = None;
                    from = line.text.len() - rest.len();
                    self.take(line, begin..from);
                }
            }
        }
        let mut behind_marks = from;
        for (at, mark) in marks(line.text, from) {
            let width = if mark == Mark::Cell { 1 } else { 2 };
            behind_marks = at + width;
            match (mark, self.nested.is_empty()) {
                (Mark::Open, _) if self.row.is_some() => {
                    self.nested.push(line.number);
                    continue;
                }
                (Mark::Open, _) => {}
                (Mark::Close, false) => {
                    self.nested.pop();
                    continue;
                }
                (_, false) => continue,
                (Mark::Close, true) => {
                    self.take(line, from..at);
                    self.end(line.number);
                    return Some(at + width);
                }
                (Mark::Row, true) => {
                    self.take(line, from..at);
                    self.row_mark(line, at);
                }
                (Mark::Cell, true) => {
                    self.take(line, from..at);
                    if let Some(row) = &mut self.row {
                        row.cells.push(Vec::new());
                    }
                }
            }
            from = at + width;
        }
        let tail = line.text.get(behind_marks..).unwrap_or_default();
        self.fence = Fence::opened_by(tail).map(|fence| (fence, line.number));
        self.take(line, from..line.text.len());
        None
    }

    /// Appends a part of a line to the open cell.
    fn take(&mut self, line: SourceLine<'a>, part: std::ops::Range<usize>) {
        let text = line.text.get(part).unwrap_or_default();
        if let Some(cell) = self.row.as_mut().and_then(|row| row.cells.last_mut()) {
            cell.push(SourceLine { number: line.number, text });
        }
    }

    /// `||` ends the open row or begins one. At the head of a line with more text after it, it always begins a row.
    fn row_mark(&mut self, line: SourceLine<'a>, at: usize) {
        let head = line.text.get(..at).unwrap_or_default().trim().is_empty();
        let after = line.text.get(at + 2..).unwrap_or_default().trim();
        let begins = head && !after.is_empty() && !after.starts_with("|#");
        match self.row.take() {
            Some(row) if begins => {
                self.unclosed_row(row);
                self.row = Some(RawRow { line: line.number, cells: vec![Vec::new()] });
            }
            Some(row) => self.rows.push(row),
            None => self.row = Some(RawRow { line: line.number, cells: vec![Vec::new()] }),
        }
    }

    fn end(&mut self, line: usize) {
        let Some(row) = self.row.take() else { return };
        let blank = row.cells.iter().flatten().all(|part| part.text.trim().is_empty());
        if !blank || row.line != line {
            self.unclosed_row(row);
        }
    }

    /// Keeps a row that has no `||` at its end, and reports it.
    fn unclosed_row(&mut self, row: RawRow<'a>) {
        self.log.fire(&UNCLOSED_TABLE);
        self.log.add(row.line, "the table row is not closed", "`||` at its end");
        self.rows.push(row);
    }

    /// Reports that the table is not closed before the end of the lines or the next known heading.
    fn give_up(&mut self, first: usize) {
        let (line, what) = match (&self.fence, self.nested.last(), &self.row) {
            (Some((_, line)), _, _) => (*line, "a code fence inside the table is not closed"),
            (None, Some(line), _) => (*line, "the nested table is not closed"),
            (None, None, Some(row)) => (row.line, "the table and its last row are not closed"),
            (None, None, None) => (first, "the table is not closed"),
        };
        self.log.fire(&UNCLOSED_TABLE);
        self.log.add(line, what, "`|#` at the end of the table; its complete rows are used");
        // A row that is cut off may have lost half a word, so it is dropped.
        self.row = None;
    }
}

/// The delimiters in a line outside code spans that are not escaped, with their bytes.
fn marks(line: &str, from: usize) -> Vec<(usize, Mark)> {
    let bytes = line.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(b' ');
    let code = code_spans(line);
    let mut code = code.iter().peekable();
    let mut marks = Vec::new();
    let mut at = from;
    while at < bytes.len() {
        while code.next_if(|span| span.whole.end <= at).is_some() {}
        if let Some(span) = code.peek().filter(|span| span.whole.start <= at) {
            at = span.whole.end;
            continue;
        }
        let before = if at == 0 { b' ' } else { byte(at - 1) };
        let (mark, width) = match (byte(at), byte(at + 1)) {
            (b'\\', _) => (None, 2),
            (b'#', b'|') if before.is_ascii_whitespace() || before == b'|' => (Some(Mark::Open), 2),
            (b'|', b'#') if !byte(at + 2).is_ascii_alphanumeric() && byte(at + 2) != b'|' => {
                (Some(Mark::Close), 2)
            }
            (b'|', b'|') => (Some(Mark::Row), 2),
            (b'|', _) => (Some(Mark::Cell), 1),
            _ => (None, 1),
        };
        if let Some(mark) = mark {
            marks.push((at, mark));
        }
        at += width;
    }
    marks
}
