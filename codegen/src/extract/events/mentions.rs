//! Events that a document names or shows without being about them.

use serde_json::Value;

use crate::extract::classify::preamble::Preamble;
use crate::extract::events::page::{Origin, evidence_of};
use crate::extract::events::samples::{Sample, Samples, of_sections};
use crate::extract::events::{EventFacts, Role, tokens};
use crate::extract::evidence::Evidence;
use crate::extract::ledger::Ledger;
use crate::extract::lexicon::events::{
    AUTH, DATA, EVENT, EVENT_COLUMNS, EVENT_HEADINGS, SUBSCRIBING_METHOD, family_name, is_event_name,
};
use crate::extract::page_log::PageLog;
use crate::extract::register::Rule;
use crate::extract::register::events::{
    EVENT_FAMILY, EVENT_IN_LIST, EVENT_IN_SUBSCRIPTION, EVENT_IN_TABLE, EVENT_IN_TEXT, EVENT_SHOWN_ELSEWHERE,
};
use crate::extract::rules::returns::payload;
use crate::extract::rules::scope;
use crate::extract::site_index::SiteIndex;
use crate::extract::source::links;
use crate::extract::syntax::ast::{Cell, Code, Page, Section, Span, Table};
use crate::extract::syntax::calls::Calls;
use crate::extract::syntax::json;

/// The fewest names in a list of names of events.
const FEW: usize = 3;

/// A name that a document has.
struct Mention {
    name: String,
    rule: &'static Rule,
    line: usize,
    /// The address that it links to.
    target: Option<String>,
}

/// The facts on the events that a document names. `is_about_event`: it is about another one.
pub(crate) fn extract(origin: Origin<'_>, is_about_event: bool, index: &SiteIndex<'_>) -> Vec<EventFacts> {
    let page = origin.read.page;
    let mut found: Vec<EventFacts> = Vec::new();
    if !is_about_event {
        found.extend(shown(origin, index));
    }
    let mut mentions = Vec::new();
    for section in &page.sections {
        section.tables().for_each(|table| in_table(table, &mut mentions));
        section.code().for_each(|code| in_list(code, &mut mentions));
        in_text(section, &mut mentions);
    }
    if page.sections.iter().flat_map(Section::code).any(|code| code.text.contains(SUBSCRIBING_METHOD)) {
        in_subscriptions(page, &mut mentions);
    }
    families(page, &mut mentions);
    let scope = scope::extract(&Preamble::of(page), &mut PageLog::default());
    for Mention { name, rule, line, target } in mentions {
        let link = target.and_then(|target| link_target(origin, &target));
        let is_known =
            |facts: &EventFacts| facts.is_titled(&name) && (facts.role < Role::Mention || facts.link == link);
        if found.iter().any(is_known) {
            continue;
        }
        let mut ledger = Ledger::default();
        ledger.fire(rule);
        let title = Some(Evidence::new(rule, name, line));
        found.push(EventFacts { title, link, scope: scope.clone(), ledger, ..origin.empty(Role::Mention) });
    }
    found
}

/// The path of the page that a link leads to, without an ending.
fn link_target(origin: Origin<'_>, target: &str) -> Option<String> {
    let target = target.split([' ', '#']).next().unwrap_or_default();
    let path = links::resolve(target, &origin.read.source.path, origin.around.root)?;
    Some(links::without_ending(&path).to_owned())
}

impl EventFacts {
    /// Whether this is the name as the document writes it.
    pub(crate) fn is_titled(&self, name: &str) -> bool {
        self.title.as_ref().is_some_and(|title| title.value == name)
    }
}

/// The events that examples of what a handler receives show.
fn shown(origin: Origin<'_>, index: &SiteIndex<'_>) -> Vec<EventFacts> {
    let page = origin.read.page;
    let may_show = |code: &Code| {
        let has = |name: &str| {
            code.text.contains(&format!("\"{name}\"")) || code.text.contains(&format!("'{name}'"))
        };
        has(EVENT) && (has(DATA) || has(AUTH))
    };
    if !page.sections.iter().flat_map(Section::code).any(may_show) {
        return Vec::new();
    }
    let mut own = PageLog::default();
    let samples = of_sections(&page.sections, &mut own);
    let mut found: Vec<EventFacts> = Vec::new();
    for sample in samples.whole.iter().chain(&samples.without_data) {
        let Some(name) = sample.event().filter(|name| is_event_name(name)) else { continue };
        if found.iter().any(|facts| facts.is_titled(name)) {
            continue;
        }
        let of_event = |other: &&Sample| other.event() == Some(name);
        let whole: Vec<Sample> = samples.whole.iter().filter(of_event).cloned().collect();
        let handler_id = whole.iter().find_map(Sample::handler_id);
        let tokens = tokens::extract(&Page::default(), &whole);
        let of_one = Samples { whole, ..Samples::default() };
        let data = payload::extract(name, evidence_of(&of_one, Vec::new(), &mut own), index, &mut own);
        let title = Some(Evidence::new(&EVENT_SHOWN_ELSEWHERE, name.to_owned(), sample.line));
        let mut ledger = std::mem::take(&mut own.ledger);
        ledger.fire(&EVENT_SHOWN_ELSEWHERE);
        found.push(EventFacts { title, handler_id, tokens, data, ledger, ..origin.empty(Role::Example) });
    }
    found
}

