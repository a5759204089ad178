//! Whether a method is deprecated, and what takes its place.
//!
//! A note says so by its title or its text, or the folder of the page does. The successors are the methods that the note links
//! to: by the words of the link where these are a name, or else by the page that it leads to, where that is one of a method.
//! A note without links names them in its text.

use std::collections::HashMap;

use crate::descriptor::{Deprecated, Replacement};
use crate::extract::diagnostics::PageDiagnostics;
use crate::extract::lexicon::method_names::is_method_name;
use crate::extract::lexicon::preamble::DEPRECATED_TITLES;
use crate::extract::lexicon::preamble::{DEPRECATED_FOLDERS, DEPRECATED_SENTENCES};
use crate::extract::source::links::{resolve, without_ending};
use crate::extract::syntax::ast::{Block, Page, Text, flat};

/// What a page says of the deprecation of its method. Where the links lead is known once all pages are heard.
#[derive(Debug, Default)]
pub(crate) struct Deprecation {
    pub(crate) deprecated: bool,
    line: usize,
    links: Vec<Link>,
    /// The names in the text of the note, for one without links.
    names: Vec<String>,
}

#[derive(Debug)]
struct Link {
    words: String,
    /// The path of the page that it leads to, without an ending.
    target: Option<String>,
}

/// The methods that have pages.
#[derive(Default)]
pub(crate) struct KnownMethods {
    /// By the path of the page, without its ending.
    by_page: HashMap<String, String>,
    /// By the name in lower case.
    by_name: HashMap<String, String>,
}

impl KnownMethods {
    pub(crate) fn add(&mut self, path: &str, method: &str) {
        self.by_page.insert(without_ending(path).to_owned(), method.to_owned());
        self.by_name.insert(method.to_lowercase(), method.to_owned());
    }

    /// The name as its own page spells it. A family such as `item.*` is known by its members.
    fn spelled(&self, name: &str) -> Option<String> {
        let lower = name.to_lowercase();
        match lower.strip_suffix('*') {
            Some(family) => {
                self.by_name.keys().any(|known| known.starts_with(family)).then(|| name.to_owned())
            }
            None => self.by_name.get(&lower).cloned(),
        }
    }
}

/// Hears whether the method of a page is deprecated. `root` is the folder of the tree that the page stands in.
pub(crate) fn extract(page: &Page, path: &str, root: &str) -> Deprecation {
    let Some((line, texts)) = note(page) else {
        let in_tree = path.strip_prefix(root).unwrap_or(path);
        let folder = |folder| DEPRECATED_FOLDERS.contains(&folder);
        let deprecated = in_tree.rsplit('/').skip(1).any(folder);
        return Deprecation { deprecated, ..Deprecation::default() };
    };
    let links = texts.iter().flat_map(|text| links(text, path, root)).collect();
    let names = texts.iter().flat_map(|text| names_in(&text.prose())).collect();
    Deprecation { deprecated: true, line, links, names }
}

/// The line of the note that says it, and its text. A rendered page has the title in a line of its own.
fn note(page: &Page) -> Option<(usize, Vec<&Text>)> {
    let is_title = |title: &str| DEPRECATED_TITLES.contains(&title.trim().to_lowercase().as_str());
    let blocks = page.sections.first().map(|section| flat(&section.blocks)).unwrap_or_default();
    let found = blocks.iter().enumerate().find_map(|(index, block)| match block {
        Block::Note { title, blocks } => {
            let texts: Vec<&Text> = flat(blocks).into_iter().filter_map(paragraph).collect();
            (is_title(title) || texts.iter().any(|text| matches(text))).then_some(texts)
        }
        Block::Paragraph(text) if is_title(&text.prose()) => {
            Some(blocks.get(index + 1).and_then(|next| paragraph(next)).into_iter().collect())
        }
        _ => None,
    })?;
    Some((found.first().map_or(page.title.line, |text| text.line), found))
}

fn matches(text: &Text) -> bool {
    let prose = text.prose().to_lowercase();
    DEPRECATED_SENTENCES.iter().any(|words| prose.contains(words))
}

fn paragraph(block: &Block) -> Option<&Text> {
    match block {
        Block::Paragraph(text) => Some(text),
        _ => None,
    }
}

/// The links in a text of a page.
fn links(text: &Text, path: &str, root: &str) -> Vec<Link> {
    let target = |target: &str| {
        let target = target.split([' ', '#']).next().unwrap_or_default();
        resolve(target, path, root).map(|path| without_ending(&path).to_owned())
    };
    text.links()
        .into_iter()
        .map(|link| Link { words: link.words.trim().to_owned(), target: target(link.target) })
        .collect()
}

/// The names of methods, or of families of them as in `item.add` or `item.*`.
fn names_in(prose: &str) -> Vec<String> {
    let words = prose.split_whitespace();
    let words = words.map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '*'));
    words.filter(|word| is_name(word)).map(str::to_owned).collect()
}

fn is_name(word: &str) -> bool {
    let stem = word.strip_suffix(".*").unwrap_or(word);
    word.contains('.') && is_method_name(stem) && stem.starts_with(|c: char| c.is_ascii_lowercase())
}

impl Deprecation {
    /// What the descriptor says, now that all pages are known. `in_tree` tells whether these are a whole documentation.
    pub(crate) fn resolved(
        self,
        method: &str,
        known: &KnownMethods,
        in_tree: bool,
        diagnostics: &mut PageDiagnostics,
    ) -> Deprecated {
        let mut found: Vec<String> = Vec::new();
        for link in &self.links {
            if is_name(&link.words) {
                found.push(link.words.clone());
            } else if let Some(linked) = link.target.as_ref().and_then(|page| known.by_page.get(page)) {
                found.push(linked.clone());
            }
        }
        if found.is_empty() {
            found = self.names;
        }
        let mut replaced_by: Vec<String> = Vec::new();
        for name in found.into_iter().filter(|name| !is_part_of(method, name)) {
            let spelled = known.spelled(&name);
            if spelled.is_none() && in_tree {
                let message = format!("{name} is to take the place of this method, and has no page");
                diagnostics.add(self.line, message, "the name of a method, or of a family such as `item.*`");
            }
            let name = spelled.unwrap_or(name);
            if !replaced_by.contains(&name) {
                replaced_by.push(name);
            }
        }
        if replaced_by.is_empty() {
            Deprecated::Flag(self.deprecated)
        } else {
            Deprecated::Replaced(Replacement { replaced_by })
        }
    }
}

/// Whether a name is the method itself, or a family that it is part of.
fn is_part_of(method: &str, name: &str) -> bool {
    match name.strip_suffix('*') {
        Some(family) => method.to_lowercase().starts_with(&family.to_lowercase()),
        None => method.eq_ignore_ascii_case(name),
    }
}
