//! The blocks of a text: headings, fences, tables, directives and their containers, and paragraphs of running text.

use std::collections::HashMap;

use crate::extract::diagnostics::PageDiagnostics;
use crate::extract::register::errors::MARKDOWN_TABLE;
use crate::extract::register::syntax::{
    BACKSLASH_ESCAPE, BLOCK_DIRECTIVE, CODE_FENCE, DEV_ONLY_BLOCK, HEADING_ANCHOR, LINK_TEXT, QUOTED_LINE,
};
use crate::extract::syntax::ast::{Block, Cell, Code, Row, Table, Text};
use crate::extract::syntax::yfm::code_spans::Fence;
use crate::extract::syntax::yfm::headings::{KnownWords, anchor, heading, is_known_heading};
use crate::extract::syntax::yfm::lines::{DEPTH_LIMIT, SourceLine};
use crate::extract::syntax::yfm::{inline, table_scanner};

/// The blocks of some lines. `depth` counts the tables around them, and `known` tells the headings at which a page goes on
/// where something is not closed.
pub(super) fn blocks(
    lines: &[SourceLine<'_>],
    depth: usize,
    known: KnownWords,
    diagnostics: &mut PageDiagnostics,
) -> Vec<Block> {
    let mut reader = Reader {
        depth,
        known,
        paragraph: Vec::new(),
        bullet: None,
        open: Vec::new(),
        blocks: Vec::new(),
        unclosed: HashMap::new(),
        diagnostics,
    };
    let mut rest = lines;
    let mut tail;
    while let Some((line, following)) = rest.split_first() {
        let taken = reader.take(*line, rest);
        rest = match taken {
            Consumed::Lines(count) => rest.get(count.max(1)..).unwrap_or_default(),
            // The rest of the line behind a table stands for a line of its own.
            Consumed::Table { height, behind } if !behind.text.trim().is_empty() => {
                tail = behind;
                reader.line(tail);
                rest.get(height..).unwrap_or_default()
            }
            Consumed::Table { height, .. } => rest.get(height..).unwrap_or(following),
        };
    }
    reader.finish()
}

/// How much of the lines a block took.
enum Consumed<'a> {
    Lines(usize),
    Table { height: usize, behind: SourceLine<'a> },
}

/// A container that is open: what it is, where it began, and the blocks that stand before it.
struct Container {
    kind: ContainerKind,
    line: usize,
    before: Vec<Block>,
}

enum ContainerKind {
    Note {
        title: String,
    },
    Tabs,
    /// A fold, or a condition that holds.
    Transparent {
        end: &'static str,
    },
    /// A condition that holds for the makers of the documentation alone.
    DevOnly,
}

struct Reader<'a, 't> {
    depth: usize,
    known: KnownWords,
    paragraph: Vec<SourceLine<'a>>,
    /// How far the mark before that paragraph is indented, where it is an item of a list.
    bullet: Option<usize>,
    open: Vec<Container>,
    blocks: Vec<Block>,
    /// For each mark the least length of a fence that was found not to be closed any more: no end of such a fence, or of a
    /// longer one, needs to be looked for again.
    unclosed: HashMap<char, usize>,
    diagnostics: &'t mut PageDiagnostics,
}

impl<'a> Reader<'a, '_> {
    /// Takes the block that the first of the lines begins, or the line as running text.
    fn take(&mut self, line: SourceLine<'a>, rest: &[SourceLine<'a>]) -> Consumed<'a> {
        if let Some(fence) = Fence::opened_by(line.text) {
            self.end_paragraph();
            return Consumed::Lines(self.fence(fence, line, rest));
        }
        if table_scanner::begins_table(line.text) {
            self.end_paragraph();
            return self.table(rest);
        }
        self.line(line);
        Consumed::Lines(1)
    }

    /// A line that is no part of a fence or a table.
    fn line(&mut self, line: SourceLine<'a>) {
        // A quotation is running text behind a mark.
        let text = line.text.trim();
        let quoted = text.strip_prefix('>').map(str::trim);
        if quoted.is_some() {
            self.diagnostics.fire(&QUOTED_LINE);
        }
        let text = quoted.unwrap_or(text);
        if text.is_empty() || text == "---" {
            return self.end_paragraph();
        }
        if let Some(directive) = text.strip_prefix("{%") {
            self.end_paragraph();
            return self.directive(directive, line.number);
        }
        let indent = line.text.len() - line.text.trim_start().len();
        let line = SourceLine { number: line.number, text };
        if let Some((level, heading)) = heading(text) {
            self.end_paragraph();
            let words = self.running_text(&[SourceLine { number: line.number, text: heading.trim() }]);
            let anchor = anchor(text);
            if anchor.is_some() {
                self.diagnostics.fire(&HEADING_ANCHOR);
            }
            return self.blocks.push(Block::Heading { level, text: words, anchor });
        }
        if let Some(item) = text.strip_prefix("- ") {
            self.end_paragraph();
            self.paragraph.push(SourceLine { number: line.number, text: item });
            self.bullet = Some(indent);
            return;
        }
        self.paragraph.push(line);
    }

    fn end_paragraph(&mut self) {
        if !self.paragraph.is_empty() {
            let lines = std::mem::take(&mut self.paragraph);
            let text = Text { bullet: self.bullet, ..self.running_text(&lines) };
            self.blocks.push(Block::Paragraph(text));
        }
        self.bullet = None;
    }

    fn running_text(&mut self, lines: &[SourceLine<'a>]) -> Text {
        let (text, escapes) = inline::text(lines);
        if escapes {
            self.diagnostics.fire(&BACKSLASH_ESCAPE);
        }
        if !text.targets.is_empty() {
            self.diagnostics.fire(&LINK_TEXT);
        }
        text
    }

    /// Takes a fence, and says how many lines it takes.
    fn fence(&mut self, fence: Fence, line: SourceLine<'a>, rest: &[SourceLine<'a>]) -> usize {
        let body = rest.get(1..).unwrap_or_default();
        let hopeless = self.unclosed.get(&fence.mark).is_some_and(|length| fence.length >= *length);
        let closing = if hopeless { None } else { body.iter().position(|line| fence.closed_by(line.text)) };
        let end = closing.unwrap_or_else(|| {
            self.unclosed.insert(fence.mark, fence.length);
            self.diagnostics.add(
                line.number,
                "this fence is not closed",
                "a line of the same marks behind the code",
            );
            body.iter().position(|line| is_known_heading(line.text, self.known)).unwrap_or(body.len())
        });
        let body = body.get(..end).unwrap_or_default();
        let mut text = String::new();
        for line in body {
            let indent = line.text.len() - line.text.trim_start_matches([' ', '\t']).len();
            text.push_str(line.text.get(indent.min(fence.indent)..).unwrap_or_default());
            text.push('\n');
        }
        self.diagnostics.fire(&CODE_FENCE);
        self.blocks.push(Block::Code(Code { line: line.number + 1, text }));
        body.len() + 1 + usize::from(closing.is_some())
    }

    fn table(&mut self, rest: &[SourceLine<'a>]) -> Consumed<'a> {
        self.diagnostics.fire(&MARKDOWN_TABLE);
        let raw = table_scanner::scan(rest, self.known, self.diagnostics);
        let last = rest.get(raw.height.saturating_sub(1)).map_or(raw.line, |line| line.number);
        let behind = SourceLine { number: last, text: raw.rest };
        if self.depth >= DEPTH_LIMIT {
            self.diagnostics.add(raw.line, "tables are nested too deep here to be read", "");
        } else {
            let rows = raw.rows.iter().map(|row| self.row(row)).collect();
            self.blocks.push(Block::Table(Table { line: raw.line, rows }));
        }
        Consumed::Table { height: raw.height, behind }
    }

    fn row(&mut self, raw: &table_scanner::RawRow<'a>) -> Row {
        let cell = |lines: &Vec<SourceLine<'a>>| Cell {
            line: lines.iter().find(|line| !line.text.trim().is_empty()).map_or(raw.line, |line| line.number),
            blocks: blocks(lines, self.depth + 1, self.known, self.diagnostics),
        };
        Row { line: raw.line, cells: raw.cells.iter().map(cell).collect() }
    }

    fn directive(&mut self, directive: &str, line: usize) {
        let directive = directive.trim_end().trim_end_matches("%}").trim();
        let word = directive.split_whitespace().next().unwrap_or_default();
        match word {
            "note" => {
                let title = directive.split('"').nth(1).unwrap_or_default().to_owned();
                self.begin(ContainerKind::Note { title }, line);
            }
            "list" => self.begin(ContainerKind::Tabs, line),
            "cut" => self.begin(ContainerKind::Transparent { end: "endcut" }, line),
            "if" if directive.contains("'dev'") || directive.contains("\"dev\"") => {
                self.begin(ContainerKind::DevOnly, line);
            }
            "if" => self.begin(ContainerKind::Transparent { end: "endif" }, line),
            "include" => {
                let target = directive.rsplit_once('(').map_or(directive, |(_, target)| target);
                let target = target.trim_end_matches(')').trim().to_owned();
                self.blocks.push(Block::Include { target, line });
            }
            "endnote" | "endlist" | "endcut" | "endif" => self.end(word, line),
            _ => {}
        }
    }

    fn begin(&mut self, kind: ContainerKind, line: usize) {
        if self.open.len() >= DEPTH_LIMIT {
            self.diagnostics.add(line, "directives are nested too deep here to be read", "");
            return;
        }
        let before = std::mem::take(&mut self.blocks);
        self.open.push(Container { kind, line, before });
    }

    /// Closes the nearest open container of that kind, and with it those that were left open inside.
    fn end(&mut self, word: &str, line: usize) {
        if !self.open.iter().any(|container| container.kind.end() == word) {
            self.diagnostics.add(line, format!("`{word}` ends what was never begun"), "");
            return;
        }
        while let Some(container) = self.open.pop() {
            let meant = container.kind.end() == word;
            self.close(container, meant);
            if meant {
                return;
            }
        }
    }

    /// Puts the blocks of a container where it stands. What makers alone should see is dropped, if it is known where it ends.
    fn close(&mut self, container: Container, closed: bool) {
        let inside = std::mem::replace(&mut self.blocks, container.before);
        if !closed {
            let end = format!("`{{% {} %}}`", container.kind.end());
            self.diagnostics.add(container.line, "this directive is not closed", end);
        }
        let is_dropped = closed && matches!(container.kind, ContainerKind::DevOnly);
        self.diagnostics.fire(if is_dropped { &DEV_ONLY_BLOCK } else { &BLOCK_DIRECTIVE });
        match container.kind {
            ContainerKind::Note { title } => self.blocks.push(Block::Note { title, blocks: inside }),
            ContainerKind::Tabs => self.blocks.push(Block::Tabs(inside)),
            ContainerKind::DevOnly if closed => {}
            ContainerKind::DevOnly | ContainerKind::Transparent { .. } => self.blocks.extend(inside),
        }
    }

    fn finish(mut self) -> Vec<Block> {
        self.end_paragraph();
        while let Some(container) = self.open.pop() {
            // An unclosed note or list must not swallow the headings behind it, so its blocks stand on their own.
            let transparent = ContainerKind::Transparent { end: container.kind.end() };
            self.close(Container { kind: transparent, ..container }, false);
        }
        self.blocks
    }
}

impl ContainerKind {
    fn end(&self) -> &'static str {
        match self {
            Self::Note { .. } => "endnote",
            Self::Tabs => "endlist",
            Self::Transparent { end } => end,
            Self::DevOnly => "endif",
        }
    }
}