/// The events in the first column of a table of events.
fn in_table(table: &Table, mentions: &mut Vec<Mention>) {
    let first =
        |row: &crate::extract::syntax::ast::Row| row.cells.first().map(Cell::prose).unwrap_or_default();
    let Some((head, rows)) = table.rows.split_first() else { return };
    if !EVENT_COLUMNS.are(&first(head)) {
        return;
    }
    for row in rows {
        let cell = first(row);
        let mut words = cell.split_whitespace().map(without_marks);
        if let Some(name) = words.find(|word| is_event_name(word) || family_name(word).is_some()) {
            let texts = row.cells.first().into_iter().flat_map(Cell::paragraphs);
            let target = texts.flat_map(|text| text.links()).map(|link| link.target.to_owned()).next();
            mentions.push(Mention { name: name.to_owned(), rule: &EVENT_IN_TABLE, line: row.line, target });
        }
    }
}

/// The events in a list of an example: the value itself, or one below the top.
fn in_list(code: &Code, mentions: &mut Vec<Mention>) {
    if code.text.matches("\"ON").take(FEW).count() < FEW {
        return;
    }
    let Some(value) = json::parsed(code, &mut PageLog::default()) else { return };
    let below = value.as_object().into_iter().flatten().map(|(_, value)| value);
    for list in std::iter::once(&value).chain(below).filter_map(Value::as_array) {
        let names: Option<Vec<&str>> =
            list.iter().map(|item| item.as_str().filter(|name| is_event_name(name))).collect();
        for name in names.filter(|names| names.len() >= FEW).into_iter().flatten() {
            mentions.push(Mention {
                name: name.to_owned(),
                rule: &EVENT_IN_LIST,
                line: code.line,
                target: None,
            });
        }
    }
}

/// The events that requests subscribe to.
fn in_subscriptions(page: &Page, mentions: &mut Vec<Mention>) {
    for body in Calls::of(page).bodies_of(SUBSCRIBING_METHOD) {
        let event = body.get(EVENT).and_then(Value::as_str).filter(|name| is_event_name(name));
        if let Some(name) = event {
            mentions.push(Mention {
                name: name.to_owned(),
                rule: &EVENT_IN_SUBSCRIPTION,
                line: page.title.line,
                target: None,
            });
        }
    }
}

/// The emphasized names behind the word "event", below a heading that announces one.
fn in_text(section: &Section, mentions: &mut Vec<Mention>) {
    if section.level == 0 || !EVENT_HEADINGS.are(section.heading.trim()) {
        return;
    }
    for text in section.paragraphs() {
        let pairs = text.spans.iter().zip(text.spans.iter().skip(1));
        let after_word = |before: &Span| {
            before.text.split_whitespace().next_back().is_some_and(|word| EVENT_HEADINGS.are(word))
        };
        let named = pairs
            .filter(|(before, span)| span.strong && is_event_name(span.text.trim()) && after_word(before));
        for (_, span) in named {
            let name = span.text.trim().to_owned();
            mentions.push(Mention { name, rule: &EVENT_IN_TEXT, line: text.line, target: None });
        }
    }
}

/// The names of families in code: `ONTHISADD_<houseId>`, or only the part that differs, as in `_{houseId}`.
fn families(page: &Page, mentions: &mut Vec<Mention>) {
    for text in page.sections.iter().flat_map(Section::paragraphs) {
        for code in text.code().filter(|code| code.contains('_') && family_name(code).is_some()) {
            let (name, line) = (code.to_owned(), text.line);
            mentions.push(Mention { name, rule: &EVENT_FAMILY, line, target: None });
        }
    }
}

/// A word without the marks around it; brackets are part of the name of a family.
fn without_marks(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '{' | '}' | '<' | '>'))
}
