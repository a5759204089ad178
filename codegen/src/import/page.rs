//! One page of the documentation, whatever form it came in: sections of blocks, each with its line.

use std::sync::Arc;

use super::vocabulary::SectionKind;
use crate::diagnostic::{Diagnostic, SourceText};

/// A page as its reader understood it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Page {
    /// The heading of the whole page.
    pub(super) title: Text,
    /// What stands before the first heading, then a section for each heading, in order.
    pub(super) sections: Vec<Section>,
    /// What the reader stumbled over.
    pub(super) troubles: Troubles,
}

/// A heading and what stands below it up to the next heading of any level.
#[derive(Debug, PartialEq)]
pub(super) struct Section {
    /// What the heading announces.
    pub(super) kind: SectionKind,
    /// What the nearest heading above it announces, for a heading that the vocabulary does not know.
    pub(super) within: SectionKind,
    /// The words of the heading.
    pub(super) heading: String,
    pub(super) line: usize,
    pub(super) blocks: Vec<Block>,
}

/// A part of a page.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Block {
    Heading {
        level: usize,
        text: Text,
    },
    Paragraph(Text),
    Code(Code),
    Table(Table),
    Note {
        title: String,
        blocks: Vec<Block>,
    },
    Tabs(Vec<Block>),
    /// Something that is put in here from elsewhere.
    Include {
        target: String,
        line: usize,
    },
}

/// A fenced block, or what a rendered page has left of one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Code {
    /// The line of the first line of code.
    pub(super) line: usize,
    pub(super) text: String,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Table {
    pub(super) line: usize,
    pub(super) rows: Vec<Row>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Row {
    pub(super) line: usize,
    pub(super) cells: Vec<Cell>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Cell {
    pub(super) line: usize,
    pub(super) blocks: Vec<Block>,
}

/// Running text, with code spans apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Text {
    pub(super) line: usize,
    pub(super) spans: Vec<Span>,
}

/// A run of text without a line break, except that a break is a span of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Span {
    pub(super) text: String,
    pub(super) code: bool,
}

/// Something that a reader stumbled over.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Trouble {
    pub(super) line: usize,
    pub(super) message: String,
    pub(super) expected: Option<String>,
}

/// What a reader stumbled over; beyond a fair number they are only counted, for a page of rubbish would fill the report.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Troubles {
    pub(super) list: Vec<Trouble>,
    more: usize,
}

impl Troubles {
    const SHOWN: usize = 40;

    pub(super) fn add(&mut self, line: usize, message: impl Into<String>, expected: impl Into<String>) {
        if self.list.len() >= Self::SHOWN {
            self.more += 1;
            return;
        }
        let expected = expected.into();
        let expected = Some(expected).filter(|expected| !expected.is_empty());
        self.list.push(Trouble { line, message: message.into(), expected });
    }

    pub(super) fn append(&mut self, other: Self) {
        for trouble in other.list {
            self.add(trouble.line, trouble.message, trouble.expected.unwrap_or_default());
        }
        self.more += other.more;
    }

    /// The troubles, with one more that counts those left out.
    pub(super) fn into_list(mut self) -> Vec<Trouble> {
        if let (Some(last), 1..) = (self.list.last(), self.more) {
            let message = format!("{} more of this kind of trouble in this document", self.more);
            self.list.push(Trouble { line: last.line, message, expected: None });
        }
        self.list
    }

    /// The troubles as diagnostics of a document.
    pub(super) fn into_diagnostics(self, source: &Arc<SourceText>) -> impl Iterator<Item = Diagnostic> {
        self.into_list().into_iter().map(move |trouble| trouble.diagnostic(source))
    }
}

impl Trouble {
    fn diagnostic(self, source: &Arc<SourceText>) -> Diagnostic {
        let diagnostic = Diagnostic::warning(self.message).at_line(source, self.line);
        match self.expected {
            Some(expected) => diagnostic.expecting(expected),
            None => diagnostic,
        }
    }
}

impl Text {
    /// The words, without the marks of emphasis, and with each run of white space as one space.
    pub(super) fn prose(&self) -> String {
        let mut prose = String::new();
        for span in &self.spans {
            if span.code {
                prose.push_str(&span.text);
            } else {
                prose.push_str(&span.text.replace("**", ""));
            }
        }
        one_line(&prose)
    }

    /// The texts of the code spans.
    pub(super) fn code(&self) -> impl Iterator<Item = &str> {
        self.spans.iter().filter(|span| span.code).map(|span| span.text.trim())
    }
}

impl Block {
    /// Visits this block and those inside its notes and tabs, but not those in the cells of tables.
    pub(super) fn visit<'a>(&'a self, see: &mut impl FnMut(&'a Block)) {
        see(self);
        match self {
            Self::Note { blocks, .. } | Self::Tabs(blocks) => {
                blocks.iter().for_each(|block| block.visit(see))
            }
            _ => {}
        }
    }
}

/// The blocks, also those inside notes and tabs, in order.
pub(super) fn flat(blocks: &[Block]) -> Vec<&Block> {
    let mut all = Vec::new();
    for block in blocks {
        block.visit(&mut |block| all.push(block));
    }
    all
}

impl Section {
    pub(super) fn tables(&self) -> impl Iterator<Item = &Table> {
        flat(&self.blocks).into_iter().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        })
    }

    pub(super) fn code(&self) -> impl Iterator<Item = &Code> {
        flat(&self.blocks).into_iter().filter_map(|block| match block {
            Block::Code(code) => Some(code),
            _ => None,
        })
    }

    pub(super) fn paragraphs(&self) -> impl Iterator<Item = &Text> {
        flat(&self.blocks).into_iter().filter_map(|block| match block {
            Block::Paragraph(text) => Some(text),
            _ => None,
        })
    }
}

impl Page {
    pub(super) fn of_kind(&self, kind: SectionKind) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(move |section| section.kind == kind)
    }

    pub(super) fn has(&self, kind: SectionKind) -> bool {
        self.of_kind(kind).next().is_some()
    }
}

impl Cell {
    /// The running texts of the cell.
    pub(super) fn paragraphs(&self) -> impl Iterator<Item = &Text> {
        flat(&self.blocks).into_iter().filter_map(|block| match block {
            Block::Paragraph(text) => Some(text),
            _ => None,
        })
    }

    /// The words of the cell in one line.
    pub(super) fn prose(&self) -> String {
        let paragraphs: Vec<_> = self.paragraphs().map(Text::prose).collect();
        paragraphs.join(" ").trim().to_owned()
    }

    /// The texts of the code spans in the cell.
    pub(super) fn code(&self) -> Vec<&str> {
        self.paragraphs().flat_map(Text::code).collect()
    }
}

/// A text with each run of white space as one space, and none around it.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
