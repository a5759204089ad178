//! Parses lines into blocks: headings, fences, tables, directives with their containers, and paragraphs.

use std::collections::HashMap;

use crate::extract::page_log::PageLog;
use crate::extract::register::errors::MARKDOWN_TABLE;
use crate::extract::register::syntax::{
    BACKSLASH_ESCAPE, BLOCK_DIRECTIVE, CODE_FENCE, DEV_ONLY_BLOCK, HEADING_ANCHOR, LINK_TEXT, QUOTED_LINE,
};
use crate::extract::syntax::ast::{Block, Cell, Code, Row, Table, Text};
use crate::extract::syntax::yfm::code_spans::Fence;
use crate::extract::syntax::yfm::headings::{KnownWords, anchor, heading, is_known_heading};
use crate::extract::syntax::yfm::lines::{DEPTH_LIMIT, SourceLine};
use crate::extract::syntax::yfm::list_item::list_item;
use crate::extract::syntax::yfm::{inline, table_scanner};

/// Parses lines into blocks. `depth` counts the enclosing tables; `known` recognises the headings at which an unclosed
/// fence or table ends.
pub(super) fn blocks(
    lines: &[SourceLine<'_>],
    depth: usize,
    known: KnownWords,
    log: &mut PageLog,
) -> Vec<Block> {
    let mut reader = BlockReader {
        depth,
        known,
        paragraph: Vec::new(),
        bullet: None,
        open: Vec::new(),
        blocks: Vec::new(),
        unclosed: HashMap::new(),
        log,
    };
    let mut rest = lines;
    let mut tail;
    while let Some((line, following)) = rest.split_first() {
        let taken = reader.take(*line, rest);
        rest = match taken {
            Consumed::Lines(count) => rest.get(count.max(1)..).unwrap_or_default(),
            // The text after a table in its last line is parsed as a separate line.
            Consumed::Table { height, after } if !after.text.trim().is_empty() => {
                tail = after;
                reader.line(tail);
                rest.get(height..).unwrap_or_default()
            }
            Consumed::Table { height, .. } => rest.get(height..).unwrap_or(following),
        };
    }
    reader.finish()
}

/// How many lines a block consumed.
enum Consumed<'a> {
    Lines(usize),
    /// The lines of a table, and the text after it in the last one.
    Table {
        height: usize,
        after: SourceLine<'a>,
    },
}

/// An open container: its kind, its first line, and the blocks before it.
struct OpenDirective {
    kind: ContainerKind,
    line: usize,
    before: Vec<Block>,
}

enum ContainerKind {
    Note {
        title: String,
    },
    Tabs,
    /// A fold (`cut`), or a condition that holds.
    Transparent {
        end: &'static str,
    },
    /// A condition that holds only for the authors of the documentation.
    DevOnly,
}

struct BlockReader<'a, 't> {
    depth: usize,
    known: KnownWords,
    paragraph: Vec<SourceLine<'a>>,
    /// The indentation of the list marker, if the open paragraph is a list item.
    bullet: Option<usize>,
    open: Vec<OpenDirective>,
    blocks: Vec<Block>,
    /// For each fence character, the minimum length of a fence known to be unclosed up to the end of the text: the parser
    /// does not search again for the end of a fence of that length or longer.
    unclosed: HashMap<char, usize>,
    log: &'t mut PageLog,
}

