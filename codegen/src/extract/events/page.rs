//! A page about one event.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::descriptor::Context;
use crate::extract::classify::preamble::{Audience, Preamble};
use crate::extract::events::samples::{Sample, Samples, is_of_event, of_sections};
use crate::extract::events::{EventFacts, Role, tokens};
use crate::extract::evidence::{Evidence, Leaf};
use crate::extract::ledger::Ledger;
use crate::extract::lexicon::events::{
    BY_APPLICATION, DATA, EVENT, ONLY_SUBSCRIBE, is_event_name, subscribers,
};
use crate::extract::lexicon::phrases::sentences;
use crate::extract::lexicon::preamble::WHO_SUBSCRIBES;
use crate::extract::page_log::PageLog;
use crate::extract::register::events::{
    BROWSER_EVENT, EVENT_NAME_IN_TITLE, EVENT_OF_APPLICATION, EVENT_PAYLOAD, EVENT_PAYLOAD_ALONE,
    EVENT_SUBSCRIBERS,
};
use crate::extract::register::page::{NO_SCOPE_NEEDED, PAGE_PATH};
use crate::extract::rules::deprecation::{self, Deprecation};
use crate::extract::rules::returns::payload::{self, PayloadEvidence};
use crate::extract::rules::scope;
use crate::extract::site_index::SiteIndex;
use crate::extract::source::snapshots::{Age, Around};
use crate::extract::syntax::ast::{Page, Section};
use crate::extract::syntax::parsed::ReadPage;

/// The marker of names that exist only in the browser.
const BROWSER_NAME: &str = "::";

/// The document that facts come from.
#[derive(Clone, Copy)]
pub(crate) struct Origin<'a> {
    pub(crate) read: &'a ReadPage<'a>,
    pub(crate) around: Around<'a>,
    /// The path of the page in the documentation.
    pub(crate) page: Option<&'a str>,
}

impl Origin<'_> {
    /// Facts without any content.
    pub(crate) fn empty(self, role: Role) -> EventFacts {
        EventFacts {
            source: Arc::clone(&self.read.source),
            form: self.read.form,
            revision: self.around.older_day().map(str::to_owned),
            age: self.around.age().unwrap_or(Age::Unknown),
            role,
            title: None,
            shown: None,
            link: None,
            name: String::new(),
            pattern: None,
            scope: None,
            subscribers: None,
            context: None,
            tokens: None,
            deprecation: Deprecation::default(),
            replaced_by: Vec::new(),
            handler_id: None,
            data: None,
            page: self.page.map(|path| Evidence::new(&PAGE_PATH, path.to_owned(), 0)),
            ledger: Ledger::default(),
        }
    }

    /// Facts with what the part above the first heading says of all events of the page.
    pub(crate) fn with_preamble(self, role: Role, log: &mut PageLog) -> EventFacts {
        let page = self.read.page;
        let preamble = Preamble::of(page);
        let no_scope = || Evidence::new(&NO_SCOPE_NEEDED, Vec::new(), 0);
        let scope = scope::extract(&preamble, log);
        EventFacts {
            scope: scope.or_else(|| (preamble.audience == Some(Audience::Event)).then(no_scope)),
            subscribers: who(page, log),
            context: context(page),
            ..self.empty(role)
        }
    }
}

/// Extracts the facts of a page about one event. `None` for an event of the browser, or for a page without any name.
pub(crate) fn extract(origin: Origin<'_>, index: &SiteIndex<'_>, log: &mut PageLog) -> Option<EventFacts> {
    let ReadPage { source, page, .. } = origin.read;
    let title = page.title.prose();
    let samples = of_sections(&page.sections, log);
    let in_title = name_in(&title).map(|name| Evidence::new(&EVENT_NAME_IN_TITLE, name, page.title.line));
    let shown = samples.whole.iter().find_map(Sample::name);
    if title.contains(BROWSER_NAME) || in_title.is_none() && shown.is_none() {
        log.fire(&BROWSER_EVENT);
        return None;
    }
    let name = in_title.as_ref().or(shown.as_ref()).map(|found| found.value.clone())?;
    let sections: Vec<&Section> = page.sections.iter().filter(|section| is_of_event(section)).collect();
    let handler_id = samples.whole.iter().find_map(Sample::handler_id);
    let tokens = tokens::extract(page, &samples.whole);
    let data = payload::extract(&name, evidence_of(&samples, sections, log), index, log);
    let deprecation = deprecation::extract(page, &source.path, origin.around.root, log);
    Some(EventFacts {
        title: in_title,
        shown,
        tokens,
        handler_id,
        data,
        deprecation,
        ..origin.with_preamble(Role::Page, log)
    })
}

