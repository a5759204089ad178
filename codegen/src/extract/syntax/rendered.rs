//! Parses rendered pages: the text of a page as a browser shows it.
//!
//! Rendered text has no markup: a heading is a line that the lexicon knows, a row of a table begins with a line `|`, and
//! each of its cells ends with `|`. A cell has lost its first code span and all text after it, so a cell may be cut off,
//! and a blank cell contained a code or a status.

use crate::extract::lexicon::headings::{SectionKind, section_kind};
use crate::extract::register::errors::{RENDERED_TABLE, SECTION_HEADING};
use crate::extract::register::syntax::{RENDERED_PAGE, RENDERED_RESPONSE};
use crate::extract::syntax::ast::{Block, Cell, Code, Page, Row, Section, Span, Table, Text};

/// Parses a rendered page.
pub(crate) fn read_page(text: &str) -> Page {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let title = lines.iter().position(|line| !line.is_empty());
    let mut reader = RenderedReader {
        lines: &lines,
        next: title.map_or(lines.len(), |title| title + 1),
        page: Page::default(),
    };
    if let Some(title) = title {
        reader.page.title = text_of(title + 1, lines.get(title).copied().unwrap_or_default());
    }
    reader.page.log.fire(&RENDERED_PAGE);
    reader.sections();
    reader.page
}

/// Whether a text looks like a rendered page: it contains `|` lines or known headings, and no markup of Markdown.
pub(crate) fn is_rendered(text: &str) -> bool {
    let markdown = text.lines().any(|line| line.starts_with('#') || line.trim_start().starts_with("```"));
    !markdown && text.lines().any(|line| line.trim() == "|" || section_kind(line).is_some())
}

struct RenderedReader<'a> {
    lines: &'a [&'a str],
    next: usize,
    page: Page,
}

impl<'a> RenderedReader<'a> {
    fn peek(&self) -> Option<&'a str> {
        self.lines.get(self.next).copied()
    }

    fn sections(&mut self) {
        let mut section = Section {
            kind: SectionKind::Preamble,
            within: SectionKind::Preamble,
            heading: String::new(),
            line: 1,
            ..Section::default()
        };
        while let Some(line) = self.peek() {
            if let Some(kind) = section_kind(line) {
                self.page.log.fire(&SECTION_HEADING);
                let heading = line.trim().to_owned();
                let (within, line) = (section.kind, self.next + 1);
                let next = Section { kind, within, heading, line, ..Section::default() };
                self.page.sections.push(std::mem::replace(&mut section, next));
                self.next += 1;
                continue;
            }
            if line == "|" {
                let table = self.table();
                section.blocks.push(Block::Table(table));
            } else if section.kind == SectionKind::Examples {
                section.blocks.push(Block::Code(self.code()));
            } else if section.has_responses() && begins_json(line) {
                self.page.log.fire(&RENDERED_RESPONSE);
                section.blocks.push(Block::Code(self.json()));
            } else {
                if !line.is_empty() {
                    section.blocks.push(Block::Paragraph(text_of(self.next + 1, line)));
                }
                self.next += 1;
            }
        }
        self.page.sections.push(section);
    }

    /// Reads the code up to the next heading: the examples in all languages, one after the other.
    fn code(&mut self) -> Code {
        let start = self.next;
        let mut text = String::new();
        while let Some(line) = self.peek().filter(|line| section_kind(line).is_none()) {
            text.push_str(line);
            text.push('\n');
            self.next += 1;
        }
        Code { line: start + 1, text }
    }

    /// Reads a response in JSON until its brackets close, at most up to the next heading or table.
    fn json(&mut self) -> Code {
        let start = self.next;
        let mut text = String::new();
        let mut depth = 0_usize;
        let mut in_string = false;
        while let Some(line) = self.peek().filter(|line| section_kind(line).is_none() && *line != "|") {
            let mut escaped = false;
            for c in line.chars() {
                match c {
                    _ if escaped => escaped = false,
                    '\\' => escaped = in_string,
                    '"' => in_string = !in_string,
                    '{' | '[' if !in_string => depth += 1,
                    '}' | ']' if !in_string => depth = depth.saturating_sub(1),
                    _ => {}
                }
            }
            text.push_str(line);
            text.push('\n');
            self.next += 1;
            if depth == 0 {
                return Code { line: start + 1, text };
            }
        }
        let expected = "closing brackets before the next heading or table";
        self.page.log.add(start + 1, "the example of a response is cut off", expected);
        Code { line: start + 1, text }
    }

    fn table(&mut self) -> Table {
        let mut table = Table { line: self.next + 1, rows: Vec::new() };
        self.page.log.fire(&RENDERED_TABLE);
        let Some(head) = self.head_row() else { return table };
        let width = head.cells.len();
        table.rows.push(head);
        while self.peek() == Some("|") && width > 0 {
            match self.row(width) {
                Some(row) => table.rows.push(row),
                None => break,
            }
        }
        table
    }

    /// Reads the head row. Its cells are never blank, so it determines how many cells each row has.
    fn head_row(&mut self) -> Option<Row> {
        let mut row = Row { line: self.next + 1, cells: Vec::new() };
        self.next += 1;
        while let Some(line) = self.peek().filter(|line| *line != "|") {
            let Some(text) = line.strip_suffix('|') else { break };
            row.cells.push(cell(self.next + 1, text));
            self.next += 1;
        }
        if row.cells.is_empty() {
            self.page.log.add(row.line, "the head row of the table has no cells", "cells that end with ` |`");
            return None;
        }
        Some(row)
    }

    fn row(&mut self, width: usize) -> Option<Row> {
        let mut row = Row { line: self.next + 1, cells: Vec::new() };
        self.next += 1;
        while row.cells.len() < width {
            match self.cell() {
                Some(cell) => row.cells.push(cell),
                None => {
                    let message =
                        format!("the table ends inside a row, after {} of {width} cells", row.cells.len());
                    self.page.log.add(row.line, message, "a cell for each column; this row is skipped");
                    return None;
                }
            }
        }
        Some(row)
    }

    /// Reads a cell: the lines up to one that ends with `|`. A cell contains no heading.
    fn cell(&mut self) -> Option<Cell> {
        let start = self.next;
        let mut words: Vec<&str> = Vec::new();
        while let Some(line) = self.peek() {
            if line != "|" && section_kind(line).is_some() {
                return None;
            }
            self.next += 1;
            match line.strip_suffix('|') {
                Some(last) => {
                    words.push(last.trim_end());
                    return Some(cell(start + 1, &words.join(" ")));
                }
                None => words.push(line),
            }
        }
        None
    }
}

impl Section {
    /// Whether the section may contain examples of responses.
    fn has_responses(&self) -> bool {
        matches!(self.kind, SectionKind::Response | SectionKind::ReturnedData | SectionKind::Errors)
    }
}

fn begins_json(line: &str) -> bool {
    line.starts_with(['{', '[']) || matches!(line, "true" | "false" | "null")
}

fn cell(line: usize, text: &str) -> Cell {
    let text = text.trim();
    let blocks = if text.is_empty() { Vec::new() } else { vec![Block::Paragraph(text_of(line, text))] };
    Cell { line, blocks }
}

fn text_of(line: usize, text: &str) -> Text {
    Text { line, spans: vec![Span { text: text.to_owned(), ..Span::default() }], ..Text::default() }
}
