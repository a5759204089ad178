//! Divides the blocks of a document into the sections of a page.

use crate::extract::lexicon::headings::{SectionKind, section_kind};
use crate::extract::page_log::PageLog;
use crate::extract::register::errors::{SECTION_HEADING, UNKNOWN_HEADING};
use crate::extract::register::syntax::PAGE_TITLE;
use crate::extract::syntax::ast::{Block, Page, Section, Text};
use crate::extract::syntax::yfm::blocks;
use crate::extract::syntax::yfm::lines::lines;

/// Parses a page in Markdown whose first line has the number `first_line`.
pub(crate) fn read_page(markdown: &str, first_line: usize) -> Page {
    let mut log = PageLog::default();
    let blocks = blocks::blocks(&lines(markdown, first_line), 0, is_known, &mut log);
    let mut page = Page { log, ..Page::default() };
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
                page.log.fire(&PAGE_TITLE);
                page.title = text;
            }
            Block::Heading { level, text, anchor } => {
                page.sections.push(section);
                section = Section { anchor, ..announced.section(level, text) };
                match (section.kind, section.within) {
                    (SectionKind::Other, SectionKind::Preamble) => {}
                    (SectionKind::Other, _) => page.log.fire(&UNKNOWN_HEADING),
                    _ => page.log.fire(&SECTION_HEADING),
                }
            }
            block => section.blocks.push(block),
        }
    }
    page.sections.push(section);
    page
}

/// Whether the lexicon knows the words of a heading.
pub(super) fn is_known(heading: &str) -> bool {
    section_kind(heading).is_some()
}

/// Moves the blocks of tabs that contain headings into the page: those headings divide the page like any other.
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

/// The kinds that the open headings announce, by level.
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
        // A heading that the lexicon does not know belongs to the nearest known heading above.
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
