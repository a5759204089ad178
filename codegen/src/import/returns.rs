//! What a method answers, as one page tells of it.
//!
//! Three witnesses are heard: the examples of answers, the TypeScript type of the result, and the tables of returned data,
//! with the entities that these name. Examples and type give the shape; the tables give what the documentation calls each type, and fields that neither
//! shows. A type is chosen that every example fits.

mod choice;
mod entities;
mod fits;
mod identifiers;
mod own_fields;
pub(super) mod repair;
mod samples;
mod shape;
pub(super) mod tables;

use serde_json::Value;

use super::dictionary::Dictionary;
use super::page::{Code, Page, Section, Troubles};
use super::typescript;
use super::vocabulary::SectionKind;
use crate::descriptor::Schema;
use identifiers::Identifiers;

/// The answer of a call that went well.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// The schema of `result`.
    pub(super) returns: Option<Schema>,
    /// The witnesses that it was drawn from.
    pub(super) witnesses: Vec<&'static str>,
    /// The object of timing that the example shows.
    pub(super) time: Option<Value>,
    /// Whether an example or a table speaks of `next`, the beginning of the following page.
    pub(super) next: bool,
    /// Whether an example or a table speaks of `total`, the number of all rows.
    pub(super) total: bool,
    /// What identifiers the examples show in the rows of lists.
    pub(super) identifiers: Identifiers,
    /// The line of the example.
    pub(super) line: usize,
}

impl Answer {
    /// The day on which the example was recorded.
    pub(super) fn day(&self) -> Option<String> {
        let moment = self.time.as_ref()?.get("date_start")?.as_str()?;
        let day = moment.get(..10)?;
        let shape: String = day.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        (shape == "0000-00-00").then(|| day.to_owned())
    }
}

/// Hears what a page says of the answer.
pub(super) fn hear(
    page: &Page,
    method: &str,
    dictionary: &Dictionary<'_>,
    troubles: &mut Troubles,
) -> Answer {
    let samples = samples::of_page(page, troubles);
    let code = page.sections.iter().flat_map(Section::code);
    let typed = code.filter_map(|code| typescript::result_type(&code.text, method)).next();
    let tables = tables::of_page(page);
    let mut answer = Answer {
        line: samples.line,
        next: samples.next || tables::speaks_of(&tables, "next"),
        identifiers: identifiers::of(&samples.results),
        total: samples.total || tables::speaks_of(&tables, "total"),
        ..Answer::default()
    };
    let mut witnesses = Vec::new();
    if !samples.results.is_empty() {
        witnesses.push("example");
    }
    if typed.is_some() {
        witnesses.push("typescript");
    }
    let mut root = shape::grow(samples.results.iter().collect(), typed, 0);
    if tables::attach(&tables, &mut root) {
        witnesses.push("table");
    }
    if entities::attach(&mut root, dictionary) {
        witnesses.push("dictionary");
    }
    if !witnesses.is_empty() {
        answer.returns = Some(own_fields::removed(choice::result(&root, method, samples.line, troubles)))
            .filter(|schema| !schema.is_unknown());
        answer.witnesses = witnesses;
    }
    answer.time = samples.time;
    answer
}

/// The sections on the answer, those under headings of their own words included.
fn answer_sections(page: &Page) -> impl Iterator<Item = &Section> {
    page.sections.iter().filter(|section| {
        let kind = if section.kind == SectionKind::Other { section.within } else { section.kind };
        matches!(kind, SectionKind::Response | SectionKind::ReturnedData)
    })
}

/// The JSON of an example. What is nearly JSON is repaired; what begins like JSON and is none is reported.
pub(super) fn parsed(code: &Code, troubles: &mut Troubles) -> Option<Value> {
    let text = code.text.trim();
    let error = match serde_json::from_str(text) {
        Ok(value) => return Some(value),
        Err(error) => error,
    };
    if !text.starts_with(['{', '[']) {
        return None;
    }
    let line = code.line + error.line().saturating_sub(1);
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    if let Some(value) = repair::repaired(text) {
        troubles.add(line, format!("this example is not JSON: {message}"), "JSON; the example was repaired");
        return Some(value);
    }
    troubles.add(line, format!("this example is not JSON: {message}"), "JSON; the example was not used");
    None
}
