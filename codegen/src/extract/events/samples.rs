//! The examples of what a handler receives.

use serde_json::Value;

use crate::extract::evidence::Evidence;
use crate::extract::lexicon::events::{
    AUTH, DATA, EVENT, FURTHER_PARTS, HANDLER_IDS, SUBSCRIPTION, may_be_event_name,
};
use crate::extract::lexicon::headings::SectionKind;
use crate::extract::page_log::PageLog;
use crate::extract::register::events::{EVENT_HANDLER_ID, EVENT_NAME_IN_PAYLOAD};
use crate::extract::syntax::ast::{Code, Section};
use crate::extract::syntax::{json, php_array};

/// The most examples of one event that are read; no page has more.
const MANY: usize = 20;

/// An example of what a handler receives.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    /// The whole: an object with `data`.
    pub(crate) body: Value,
    pub(crate) line: usize,
}

impl Sample {
    /// The name of the event in it.
    pub(crate) fn event(&self) -> Option<&str> {
        self.body.get(EVENT)?.as_str().filter(|name| may_be_event_name(name))
    }

    /// The name as evidence.
    pub(crate) fn name(&self) -> Option<Evidence<String>> {
        Some(Evidence::new(&EVENT_NAME_IN_PAYLOAD, self.event()?.to_owned(), self.line))
    }

    /// The name of the identifier of the handler in it.
    pub(crate) fn handler_id(&self) -> Option<Evidence<String>> {
        let name = HANDLER_IDS.iter().find(|name| self.body.get(**name).is_some())?;
        Some(Evidence::new(&EVENT_HANDLER_ID, (*name).to_owned(), self.line))
    }
}

/// The examples in sections: those of what a handler receives, and other values that are shown.
#[derive(Debug, Default)]
pub(crate) struct Samples {
    pub(crate) whole: Vec<Sample>,
    /// Objects without the parts of what a handler receives, which may be payloads.
    pub(crate) parts: Vec<Sample>,
    /// What a handler receives without `data`.
    pub(crate) without_data: Vec<Sample>,
}

/// Reads the examples in sections. Only examples that can be of what a handler receives are parsed.
pub(crate) fn of_sections<'a>(sections: impl IntoIterator<Item = &'a Section>, log: &mut PageLog) -> Samples {
    of(sections, is_of_event, log)
}

/// Reads the examples in sections below the heading of an event, where those of examples are of the event too.
pub(crate) fn of_own_sections<'a>(
    sections: impl IntoIterator<Item = &'a Section>,
    log: &mut PageLog,
) -> Samples {
    of(sections, |section| !SUBSCRIPTION.stand_in(&section.heading), log)
}

fn of<'a>(
    sections: impl IntoIterator<Item = &'a Section>,
    is_of_event: impl Fn(&Section) -> bool,
    log: &mut PageLog,
) -> Samples {
    let mut samples = Samples::default();
    for section in sections {
        let is_of_event = is_of_event(section);
        for code in section.code() {
            let has = |part: &&str| code.text.contains(*part);
            let names_parts = has(&EVENT) && [DATA, AUTH].iter().any(has);
            if !names_parts && !is_of_event || samples.whole.len() >= MANY {
                continue;
            }
            let Some(body) = value_of(code, log) else { continue };
            let sample = Sample { body, line: code.line };
            if is_whole(&sample.body) {
                samples.whole.push(sample);
            } else if sample.event().is_some() && sample.body.get(AUTH).is_some() {
                samples.without_data.push(sample);
            } else if is_of_event && samples.parts.len() < MANY && sample.body.get("handler").is_none() {
                samples.parts.push(sample);
            }
        }
    }
    samples
}

/// The object in a code block.
fn value_of(code: &Code, log: &mut PageLog) -> Option<Value> {
    let is_php = code.text.contains("=>");
    let found = if is_php { php_array::parsed(code, log) } else { json::parsed(code, log) };
    found.filter(Value::is_object)
}

/// Whether an object is what a handler receives.
pub(crate) fn is_whole(body: &Value) -> bool {
    body.get(DATA).is_some()
        && (body.get(EVENT).is_some_and(Value::is_string)
            || FURTHER_PARTS.iter().all(|part| body.get(part).is_some()))
        && FURTHER_PARTS.iter().any(|part| body.get(part).is_some())
}

/// Whether a section is about what the handler of an event receives, and not about calls.
pub(crate) fn is_of_event(section: &Section) -> bool {
    !matches!(
        section.topic(),
        SectionKind::Examples | SectionKind::Errors | SectionKind::ErrorCodes | SectionKind::Related
    ) && !SUBSCRIPTION.stand_in(&section.heading)
}
