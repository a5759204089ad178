//! Pages that describe several events, each in a section whose heading is its name.

use serde_json::{Map, Value};

use crate::extract::events::page::{Origin, around_payload, evidence_of};
use crate::extract::events::samples::{Sample, Samples, of_own_sections, of_sections};
use crate::extract::events::{EventFacts, Role, tokens};
use crate::extract::evidence::Evidence;
use crate::extract::lexicon::events::{DATA, EVENT, is_event_name};
use crate::extract::page_log::PageLog;
use crate::extract::register::events::{EVENT_FIELD_OF_ANOTHER, EVENT_SECTION};
use crate::extract::rules::returns::payload;
use crate::extract::site_index::SiteIndex;
use crate::extract::syntax::ast::{Page, Section};
use crate::extract::tables::field_table::FieldTable;

/// The sections about one event.
struct Described<'p> {
    name: &'p str,
    line: usize,
    sections: Vec<&'p Section>,
    samples: Samples,
}

/// Extracts the facts of a page with a section for each of several events.
pub(crate) fn extract(origin: Origin<'_>, index: &SiteIndex<'_>, log: &mut PageLog) -> Vec<EventFacts> {
    let page = origin.read.page;
    let mut described = sections(page, log);
    let before = page.sections.iter().take_while(|section| !is_event_name(section.heading.trim()));
    for sample in if described.is_empty() { Vec::new() } else { of_sections(before, log).whole } {
        let event = sample.event().map(str::to_owned);
        let of_event = described
            .iter_mut()
            .find(|other| event.as_deref().is_some_and(|event| event.eq_ignore_ascii_case(other.name)));
        if let Some(of_event) = of_event {
            of_event.samples.whole.push(sample);
        }
    }
    let shared = shared_objects(&described);
    let of_one = |event: Described<'_>| {
        let mut samples = event.samples;
        if !samples.whole.is_empty() {
            let parts = std::mem::take(&mut samples.parts);
            samples
                .whole
                .extend(parts.into_iter().map(|part| Sample { body: around_payload(&part.body), ..part }));
        }
        let handler_id = samples.whole.iter().find_map(Sample::handler_id);
        let shown = samples.whole.iter().find_map(Sample::name);
        let mut evidence = evidence_of(&samples, event.sections.clone(), log);
        let further = further_samples(&event.sections, &evidence.samples, &shared);
        if !further.is_empty() {
            log.fire(&EVENT_FIELD_OF_ANOTHER);
            evidence.samples.extend(further);
        }
        let title = Evidence::new(&EVENT_SECTION, event.name.to_owned(), event.line);
        EventFacts {
            title: Some(title),
            shown,
            handler_id,
            tokens: tokens::extract(page, &samples.whole),
            data: payload::extract(event.name, evidence, index, log),
            ..origin.with_preamble(Role::Section, log)
        }
    };
    described.into_iter().map(of_one).collect()
}

/// The names, the lines of the headings and the examples of the events that sections describe.
pub(crate) fn shown(page: &Page, log: &mut PageLog) -> Vec<(String, usize, Vec<Sample>)> {
    let of_event = |event: Described<'_>| {
        let mut samples = event.samples.whole;
        let parts = event.samples.parts.into_iter();
        samples.extend(parts.map(|part| Sample { body: around_payload(&part.body), ..part }));
        (event.name.to_owned(), event.line, samples)
    };
    sections(page, log).into_iter().map(of_event).collect()
}

/// The sections whose headings are names of events, with those below them, if they have a table or an example.
fn sections<'p>(page: &'p Page, log: &mut PageLog) -> Vec<Described<'p>> {
    let mut described = Vec::new();
    for (at, section) in page.sections.iter().enumerate() {
        let name = section.heading.trim();
        if section.level == 0 || !is_event_name(name) {
            continue;
        }
        let rest = page.sections.get(at + 1..).unwrap_or_default();
        let below = rest.iter().take_while(|other| other.level > section.level);
        let sections: Vec<&Section> = std::iter::once(section).chain(below).collect();
        let samples = of_own_sections(sections.iter().copied(), log);
        let has_table = sections.iter().any(|section| section.tables().next().is_some());
        if has_table || !samples.whole.is_empty() || !samples.parts.is_empty() {
            described.push(Described { name, line: section.line, sections, samples });
        }
    }
    described
}

/// The objects in all examples of a page, by the names of the fields of payloads.
fn shared_objects(described: &[Described<'_>]) -> Vec<(String, Value)> {
    let mut shared: Vec<(String, Value)> = Vec::new();
    if described.len() < 2 {
        return shared;
    }
    let samples = described.iter().flat_map(|event| event.samples.whole.iter().chain(&event.samples.parts));
    for sample in samples {
        let body = around_payload(&sample.body);
        let whole = if sample.body.get(EVENT).is_some() { &sample.body } else { &body };
        for (name, value) in whole.get(DATA).and_then(Value::as_object).into_iter().flatten() {
            let is_filled = value.as_object().is_some_and(|object| !object.is_empty());
            if is_filled && !shared.iter().any(|(known, other)| known == name && other == value) {
                shared.push((name.clone(), value.clone()));
            }
        }
    }
    shared
}

/// Examples of the objects that the first table lists, from those of other events.
fn further_samples(sections: &[&Section], own: &[Value], shared: &[(String, Value)]) -> Vec<Value> {
    let table = sections.iter().find_map(|section| section.tables().next());
    let rows = table.map(|table| FieldTable::of(table).fields()).unwrap_or_default();
    let is_listed = |name: &String| rows.iter().any(|row| row.name == *name);
    let is_own = |name: &str, value: &Value| {
        own.iter().any(|body| body.get(DATA).and_then(|data| data.get(name)) == Some(value))
    };
    let further = shared.iter().filter(|(name, value)| is_listed(name) && !is_own(name, value));
    let as_sample = |(name, value): &(String, Value)| {
        let data = Map::from_iter([(name.clone(), value.clone())]);
        Value::Object(Map::from_iter([(DATA.to_owned(), Value::Object(data))]))
    };
    further.map(as_sample).collect()
}
