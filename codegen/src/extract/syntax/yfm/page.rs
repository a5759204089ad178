//! From the blocks of a document to a page: what each heading announces, and what stands below it.

use crate::extract::diagnostics::PageDiagnostics;
use crate::extract::lexicon::headings::{SectionKind, section_kind};
use crate::extract::register::errors::{SECTION_HEADING, UNKNOWN_HEADING};
use crate::extract::register::syntax::PAGE_TITLE;
use crate::extract::syntax::ast::{Block, Page, Section, Text};
use crate::extract::syntax::yfm::blocks;
use crate::extract::syntax::yfm::lines::lines;

/// Reads a page out of Markdown, the first line of which has the given number.
pub(crate) fn read_page(markdown: &str, first_line: usize) -> Page {
    let mut diagnostics = PageDiagnostics::default();
    let blocks = blocks::blocks(&lines(markdown, first_line), 0, is_known, &mut diagnostics);
    let mut page = Page { diagnostics, ..Page::default() };
    let mut announced = Announced::default();
    let mut section = Section {
        kind: SectionKind::Preamble,
        within: SectionKind::Preamble,
        heading: String::new(),
        line: first_line,
        ..Section::default()
    };
    for block in unfolded(blocks) {
        match block {
            Block::Heading { level: 1, text, .. } if page.title.spans.is_empty() => {
                page.diagnostics.fire(&PAGE_TITLE);
                page.title = text;
            }
            Block::Heading { level, text, anchor } => {
                page.sections.push(section);
                section = Section { anchor, ..announced.section(level, text) };
                match (section.kind, section.within) {
                    (SectionKind::Other, SectionKind::Preamble) => {}
                    (SectionKind::Other, _) => page.diagnostics.fire(&UNKNOWN_HEADING),
                    _ => page.diagnostics.fire(&SECTION_HEADING),
                }
            }
            block => section.blocks.push(block),
        }
    }
    page.sections.push(section);
    page
}

/// Whether the vocabulary knows the words of a heading.
pub(super) fn is_known(heading: &str) -> bool {
    section_kind(heading).is_some()
}

/// Headings inside a list of tabs divide the page like any other.
fn unfolded(blocks: Vec<Block>) -> Vec<Block> {
    let mut all = Vec::new();
    for block in blocks {
        match block {
            Block::Tabs(inside) if inside.iter().any(|block| matches!(block, Block::Heading { .. })) => {
                all.extend(unfolded(inside));
            }
            block => all.push(block),
        }
    }
    all
}

/// What the headings above announced, by their levels.
#[derive(Default)]
struct Announced {
    above: Vec<(usize, SectionKind)>,
}

impl Announced {
    fn section(&mut self, level: usize, heading: Text) -> Section {
        while self.above.last().is_some_and(|(above, _)| *above >= level) {
            self.above.pop();
        }
        let within = self.above.last().map_or(SectionKind::Preamble, |(_, kind)| *kind);
        let words = heading.prose();
        let kind = section_kind(&words).unwrap_or(SectionKind::Other);
        // A heading of its own words belongs to whatever the nearest known heading above announces.
        self.above.push((level, if kind == SectionKind::Other { within } else { kind }));
        Section {
            kind,
            within,
            heading: words,
            line: heading.line,
            level,
            title: heading,
            ..Section::default()
        }
    }
}
