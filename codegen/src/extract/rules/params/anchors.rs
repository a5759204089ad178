//! The sections of a page that links and headings lead to, and the tables of fields in them.

use std::collections::HashMap;

use crate::extract::lexicon::headings::SectionKind;
use crate::extract::lexicon::preamble::DICTIONARY_TITLES;
use crate::extract::register::Rule;
use crate::extract::register::params::{FIELDS_BELOW_DEEPER_HEADINGS, FIELDS_IN_TABS};
use crate::extract::syntax::ast::{Block, Page, Section, Table, flat};

/// A page with its sections by anchor and by the words of their headings.
pub(super) struct PageAnchors<'a> {
    pub(super) page: &'a Page,
    pub(super) path: &'a str,
    by_anchor: HashMap<String, usize>,
    by_word: HashMap<String, usize>,
    /// The tables of each section, found once.
    tables: Vec<Option<Tables<'a>>>,
}

/// The tables of the fields of one object.
pub(super) enum Tables<'a> {
    /// One list of fields, which may be divided.
    Parts(Vec<&'a Table>),
    /// A list for each of several cases, and the rule that finds them.
    Variants(Vec<&'a Table>, &'static Rule),
}

impl<'a> PageAnchors<'a> {
    /// Indexes the headings of a page.
    pub(super) fn new(page: &'a Page, path: &'a str) -> Self {
        let mut anchors =
            Self { page, path, by_anchor: HashMap::new(), by_word: HashMap::new(), tables: Vec::new() };
        anchors.tables = all_tables(&page.sections);
        for (index, section) in page.sections.iter().enumerate().filter(|(_, section)| of_request(section)) {
            let title = section.title.prose();
            if let Some(anchor) = &section.anchor {
                anchors.by_anchor.entry(anchor.to_lowercase()).or_insert(index);
            }
            anchors.by_anchor.entry(slug(&title)).or_insert(index);
            for word in title.split_whitespace().take(12) {
                let word =
                    word.trim_matches(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '[' | ']'));
                anchors.by_word.entry(word.to_owned()).or_insert(index);
                anchors.by_word.entry(word.to_lowercase()).or_insert(index);
            }
        }
        anchors
    }

    /// The tables behind an anchor of this page.
    pub(super) fn anchored(&self, anchor: &str) -> Option<&Tables<'a>> {
        self.tables(*self.by_anchor.get(&anchor.to_lowercase())?)
    }

    /// Whether an anchor of this page is that of a section that is not about the request.
    pub(super) fn leads_to_answer(&self, anchor: &str) -> bool {
        let anchor = anchor.to_lowercase();
        let is_named = |section: &Section| match &section.anchor {
            Some(own) => own.to_lowercase() == anchor,
            None => slug(&section.title.prose()) == anchor,
        };
        !self.by_anchor.contains_key(&anchor)
            && self.page.sections.iter().any(|section| !of_request(section) && is_named(section))
    }

    /// The tables below a heading that names the parameter.
    pub(super) fn headed(&self, name: &str) -> Option<&Tables<'a>> {
        let index = self.by_word.get(name).or_else(|| self.by_word.get(&name.to_lowercase()))?;
        let section = self.page.sections.get(*index)?;
        // The section of all parameters holds the row of the name itself.
        if section.kind == SectionKind::Parameters { None } else { self.tables(*index) }
    }

    /// The tables above the first heading of a page that is about fields.
    pub(super) fn of_fields(&self) -> Option<&Tables<'a>> {
        let about_fields = DICTIONARY_TITLES.are_words_of(&self.page.title.prose());
        let preamble = self.page.sections.first().filter(|section| section.level == 0 && about_fields)?;
        preamble.tables().next()?;
        self.tables(0)
    }

    /// The section of this page that contains the first of some tables.
    pub(super) fn around(&self, tables: &[&Table]) -> Option<&'a Section> {
        let first: *const Table = *tables.first()?;
        let holds = |section: &&Section| section.tables().any(|table| std::ptr::eq(table, first));
        self.page.sections.iter().find(holds)
    }

    fn tables(&self, index: usize) -> Option<&Tables<'a>> {
        self.tables.get(index)?.as_ref()
    }
}

/// How many sections below a heading without a table are searched for the tables of its parts.
const BELOW: usize = 60;

/// The tables of each section: its own, or else those below the headings within it.
fn all_tables(sections: &[Section]) -> Vec<Option<Tables<'_>>> {
    let first: Vec<Option<&Table>> = sections.iter().map(|section| section.tables().next()).collect();
    let below = |index: usize, section: &Section| {
        let behind = sections.iter().zip(&first).skip(index + 1).take(BELOW);
        let within = behind.take_while(|(below, _)| below.level > section.level);
        let tables: Vec<&Table> = within.filter_map(|(_, table)| *table).collect();
        match tables.len() {
            0 => None,
            1 => Some(Tables::Parts(tables)),
            _ => Some(Tables::Variants(tables, &FIELDS_BELOW_DEEPER_HEADINGS)),
        }
    };
    let of = |(index, section)| tables_of(section).or_else(|| below(index, section));
    sections.iter().enumerate().map(of).collect()
}

/// Whether a section may be about the request.
fn of_request(section: &Section) -> bool {
    let fits = |kind| matches!(kind, SectionKind::Preamble | SectionKind::Parameters | SectionKind::Other);
    fits(section.kind) && fits(section.within)
}

/// The tables of a section: those directly in it are parts of one list, those in tabs are variants.
pub(super) fn tables_of(section: &Section) -> Option<Tables<'_>> {
    let (mut parts, mut variants) = (Vec::new(), Vec::new());
    for block in &section.blocks {
        let tables = flat(std::slice::from_ref(block)).into_iter().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        });
        if matches!(block, Block::Tabs(_)) { variants.extend(tables) } else { parts.extend(tables) }
    }
    match (parts.is_empty(), variants.len()) {
        (false, _) => Some(Tables::Parts(parts)),
        (true, 0) => None,
        (true, 1) => Some(Tables::Parts(variants)),
        (true, _) => Some(Tables::Variants(variants, &FIELDS_IN_TABS)),
    }
}

/// The anchor of a heading that does not set one.
fn slug(title: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    title.to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-")
}
