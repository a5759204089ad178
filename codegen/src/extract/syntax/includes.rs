//! Expands `{% include %}` directives with the blocks of the fragments that they name.
//!
//! Each fragment is parsed once, and its includes are expanded first. A fragment that documents what all methods share,
//! such as the system errors, is extracted by itself and not again for each page. Included blocks get the line of the
//! directive, since diagnostics belong to the page.

use std::collections::HashMap;

use crate::extract::lexicon::headings::SectionKind;
use crate::extract::page_log::PageLog;
use crate::extract::register::errors::SHARED_FRAGMENT;
use crate::extract::register::syntax::{BROKEN_INCLUDE, INCLUDE_FRAGMENT};
use crate::extract::source::links::resolve;
use crate::extract::syntax::ast::{Block, Page, Section};

/// The maximum number of blocks that are included in one page. The longest page of the documentation has a few thousand.
const SIZE_LIMIT: usize = 20_000;

/// The maximum depth of nested includes. The documentation has a depth of at most 2.
const DEPTH_LIMIT: usize = 12;

/// The fragments by their paths.
#[derive(Default)]
pub(crate) struct Fragments {
    pages: HashMap<String, Fragment>,
}

struct Fragment {
    sections: Vec<Section>,
    blocks: usize,
    shared: bool,
}

impl Fragments {
    /// Expands the includes of all fragments. `root_of` returns the root folder of the tree that contains a path.
    pub(crate) fn of(mut raw: HashMap<String, Page>, root_of: impl Fn(&str) -> String) -> Self {
        let mut fragments = Self::default();
        let mut paths: Vec<String> = raw.keys().cloned().collect();
        paths.sort_unstable();
        for path in paths {
            fragments.complete(&path, &mut raw, &root_of, 0);
        }
        fragments
    }

    /// Expands the includes of a fragment, and before that those of the fragments that it includes. Meanwhile the fragment is
    /// in neither map, so a cycle ends where it closes.
    fn complete(
        &mut self,
        path: &str,
        raw: &mut HashMap<String, Page>,
        root_of: &impl Fn(&str) -> String,
        depth: usize,
    ) {
        if depth > DEPTH_LIMIT {
            return;
        }
        let Some(mut page) = raw.remove(path) else { return };
        let root = root_of(path);
        for target in targets(&page) {
            if let Some(included) = resolve(&target, path, &root) {
                self.complete(&included, raw, root_of, depth + 1);
            }
        }
        // A missing include is reported when the facts of the fragment itself are extracted.
        self.expand(&mut page, path, &root, false);
        let shared = page
            .sections
            .iter()
            .any(|section| matches!(section.kind, SectionKind::SystemErrors | SectionKind::ErrorInfo));
        let blocks = page.sections.iter().map(|section| size(&section.blocks)).sum();
        self.pages.insert(path.to_owned(), Fragment { sections: page.sections, blocks, shared });
    }

    /// Expands the includes of a page. Reports a missing fragment if the page is part of a complete tree (`in_tree`).
    pub(crate) fn expand(&self, page: &mut Page, path: &str, root: &str, in_tree: bool) {
        let mut expander =
            Expander { fragments: self, path, root, in_tree, left: SIZE_LIMIT, log: PageLog::default() };
        let mut sections: Vec<Section> = Vec::with_capacity(page.sections.len());
        for section in std::mem::take(&mut page.sections) {
            expander.section(section, &mut sections);
        }
        page.sections = sections;
        page.log.append(expander.log);
    }
}

struct Expander<'a> {
    fragments: &'a Fragments,
    path: &'a str,
    root: &'a str,
    in_tree: bool,
    /// How many more blocks may be included.
    left: usize,
    log: PageLog,
}

impl<'a> Expander<'a> {
    /// A fragment with headings divides the section that includes it.
    fn section(&mut self, section: Section, into: &mut Vec<Section>) {
        let announced = section.topic();
        let mut current = Section { blocks: Vec::with_capacity(section.blocks.len()), ..section };
        for block in section.blocks {
            let Block::Include { target, line } = &block else {
                current.blocks.push(self.inside(block));
                continue;
            };
            let found = self.fragment(target, *line);
            let line = *line;
            // The directive stays as a block, since rules also read the name of the included file.
            current.blocks.push(block);
            let Some(fragment) = found else { continue };
            for (index, part) in fragment.sections.iter().enumerate() {
                let blocks = part.blocks.iter().cloned().map(|block| at_line(block, line));
                if index == 0 {
                    current.blocks.extend(blocks);
                    continue;
                }
                let within = if part.within == SectionKind::Preamble { announced } else { part.within };
                let next = Section {
                    within,
                    line,
                    blocks: blocks.collect(),
                    heading: part.heading.clone(),
                    title: part.title.clone(),
                    anchor: part.anchor.clone(),
                    ..*part
                };
                into.push(std::mem::replace(&mut current, next));
            }
        }
        into.push(current);
    }

