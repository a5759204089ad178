//! Whether a method is deprecated, and its replacements.
//!
//! A note deprecates the method by its title or its text, or the folder of the page does. The replacements are the methods
//! that the note links to: by the words of a link if these are a name, or else by the page that it leads to, if that is one of a
//! method. A note without links has their names in its text.

use std::collections::HashMap;

use crate::descriptor::{Deprecated, Replacement};
use crate::extract::evidence::Leaf;
use crate::extract::ledger::Ledger;
use crate::extract::lexicon::method_names::is_method_name;
use crate::extract::lexicon::preamble::{DEPRECATED_FOLDERS, DEPRECATED_SENTENCES, DEPRECATED_TITLES};
use crate::extract::page_log::PageLog;
use crate::extract::register::events::EVENT_SUCCESSOR;
use crate::extract::register::page::{DEPRECATED_FOLDER, DEPRECATION_NOTE, LINK_TARGET, REPLACED_BY_NOTE};
use crate::extract::source::links::{resolve, without_ending};
use crate::extract::syntax::ast::{Block, Page, Text, flat};

/// The deprecation of a method on its page. The targets of its links are known when all pages are extracted.
#[derive(Debug, Default)]
pub(crate) struct Deprecation {
    pub(crate) deprecated: bool,
    line: usize,
    links: Vec<ReplacementLink>,
    /// The names in the text of the note, for a note without links.
    names: Vec<String>,
}

#[derive(Debug)]
struct ReplacementLink {
    words: String,
    /// The path of its target, without an ending.
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

/// Extracts whether the method of a page is deprecated. `root` is the folder of the snapshot of the page.
pub(crate) fn extract(page: &Page, path: &str, root: &str, log: &mut PageLog) -> Deprecation {
    let mut claim = |rule, line| log.ledger.claim(rule, line, || Leaf::key("deprecated"), true);
    let Some((line, texts)) = note(page) else {
        let in_tree = path.strip_prefix(root).unwrap_or(path);
        let is_for_deprecated = |folder| DEPRECATED_FOLDERS.contains(&folder);
        let deprecated = in_tree.rsplit('/').skip(1).any(is_for_deprecated);
        if deprecated {
            claim(&DEPRECATED_FOLDER, 0);
        }
        return Deprecation { deprecated, ..Deprecation::default() };
    };
    claim(&DEPRECATION_NOTE, line);
    let links = texts.iter().flat_map(|text| links(text, path, root)).collect();
    let names = texts.iter().flat_map(|text| names_in(&text.prose())).collect();
    Deprecation { deprecated: true, line, links, names }
}

/// The line of the note of deprecation, and its text. In a rendered page the title is a paragraph.
fn note(page: &Page) -> Option<(usize, Vec<&Text>)> {
    let is_title = |title: &str| DEPRECATED_TITLES.are(title.trim());
    let blocks = page.sections.first().map(|section| flat(&section.blocks)).unwrap_or_default();
    let found = blocks.iter().enumerate().find_map(|(index, block)| match block {
        Block::Note { title, blocks } => {
            let texts: Vec<&Text> = flat(blocks).into_iter().filter_map(paragraph).collect();
            (is_title(title) || texts.iter().any(|text| DEPRECATED_SENTENCES.stand_in(&text.prose())))
                .then_some(texts)
        }
        Block::Paragraph(text) if is_title(&text.prose()) => {
            Some(blocks.get(index + 1).and_then(|next| paragraph(next)).into_iter().collect())
        }
        _ => None,
    })?;
    Some((found.first().map_or(page.title.line, |text| text.line), found))
}

fn paragraph(block: &Block) -> Option<&Text> {
    match block {
        Block::Paragraph(text) => Some(text),
        _ => None,
    }
}

/// The links in a text of a page.
fn links(text: &Text, path: &str, root: &str) -> Vec<ReplacementLink> {
    let target = |target: &str| {
        let target = target.split([' ', '#']).next().unwrap_or_default();
        resolve(target, path, root).map(|path| without_ending(&path).to_owned())
    };
    text.links()
        .into_iter()
        .map(|link| ReplacementLink { words: link.words.trim().to_owned(), target: target(link.target) })
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
    /// Resolves the links of the note among the pages of all methods. `in_tree`: whether these are a snapshot of the whole
    /// documentation, in which every replacement has a page.
    pub(crate) fn resolve(
        self,
        method: &str,
        known: &KnownMethods,
        in_tree: bool,
        log: &mut PageLog,
    ) -> Deprecated {
        let mut found: Vec<String> = Vec::new();
        for link in &self.links {
            if is_name(&link.words) {
                found.push(link.words.clone());
            } else if let Some(linked) = link.target.as_ref().and_then(|page| known.by_page.get(page)) {
                log.fire(&LINK_TARGET);
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
                let message = format!("{name} replaces this method and has no page");
                log.add(self.line, message, "the name of a method, or of a family such as `item.*`");
            }
            let name = spelled.unwrap_or(name);
            if !replaced_by.contains(&name) {
                replaced_by.push(name);
            }
        }
        if replaced_by.is_empty() {
            Deprecated::Flag(self.deprecated)
        } else {
            let leaf = || Leaf::key("deprecated");
            log.ledger.claim(&REPLACED_BY_NOTE, self.line, leaf, &replaced_by);
            Deprecated::Replaced(Replacement { replaced_by })
        }
    }
}

impl Deprecation {
    /// The events that the links of the note name: by their words, or by the event of the page that they lead to. Names of events
    /// are in lower case in `by_name`.
    pub(crate) fn successors(
        &self,
        event: &str,
        by_page: &HashMap<String, String>,
        by_name: &HashMap<String, String>,
        ledger: &mut Ledger,
    ) -> Vec<String> {
        let mut replaced_by: Vec<String> = Vec::new();
        for link in &self.links {
            let named = by_name.get(&link.words.to_ascii_lowercase());
            let linked = || by_page.get(link.target.as_ref()?);
            let found = named.or_else(linked).filter(|name| !name.eq_ignore_ascii_case(event));
            if let Some(name) = found.filter(|name| !replaced_by.contains(name)) {
                replaced_by.push(name.clone());
            }
        }
        if !replaced_by.is_empty() {
            ledger.claim(&EVENT_SUCCESSOR, self.line, || Leaf::key("deprecated"), &replaced_by);
        }
        replaced_by
    }
}

/// Whether a name is the method itself, or a family that it is part of.
fn is_part_of(method: &str, name: &str) -> bool {
    match name.strip_suffix('*') {
        Some(family) => method.to_lowercase().starts_with(&family.to_lowercase()),
        None => method.eq_ignore_ascii_case(name),
    }
}
