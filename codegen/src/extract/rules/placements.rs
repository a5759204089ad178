//! The placements that a page describes: their codes, what the interface shows, the options of the binding, and what a handler
//! receives.

mod identifiers;
mod options;
mod received;
mod samples;

use std::collections::BTreeSet;

use crate::descriptor::{Schema, Shown, SourceForm};
use crate::extract::evidence::Evidence;
use crate::extract::lexicon::method_names::is_method_name;
use crate::extract::lexicon::placements::{ANY_PART, INSTEAD_OF, NO_PLACEMENT, SHOWN};
use crate::extract::lexicon::preamble::DEPRECATED_FOLDERS;
use crate::extract::page_log::PageLog;
use crate::extract::register::placements::{
    BINDING_METHOD, DEPRECATED_LOCATION, PLACEMENT_IN_CODE, PLACEMENT_IN_OVERVIEW, PLACEMENT_IN_SAMPLE,
    PLACEMENT_IN_TITLE, PLACEMENT_TABLE, SHOWN_PLACEMENT,
};
use crate::extract::rules::params::section_fields::SectionFields;
use crate::extract::rules::placements::received::Received;
use crate::extract::rules::placements::samples::Sample;
use crate::extract::site_index::SiteIndex;
use crate::extract::source::links::{resolve, without_ending};
use crate::extract::source::page_kind::{PageKind, folders};
use crate::extract::syntax::ast::{Cell, Page, Section, Text};
use crate::extract::tables::placement_table::{PlacementCode, overview_codes, placement_rows};

/// What a page says of placements.
#[derive(Debug)]
pub(crate) struct Placements {
    /// The placements that the page describes.
    pub(crate) own: Vec<PlacementFacts>,
    /// The words of its title for several placements that other pages describe, and what it adds to them.
    pub(crate) meant: Vec<String>,
    pub(crate) added: PlacementParts,
    /// The placements that the page only names.
    pub(crate) named: Vec<Evidence<PlacementCode>>,
    /// What a placement receives that the method of the page binds.
    pub(crate) of_method: Option<Schema>,
    /// The method that binds the placements.
    pub(crate) method: Option<Evidence<String>>,
    /// Whether the page only shows code that handles its placements.
    pub(crate) in_code: bool,
    /// The pages that the page links to, without endings.
    pub(crate) links: BTreeSet<String>,
}

/// What a page says of one placement.
#[derive(Debug)]
pub(crate) struct PlacementFacts {
    pub(crate) code: PlacementCode,
    pub(crate) shown: Option<Shown>,
    pub(crate) deprecated: bool,
    pub(crate) parts: PlacementParts,
}

/// The schemas of a placement.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PlacementParts {
    pub(crate) options: Option<Schema>,
    pub(crate) receives: Option<Schema>,
}

/// A code on a page, and what its row in a table says.
struct Listed {
    code: PlacementCode,
    shown: Option<Shown>,
    deprecated: bool,
}

/// The codes on a page.
#[derive(Default)]
struct Codes {
    listed: Vec<Listed>,
    meant: Vec<String>,
    in_code: bool,
}

/// The page that is being read.
pub(crate) struct PlacementPage<'a> {
    pub(crate) page: &'a Page,
    pub(crate) path: &'a str,
    pub(crate) root: &'a str,
    pub(crate) form: SourceForm,
    pub(crate) kind: PageKind,
    pub(crate) index: &'a SiteIndex<'a>,
}

/// Extracts the placements of a page; `None` for a page that names none.
pub(crate) fn extract(of: &PlacementPage<'_>, log: &mut PageLog) -> Option<Placements> {
    let samples = samples::of(of.page);
    let Codes { listed, meant, in_code } = of.codes(&samples, log);
    let is_overview = of.kind == PageKind::Overview && listed.is_empty();
    let named = if is_overview { of.named(&samples) } else { Vec::new() };
    named.iter().for_each(|named| log.fire(named.rule));
    let of_method = of.kind.is_method().then(|| samples::of_method(of.page, log)).flatten();
    if listed.is_empty() && meant.is_empty() && named.is_empty() && of_method.is_none() {
        return None;
    }
    let fields = SectionFields::new(of.page.sections.iter(), of.path, of.form, of.index);
    let codes: Vec<PlacementCode> = listed.iter().map(|listed| listed.code.clone()).collect();
    let received = Received::of(of.page, &fields, &samples, log);
    let options = options::of(of.page, &fields, &codes, of.index, log);
    let title_shows = shown(&of.page.title.prose());
    let own = listed.into_iter().map(|Listed { code, shown, deprecated }| {
        let shown = shown.or(title_shows);
        if shown.is_some() {
            log.fire(&SHOWN_PLACEMENT);
        }
        let receives = received.by(&code, &codes, log);
        PlacementFacts {
            shown,
            deprecated,
            parts: PlacementParts { options: options.clone(), receives },
            code,
        }
    });
    Some(Placements {
        own: own.collect(),
        added: PlacementParts { options: options.clone(), receives: None },
        meant,
        named,
        of_method,
        method: binding_method(of.page, log),
        in_code,
        links: of.links(),
    })
}