    /// Expands the includes inside a block. Their headings do not divide the section.
    fn inside(&mut self, block: Block) -> Block {
        match block {
            Block::Note { title, blocks } => Block::Note { title, blocks: self.all_inside(blocks) },
            Block::Tabs(blocks) => Block::Tabs(self.all_inside(blocks)),
            Block::Table(mut table) => {
                for cell in table.rows.iter_mut().flat_map(|row| &mut row.cells) {
                    if has_include(&cell.blocks) {
                        cell.blocks = self.all_inside(std::mem::take(&mut cell.blocks));
                    }
                }
                Block::Table(table)
            }
            block => block,
        }
    }

    fn all_inside(&mut self, blocks: Vec<Block>) -> Vec<Block> {
        let mut all = Vec::with_capacity(blocks.len());
        for block in blocks {
            let Block::Include { target, line } = &block else {
                all.push(self.inside(block));
                continue;
            };
            let (found, line) = (self.fragment(target, *line), *line);
            all.push(block);
            let sections = found.iter().flat_map(|fragment| &fragment.sections);
            all.extend(
                sections.flat_map(|section| &section.blocks).cloned().map(|block| at_line(block, line)),
            );
        }
        all
    }

    /// The fragment that a directive includes, unless all methods share it.
    fn fragment(&mut self, target: &str, line: usize) -> Option<&'a Fragment> {
        let target = target.split('#').next().unwrap_or_default();
        let path = resolve(target, self.path, self.root);
        let Some(fragment) = path.and_then(|path| self.fragments.pages.get(&path)) else {
            if self.in_tree {
                let message = format!("the included file `{target}` is not a fragment of this documentation");
                self.log.fire(&BROKEN_INCLUDE);
                self.log.add(
                    line,
                    message,
                    "the path of a file in a folder of fragments, relative to this page",
                );
            }
            return None;
        };
        if fragment.shared {
            self.log.fire(&SHARED_FRAGMENT);
            return None;
        }
        let Some(left) = self.left.checked_sub(fragment.blocks.max(1)) else {
            self.log.add(line, "the page includes too many blocks; this include is skipped", "");
            return None;
        };
        self.left = left;
        self.log.fire(&INCLUDE_FRAGMENT);
        Some(fragment)
    }
}

/// The targets of the includes of a page.
fn targets(page: &Page) -> Vec<String> {
    let mut targets = Vec::new();
    for block in page.sections.iter().flat_map(|section| &section.blocks) {
        block.visit(&mut |block| {
            if let Block::Include { target, .. } = block {
                targets.push(target.clone());
            }
        });
    }
    targets
}

fn has_include(blocks: &[Block]) -> bool {
    blocks.iter().any(|block| match block {
        Block::Include { .. } => true,
        Block::Note { blocks, .. } | Block::Tabs(blocks) => has_include(blocks),
        Block::Table(table) => {
            table.rows.iter().flat_map(|row| &row.cells).any(|cell| has_include(&cell.blocks))
        }
        _ => false,
    })
}

fn size(blocks: &[Block]) -> usize {
    let inside = |block: &Block| match block {
        Block::Note { blocks, .. } | Block::Tabs(blocks) => size(blocks),
        Block::Table(table) => {
            table.rows.iter().flat_map(|row| &row.cells).map(|cell| 1 + size(&cell.blocks)).sum()
        }
        _ => 0,
    };
    blocks.iter().map(|block| 1 + inside(block)).sum()
}

/// Sets every line of a block.
fn at_line(mut block: Block, line: usize) -> Block {
    match &mut block {
        Block::Heading { text, .. } | Block::Paragraph(text) => text.line = line,
        Block::Code(code) => code.line = line,
        Block::Include { line: include_line, .. } => *include_line = line,
        Block::Note { blocks, .. } | Block::Tabs(blocks) => {
            *blocks = std::mem::take(blocks).into_iter().map(|block| at_line(block, line)).collect();
        }
        Block::Table(table) => {
            table.line = line;
            for row in &mut table.rows {
                row.line = line;
                for cell in &mut row.cells {
                    cell.line = line;
                    let blocks = std::mem::take(&mut cell.blocks);
                    cell.blocks = blocks.into_iter().map(|block| at_line(block, line)).collect();
                }
            }
        }
    }
    block
}
