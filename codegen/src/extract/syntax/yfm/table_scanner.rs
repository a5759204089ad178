//! The extent of a table: which parts of which lines belong to which cell of which row.
//!
//! A table stands between `#|` and `|#`, a row between two `||`, and cells are apart by `|`. None of these counts inside a
//! code span, a fence or a nested table, or behind a backslash.

use crate::extract::diagnostics::PageDiagnostics;
use crate::extract::register::syntax::UNCLOSED_TABLE;
use crate::extract::syntax::yfm::code_spans::{Fence, code_spans};
use crate::extract::syntax::yfm::headings::{KnownWords, is_known_heading};
use crate::extract::syntax::yfm::lines::SourceLine;

/// A table, cut into cells that are not looked into yet.
pub(super) struct RawTable<'a> {
    pub(super) line: usize,
    pub(super) rows: Vec<RawRow<'a>>,
    /// How many lines it takes, counted from the one that it begins in.
    pub(super) height: usize,
    /// What stands in its last line behind it.
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

/// Cuts the table that the first of these lines begins. A table that is not closed ends before a heading of known words.
pub(super) fn scan<'a>(
    lines: &[SourceLine<'a>],
    known: KnownWords,
    diagnostics: &mut PageDiagnostics,
) -> RawTable<'a> {
    let first = lines.first().map_or(1, |line| line.number);
    let mut scanner =
        TableScanner { rows: Vec::new(), row: None, nested: Vec::new(), fence: None, diagnostics };
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
    /// The row that is open.
    row: Option<RawRow<'a>>,
    /// The lines in which nested tables began that are open.
    nested: Vec<usize>,
    /// The fence that is open, and its line.
    fence: Option<(Fence, usize)>,
    diagnostics: &'t mut PageDiagnostics,
}

/// A mark of a table.
#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Open,
    Close,
    Row,
    Cell,
}

impl<'a> TableScanner<'a, '_> {
    /// Reads a line from a byte on; the byte behind the end of the table, if it ends there.
    fn read(&mut self, line: SourceLine<'a>, begin: usize) -> Option<usize> {
        let mut from = begin;
        if let Some((fence, _)) = self.fence {
            match fence.after_close(line.text) {
                None => {
                    self.take(line, begin..line.text.len());
                    return None;
                }
                // The closing mark stays with the cell; what follows it is read as any text.
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

    /// Gives a part of a line to the open cell.
    fn take(&mut self, line: SourceLine<'a>, part: std::ops::Range<usize>) {
        let text = line.text.get(part).unwrap_or_default();
        if let Some(cell) = self.row.as_mut().and_then(|row| row.cells.last_mut()) {
            cell.push(SourceLine { number: line.number, text });
        }
    }

    /// `||` ends the open row or begins one. At the head of a line with more behind it, it can only begin one.
    fn row_mark(&mut self, line: SourceLine<'a>, at: usize) {
        let head = line.text.get(..at).unwrap_or_default().trim().is_empty();
        let behind = line.text.get(at + 2..).unwrap_or_default().trim();
        let begins = head && !behind.is_empty() && !behind.starts_with("|#");
        match self.row.take() {
            Some(row) if begins => {
                self.diagnostics.fire(&UNCLOSED_TABLE);
                self.diagnostics.add(row.line, "this row of the table is not closed", "`||` at its end");
                self.rows.push(row);
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
            self.diagnostics.fire(&UNCLOSED_TABLE);
            self.diagnostics.add(row.line, "this row of the table is not closed", "`||` at its end");
            self.rows.push(row);
        }
    }

    /// The lines are at an end or a new section begins, and the table is not closed.
    fn give_up(&mut self, first: usize) {
        let (line, what) = match (&self.fence, self.nested.last(), &self.row) {
            (Some((_, line)), _, _) => (*line, "the page goes on or ends inside this fence of a table"),
            (None, Some(line), _) => (*line, "the page goes on or ends inside this nested table"),
            (None, None, Some(row)) => (row.line, "the page goes on or ends inside this row of a table"),
            (None, None, None) => (first, "the page goes on or ends inside this table"),
        };
        self.diagnostics.fire(&UNCLOSED_TABLE);
        self.diagnostics.add(line, what, "`|#` at the end of the table; what was read so far is used");
        // A row that is cut off may have lost half a word, so it is not used.
        self.row = None;
    }
}

/// The marks of tables in a line, outside code spans and not escaped.
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
