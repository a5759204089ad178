//! The syntax tree of a page in any source form: sections of blocks, each with its line.

use crate::extract::lexicon::headings::SectionKind;
use crate::extract::page_log::PageLog;
pub(crate) use crate::extract::syntax::text::{Run, Span, SpanKind, Text, one_line};

/// A parsed page.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Page {
    /// The title of the page.
    pub(crate) title: Text,
    /// The content before the first heading, then one section for each heading, in order.
    pub(crate) sections: Vec<Section>,
    /// The problems that the parser found.
    pub(crate) log: PageLog,
}

/// A heading and the content up to the next heading of any level.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Section {
    /// The heading with its spans.
    pub(crate) title: Text,
    /// The level of the heading: 2 for the main parts of a page, 0 for the content before the first heading.
    pub(crate) level: usize,
    /// The explicit anchor of the heading, as links name it.
    pub(crate) anchor: Option<String>,
    /// The kind that the heading announces.
    pub(crate) kind: SectionKind,
    /// The kind that the nearest known heading above announces; used where the lexicon does not know this heading.
    pub(crate) within: SectionKind,
    /// The plain text of the heading.
    pub(crate) heading: String,
    pub(crate) line: usize,
    pub(crate) blocks: Vec<Block>,
}

/// A part of a page.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Block {
    Heading {
        level: usize,
        text: Text,
        anchor: Option<String>,
    },
    Paragraph(Text),
    Code(Code),
    Table(Table),
    Note {
        title: String,
        blocks: Vec<Block>,
    },
    Tabs(Vec<Block>),
    /// A directive that includes another file.
    Include {
        target: String,
        line: usize,
    },
}

/// A fenced code block, or the remains of one in a rendered page.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Code {
    /// The line of the first line of code.
    pub(crate) line: usize,
    pub(crate) text: String,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Table {
    pub(crate) line: usize,
    pub(crate) rows: Vec<Row>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Row {
    pub(crate) line: usize,
    pub(crate) cells: Vec<Cell>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Cell {
    pub(crate) line: usize,
    pub(crate) blocks: Vec<Block>,
}

impl Block {
    /// Visits this block and the blocks inside its notes and tabs, but not the blocks in table cells.
    pub(crate) fn visit<'a>(&'a self, visitor: &mut impl FnMut(&'a Block)) {
        visitor(self);
        match self {
            Self::Note { blocks, .. } | Self::Tabs(blocks) => {
                blocks.iter().for_each(|block| block.visit(visitor))
            }
            _ => {}
        }
    }
}

/// The blocks and the blocks inside their notes and tabs, in order.
pub(crate) fn flat(blocks: &[Block]) -> Vec<&Block> {
    let mut all = Vec::new();
    for block in blocks {
        block.visit(&mut |block| all.push(block));
    }
    all
}

impl Section {
    /// The topic of the section: the kind of its heading, or of the nearest known heading above.
    pub(crate) fn topic(&self) -> SectionKind {
        if self.kind == SectionKind::Other { self.within } else { self.kind }
    }

    pub(crate) fn tables(&self) -> impl Iterator<Item = &Table> {
        flat(&self.blocks).into_iter().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        })
    }

    pub(crate) fn code(&self) -> impl Iterator<Item = &Code> {
        flat(&self.blocks).into_iter().filter_map(|block| match block {
            Block::Code(code) => Some(code),
            _ => None,
        })
    }

    pub(crate) fn paragraphs(&self) -> impl Iterator<Item = &Text> {
        flat(&self.blocks).into_iter().filter_map(|block| match block {
            Block::Paragraph(text) => Some(text),
            _ => None,
        })
    }
}

impl Page {
    pub(crate) fn of_kind(&self, kind: SectionKind) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(move |section| section.kind == kind)
    }

    pub(crate) fn has(&self, kind: SectionKind) -> bool {
        self.of_kind(kind).next().is_some()
    }
}

impl Cell {
    /// The paragraphs of the cell.
    pub(crate) fn paragraphs(&self) -> impl Iterator<Item = &Text> {
        flat(&self.blocks).into_iter().filter_map(|block| match block {
            Block::Paragraph(text) => Some(text),
            _ => None,
        })
    }

    /// The text of the cell in one line.
    pub(crate) fn prose(&self) -> String {
        let paragraphs: Vec<_> = self.paragraphs().map(Text::prose).collect();
        paragraphs.join(" ").trim().to_owned()
    }

    /// The spans of the first line of the cell.
    pub(crate) fn first_line(&self) -> &[Span] {
        self.paragraphs().next().map(Text::first_line).unwrap_or_default()
    }

    /// The texts of the code spans in the cell.
    pub(crate) fn code(&self) -> Vec<&str> {
        self.paragraphs().flat_map(Text::code).collect()
    }
}