/// The name, the line of the title and the examples of a page about one event. `None` for an event of the browser.
pub(crate) fn shown(page: &Page, log: &mut PageLog) -> Option<(String, usize, Vec<Sample>)> {
    let title = page.title.prose();
    let samples = of_sections(&page.sections, log);
    let shown = samples.whole.iter().find_map(|sample| Some(sample.event()?.to_owned()));
    let name = name_in(&title).or(shown).filter(|_| !title.contains(BROWSER_NAME))?;
    Some((name, page.title.line, as_whole(samples)))
}

/// The examples with all parts or, if there are none, the first other one as if it had them.
pub(crate) fn as_whole(samples: Samples) -> Vec<Sample> {
    if samples.whole.is_empty() {
        let first = samples.parts.into_iter().take(1);
        return first.map(|part| Sample { body: around_payload(&part.body), ..part }).collect();
    }
    samples.whole
}

/// The evidence on a payload: the examples with all parts or, if there are none, the first other one.
pub(crate) fn evidence_of<'p>(
    samples: &Samples,
    sections: Vec<&'p Section>,
    log: &mut PageLog,
) -> PayloadEvidence<'p> {
    if let Some(first) = samples.whole.first() {
        log.fire(&EVENT_PAYLOAD);
        let bodies = samples.whole.iter().map(|sample| sample.body.clone()).collect();
        return PayloadEvidence { samples: bodies, line: first.line, sections };
    }
    let Some(alone) = samples.parts.first() else {
        return PayloadEvidence { samples: Vec::new(), line: 0, sections };
    };
    log.fire(&EVENT_PAYLOAD_ALONE);
    PayloadEvidence { samples: vec![around_payload(&alone.body)], line: alone.line, sections }
}

/// A payload inside of what a handler receives. An example may leave out the rest of it.
pub(crate) fn around_payload(shown: &Value) -> Value {
    match shown.as_object() {
        Some(parts) if parts.len() <= 2 && parts.contains_key(DATA) && parts.keys().all(is_part) => {
            shown.clone()
        }
        _ => json!({DATA: shown}),
    }
}

fn is_part(name: &String) -> bool {
    name == DATA || name == EVENT
}

/// The last word of a text in the form of a name of an event.
pub(crate) fn name_in(text: &str) -> Option<String> {
    let words = text.split_whitespace().rev();
    let mut words = words.map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()));
    words.find(|word| is_event_name(word)).map(str::to_owned)
}

/// Who may subscribe, by the line above the first heading.
fn who(page: &Page, log: &mut PageLog) -> Option<Evidence<String>> {
    let texts = page.sections.first().into_iter().flat_map(Section::paragraphs);
    let (line, words) = texts.into_iter().find_map(|text| {
        let prose = text.prose();
        Some((text.line, prose.get(WHO_SUBSCRIBES.find_end(&prose)?..)?.trim().to_owned()))
    })?;
    let found = subscribers(&words);
    if found.is_none() {
        log.add(
            line,
            format!("it is not known who \"{words}\" is"),
            "one of the known groups; it was left out",
        );
    }
    found.map(|word| Evidence::new(&EVENT_SUBSCRIBERS, word.to_owned(), line))
}

/// The context that subscribing needs.
fn context(page: &Page) -> Option<Evidence<Context>> {
    let mut texts = page.sections.first()?.paragraphs();
    let asks =
        |text: &str| sentences(text).any(|one| ONLY_SUBSCRIBE.stand_in(one) && BY_APPLICATION.stand_in(one));
    let found = texts.find(|text| asks(&text.prose()))?;
    Some(Evidence::new(&EVENT_OF_APPLICATION, Context::Application, found.line))
}

impl EventFacts {
    /// Claims the single values of the facts in the ledger of the page.
    pub(crate) fn claim(&self, log: &mut PageLog) {
        let ledger = &mut log.ledger;
        if let Some(found) = &self.scope {
            ledger.claim(found.rule, found.line, || Leaf::key("scope"), &found.value);
        }
        let named = [
            ("subscribers", &self.subscribers),
            ("handler_id", &self.handler_id),
            ("page", &self.page),
            ("pattern", &self.pattern),
        ];
        for (key, found) in named {
            if let Some(found) = found {
                ledger.claim(found.rule, found.line, || Leaf::key(key), &found.value);
            }
        }
        if let Some(found) = &self.context {
            ledger.claim(found.rule, found.line, || Leaf::key("context"), found.value);
        }
        if let Some(found) = &self.tokens {
            ledger.claim(found.rule, found.line, || Leaf::key("tokens"), found.value);
        }
    }
}
