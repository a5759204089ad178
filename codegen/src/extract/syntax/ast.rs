//! One page of the documentation, whatever form it came in: sections of blocks, each with its line.

use crate::extract::diagnostics::PageDiagnostics;
use crate::extract::lexicon::headings::SectionKind;
pub(crate) use crate::extract::syntax::text::{Run, Span, SpanKind, Text, one_line};

/// A page as its reader understood it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Page {
    /// The heading of the whole page.
    pub(crate) title: Text,
    /// What stands before the first heading, then a section for each heading, in order.
    pub(crate) sections: Vec<Section>,
    /// What the reader stumbled over.
    pub(crate) diagnostics: PageDiagnostics,
}

/// A heading and what stands below it up to the next heading of any level.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Section {
    /// The words of the heading.
    pub(crate) title: Text,
    /// Its level: 2 for the main parts of a page, 0 for what stands before the first heading.
    pub(crate) level: usize,
    /// The name by which links lead to it, where it has one of its own.
    pub(crate) anchor: Option<String>,
    /// What the heading announces.
    pub(crate) kind: SectionKind,
    /// What the nearest heading above it announces, for a heading that the vocabulary does not know.
    pub(crate) within: SectionKind,
    /// The words of the heading.
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
    /// Something that is put in here from elsewhere.
    Include {
        target: String,
        line: usize,
    },
}

/// A fenced block, or what a rendered page has left of one.
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
    /// Visits this block and those inside its notes and tabs, but not those in the cells of tables.
    pub(crate) fn visit<'a>(&'a self, see: &mut impl FnMut(&'a Block)) {
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
pub(crate) fn flat(blocks: &[Block]) -> Vec<&Block> {
    let mut all = Vec::new();
    for block in blocks {
        block.visit(&mut |block| all.push(block));
    }
    all
}

impl Section {
    /// What the section is about: what its heading announces, or the nearest known heading above it.
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
    /// The running texts of the cell.
    pub(crate) fn paragraphs(&self) -> impl Iterator<Item = &Text> {
        flat(&self.blocks).into_iter().filter_map(|block| match block {
            Block::Paragraph(text) => Some(text),
            _ => None,
        })
    }

    /// The words of the cell in one line.
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