impl<'a> BlockReader<'a, '_> {
    /// Parses the block that begins in the first line, or the line as running text.
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

    /// Parses a line outside fences and tables.
    fn line(&mut self, line: SourceLine<'a>) {
        // A quotation is running text after `>`.
        let text = line.text.trim();
        let quoted = text.strip_prefix('>').map(str::trim);
        if quoted.is_some() {
            self.log.fire(&QUOTED_LINE);
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
                self.log.fire(&HEADING_ANCHOR);
            }
            return self.blocks.push(Block::Heading { level, text: words, anchor });
        }
        if let Some(item) = list_item(text) {
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
            self.log.fire(&BACKSLASH_ESCAPE);
        }
        if !text.targets.is_empty() {
            self.log.fire(&LINK_TEXT);
        }
        text
    }

    /// Parses a fence. Returns the number of its lines.
    fn fence(&mut self, fence: Fence, line: SourceLine<'a>, rest: &[SourceLine<'a>]) -> usize {
        let body = rest.get(1..).unwrap_or_default();
        let known_unclosed = self.unclosed.get(&fence.mark).is_some_and(|length| fence.length >= *length);
        let closing =
            if known_unclosed { None } else { body.iter().position(|line| fence.closed_by(line.text)) };
        let end = closing.unwrap_or_else(|| {
            self.unclosed.insert(fence.mark, fence.length);
            self.log.add(
                line.number,
                "the code fence is not closed",
                "a line of the same characters after the code",
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
        self.log.fire(&CODE_FENCE);
        self.blocks.push(Block::Code(Code { line: line.number + 1, text }));
        body.len() + 1 + usize::from(closing.is_some())
    }

    fn table(&mut self, rest: &[SourceLine<'a>]) -> Consumed<'a> {
        self.log.fire(&MARKDOWN_TABLE);
        let raw = table_scanner::scan(rest, self.known, self.log);
        let last = rest.get(raw.height.saturating_sub(1)).map_or(raw.line, |line| line.number);
        let after = SourceLine { number: last, text: raw.rest };
        if self.depth >= DEPTH_LIMIT {
            self.log.add(raw.line, "the table is nested too deep and is skipped", "");
        } else {
            let rows = raw.rows.iter().map(|row| self.row(row)).collect();
            self.blocks.push(Block::Table(Table { line: raw.line, rows }));
        }
        Consumed::Table { height: raw.height, after }
    }

    fn row(&mut self, raw: &table_scanner::RawRow<'a>) -> Row {
        let cell = |lines: &Vec<SourceLine<'a>>| Cell {
            line: lines.iter().find(|line| !line.text.trim().is_empty()).map_or(raw.line, |line| line.number),
            blocks: blocks(lines, self.depth + 1, self.known, self.log),
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
            self.log.add(line, "the directive is nested too deep and is ignored", "");
            return;
        }
        let before = std::mem::take(&mut self.blocks);
        self.open.push(OpenDirective { kind, line, before });
    }

    /// Closes the innermost open container that the directive ends, and the unclosed containers inside it.
    fn end(&mut self, word: &str, line: usize) {
        if !self.open.iter().any(|container| container.kind.end() == word) {
            self.log.add(line, format!("`{word}` has no opening directive"), "");
            return;
        }
        while let Some(container) = self.open.pop() {
            let is_match = container.kind.end() == word;
            self.close(container, is_match);
            if is_match {
                return;
            }
        }
    }

    /// Appends a closed container to the blocks before it. Content for authors only is dropped if its end is known.
    fn close(&mut self, container: OpenDirective, closed: bool) {
        let inside = std::mem::replace(&mut self.blocks, container.before);
        if !closed {
            let end = format!("`{{% {} %}}`", container.kind.end());
            self.log.add(container.line, "the directive is not closed", end);
        }
        let is_dropped = closed && matches!(container.kind, ContainerKind::DevOnly);
        self.log.fire(if is_dropped { &DEV_ONLY_BLOCK } else { &BLOCK_DIRECTIVE });
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
            // An unclosed note or list must not swallow the headings after it, so its blocks join the surrounding ones.
            let transparent = ContainerKind::Transparent { end: container.kind.end() };
            self.close(OpenDirective { kind: transparent, ..container }, false);
        }
        self.blocks
    }
}

impl ContainerKind {
    /// The name of the directive that closes the container.
    fn end(&self) -> &'static str {
        match self {
            Self::Note { .. } => "endnote",
            Self::Tabs => "endlist",
            Self::Transparent { end } => end,
            Self::DevOnly => "endif",
        }
    }
}