impl PlacementPage<'_> {
    /// The placements that the page is about, and the words for several that other pages are about: those of its tables, or else
    /// those in its title, or else those of the requests and the code that it shows.
    fn codes(&self, samples: &[Sample], log: &mut PageLog) -> Codes {
        let listed = self.in_tables(log);
        let is_overview = self.kind == PageKind::Overview;
        if !listed.is_empty() || is_overview && !self.named(samples).is_empty() {
            return Codes { listed, ..Codes::default() };
        }
        let (in_title, meant) = self.in_title(log);
        if !in_title.is_empty() || !meant.is_empty() {
            return Codes { listed: in_title, meant, in_code: false };
        }
        let (mut rule, mut in_code) = (&PLACEMENT_IN_SAMPLE, false);
        let mut codes: Vec<PlacementCode> = samples.iter().filter_map(Sample::code).collect();
        if codes.is_empty() && !self.kind.is_method() {
            (rule, in_code) = (&PLACEMENT_IN_CODE, true);
            codes = samples::compared(self.page);
        }
        let mut listed = Vec::new();
        for code in codes.into_iter().filter(|code| code.code != NO_PLACEMENT) {
            log.fire(rule);
            add(&mut listed, Listed { code, shown: None, deprecated: false });
        }
        Codes { listed, meant: Vec::new(), in_code }
    }

    /// The placements that tables with codes and locations list.
    fn in_tables(&self, log: &mut PageLog) -> Vec<Listed> {
        let mut listed = Vec::new();
        for row in self.page.sections.iter().flat_map(Section::tables).flat_map(placement_rows) {
            log.fire(&PLACEMENT_TABLE);
            let deprecated = self.leads_to_deprecated(row.location);
            if deprecated {
                log.fire(&DEPRECATED_LOCATION);
            }
            add(&mut listed, Listed { code: row.code, shown: shown(&row.location.prose()), deprecated });
        }
        listed
    }

    /// The placements in the title of a page about some, or the words for placements of other pages.
    fn in_title(&self, log: &mut PageLog) -> (Vec<Listed>, Vec<String>) {
        let (mut listed, mut meant) = (Vec::new(), Vec::new());
        if self.kind != PageKind::Placement {
            return (listed, meant);
        }
        for word in words_of(&self.page.title.prose()) {
            let code = PlacementCode::read(&word).filter(|_| word.contains('_'));
            let is_meant = code.is_none() && word.contains(ANY_PART) && word.contains('_');
            if code.is_some() || is_meant {
                log.fire(&PLACEMENT_IN_TITLE);
            }
            match code {
                Some(code) => add(&mut listed, Listed { code, shown: None, deprecated: false }),
                None if is_meant => meant.push(word),
                None => {}
            }
        }
        if !meant.is_empty() {
            // Beside a word for several placements, a code is another one that other pages are about.
            meant.extend(listed.drain(..).map(|listed| listed.code.code));
        }
        (listed, meant)
    }

    /// The placements that an overview names.
    fn named(&self, samples: &[Sample]) -> Vec<Evidence<PlacementCode>> {
        let listed = self.page.sections.iter().flat_map(Section::tables).flat_map(overview_codes);
        let shown = samples.iter().filter_map(|sample| Some((sample.code()?, sample.line)));
        let mut named: Vec<Evidence<PlacementCode>> = Vec::new();
        for (code, line) in listed.chain(shown) {
            if !named.iter().any(|known| known.value == code) {
                named.push(Evidence::new(&PLACEMENT_IN_OVERVIEW, code, line));
            }
        }
        named
    }

    /// Whether a cell links to a page in a folder of deprecated ones.
    fn leads_to_deprecated(&self, cell: &Cell) -> bool {
        let targets = cell.paragraphs().flat_map(|text| &text.targets);
        let mut pages = targets.filter_map(|target| resolve(target, self.path, self.root));
        pages.any(|page| folders(&page).any(|folder| DEPRECATED_FOLDERS.contains(&folder)))
    }

    fn links(&self) -> BTreeSet<String> {
        let texts = self.page.sections.iter().flat_map(Section::paragraphs);
        let targets = texts.flat_map(|text| &text.targets);
        let target = |target: &String| {
            let page = target.split([' ', '#']).next().unwrap_or_default();
            resolve(page, self.path, self.root).map(|page| without_ending(&page).to_owned())
        };
        targets.filter_map(target).collect()
    }
}

/// Adds a placement that is not listed yet.
fn add(listed: &mut Vec<Listed>, found: Listed) {
    if listed.iter().all(|known| known.code != found.code) {
        listed.push(found);
    }
}

/// What the interface shows, by words about the place.
fn shown(words: &str) -> Option<Shown> {
    // A phrase may end at the end of a word.
    let words = format!("{words} ");
    SHOWN.iter().find(|(phrases, _)| phrases.stand_in(&words)).map(|(_, shown)| *shown)
}

fn words_of(title: &str) -> impl Iterator<Item = String> {
    title.split_whitespace().map(|word| word.trim_matches([',', ':', '(', ')', '.']).to_owned())
}

/// The method that a text names in place of the usual one.
fn binding_method(page: &Page, log: &mut PageLog) -> Option<Evidence<String>> {
    let mut texts = page.sections.iter().flat_map(Section::paragraphs);
    let text = texts.find(|text| INSTEAD_OF.stand_in(&text.prose()) && method_in(text).is_some())?;
    log.fire(&BINDING_METHOD);
    Some(Evidence::new(&BINDING_METHOD, method_in(text)?.to_owned(), text.line))
}

fn method_in(text: &Text) -> Option<&str> {
    text.code().find(|code| code.contains('.') && is_method_name(code))
}
