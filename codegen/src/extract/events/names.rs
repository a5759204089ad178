//! The names of events, once all documents are known.

use std::collections::{HashMap, HashSet};

use crate::extract::events::scopes::Scopes;
use crate::extract::events::{ByName, EventFacts, Role, families};
use crate::extract::evidence::{Evidence, Leaf};
use crate::extract::register::events::{EVENT_IN_LIST, EVENT_NAME_IN_LINK};
use crate::extract::source::links::without_ending;

/// Decides the names, scopes and families of all events. Events that are only named are kept where no document describes them.
pub(crate) fn resolve(mut all: Vec<EventFacts>, scopes: &Scopes) -> ByName {
    let patterns = families::take(&mut all);
    let known = Known::of(&all);
    for facts in &mut all {
        facts.decide_name(&known);
    }
    // A name that leads to the page of an event is another spelling of its name.
    let pages: HashSet<String> = all.iter().filter(|facts| facts.role == Role::Page).map(page_of).collect();
    all.retain(|facts| facts.link.as_ref().is_none_or(|link| !pages.contains(link)));
    let mut by_name = ByName::new();
    for facts in all {
        by_name.entry(facts.name.to_ascii_lowercase()).or_default().push(facts);
    }
    for facts in by_name.values_mut() {
        if facts.iter().any(|one| one.role <= Role::Example) {
            facts.retain(|one| one.role <= Role::Example);
        } else {
            keep_best_mention(facts);
        }
        for one in facts.iter_mut().filter(|one| one.scope.is_none()) {
            one.scope = scopes.around(&one.source.path);
            if let Some(Evidence { value, rule, line }) = &one.scope {
                one.ledger.claim(rule, *line, || Leaf::key("scope"), value);
            }
        }
    }
    families::add(patterns, &mut by_name);
    let described = Described::of(by_name.values().flatten());
    for facts in by_name.values_mut().flatten() {
        let mut ledger = std::mem::take(&mut facts.ledger);
        let Described { by_page, by_name } = &described;
        facts.replaced_by = facts.deprecation.successors(&facts.name, by_page, by_name, &mut ledger);
        facts.ledger = ledger;
    }
    by_name
}

/// The path of the page of facts, without an ending.
fn page_of(facts: &EventFacts) -> String {
    without_ending(&facts.source.path).to_owned()
}

/// The events with pages or sections.
#[derive(Debug, Default)]
struct Described {
    by_page: HashMap<String, String>,
    by_name: HashMap<String, String>,
}

impl Described {
    fn of<'f>(all: impl Iterator<Item = &'f EventFacts>) -> Self {
        let mut known = Self::default();
        for facts in all {
            if facts.role == Role::Page {
                known.by_page.insert(page_of(facts), facts.name.clone());
            }
            known.by_name.insert(facts.name.to_ascii_lowercase(), facts.name.clone());
        }
        known
    }
}

/// What all documents say of the names of events, in lower case.
#[derive(Debug, Default)]
struct Known {
    /// The names in titles, each with the paths of its documents.
    titled: HashMap<String, Vec<String>>,
    /// The names that a portal lists.
    listed: HashSet<String>,
    /// The names by which tables link to a page.
    links: HashMap<String, Vec<String>>,
    /// The spelling in upper and lower case, if a document has one: names in examples are in capitals.
    spellings: HashMap<String, String>,
}

impl Known {
    fn of(all: &[EventFacts]) -> Self {
        let mut known = Self::default();
        for facts in all {
            let Some(title) = &facts.title else { continue };
            let name = title.value.to_ascii_lowercase();
            if facts.role <= Role::Section {
                known.titled.entry(name.clone()).or_default().push(page_of(facts));
            } else if *title.rule == EVENT_IN_LIST {
                known.listed.insert(name.clone());
            }
            if let Some(link) = &facts.link {
                known.links.entry(link.clone()).or_default().push(title.value.clone());
            }
            if title.value.bytes().any(|b| b.is_ascii_lowercase()) {
                known.spellings.entry(name).or_insert_with(|| title.value.clone());
            }
        }
        known
    }

    /// How much supports a name for a page: that a portal lists it, the name of the file, and links to the page.
    fn support(&self, name: &str, page: &str) -> usize {
        let lower = name.to_ascii_lowercase();
        let letters = |text: &str| -> String {
            text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
        };
        let file = page.rsplit('/').next().unwrap_or_default();
        let mut links = self.links.get(page).into_iter().flatten();
        4 * usize::from(self.listed.contains(&lower))
            + usize::from(letters(file) == letters(name))
            + usize::from(links.any(|link| link.eq_ignore_ascii_case(name)))
    }
}

/// Of the documents that name an event and say nothing more, the one that spells it best and then the first; one with scopes
/// before others.
fn keep_best_mention(facts: &mut Vec<EventFacts>) {
    facts.sort_by_cached_key(|one| {
        let is_capital = !one.name.bytes().any(|b| b.is_ascii_lowercase());
        (one.age.clone(), is_capital, one.scope.is_none(), one.source.path.clone())
    });
    facts.truncate(1);
}

impl EventFacts {
    /// Decides between the names of a page: that in the title, that in its examples, and those by which tables link to it. The one
    /// that a portal lists is right; then the one of the file and the links; then that of the example, unless it is the
    /// title of another page, from which the example is copied.
    fn decide_name(&mut self, known: &Known) {
        let page = page_of(self);
        let mut candidates: Vec<Evidence<String>> = self.title.iter().cloned().collect();
        if self.role == Role::Page {
            let is_copied = |shown: &&Evidence<String>| {
                let titled = known.titled.get(&shown.value.to_ascii_lowercase());
                titled.is_some_and(|pages| pages.iter().any(|other| *other != page))
            };
            let shown = self.shown.iter().filter(|shown| !is_copied(shown)).cloned();
            candidates.splice(..0, shown);
            let links = known.links.get(&page).into_iter().flatten();
            let links = links.map(|name| Evidence::new(&EVENT_NAME_IN_LINK, name.clone(), 0));
            candidates.extend(links.filter(|link| !is_copied(&link)));
        }
        // Of several with the same support, the first.
        let supported = candidates.iter().rev().max_by_key(|name| known.support(&name.value, &page));
        let Some(chosen) = supported else { return };
        let is_chosen = |title: &&Evidence<String>| title.value.eq_ignore_ascii_case(&chosen.value);
        let title = self.title.as_ref().filter(is_chosen);
        let spelling = || known.spellings.get(&chosen.value.to_ascii_lowercase());
        let spelled = title.map(|title| &title.value).or_else(spelling);
        self.name = spelled.unwrap_or(&chosen.value).clone();
        let evidence = title.unwrap_or(chosen);
        let (rule, line, name) = (evidence.rule, evidence.line, self.name.clone());
        self.ledger.claim(rule, line, || Leaf::key("event"), name);
    }
}
