//! What a method answers, as one page tells of it.
//!
//! Three witnesses are heard: the examples of answers, the TypeScript type of the result, and the tables of returned data,
//! with the entities that these name. Examples and type give the shape; the tables give what the documentation calls each type, and fields that neither
//! shows. A type is chosen that every example fits.

pub(crate) mod custom_fields;
pub(crate) mod entities;
pub(crate) mod identifiers;
pub(crate) mod resolve;
pub(crate) mod response_examples;
pub(crate) mod tables;
pub(crate) mod tree;

use serde_json::Value;

use crate::descriptor::Schema;
use crate::extract::diagnostics::Troubles;
use crate::extract::lexicon::SectionKind;
use crate::extract::rules::returns::identifiers::Identifiers;
use crate::extract::site_index::Dictionary;
use crate::extract::syntax::ast::{Page, Section};
use crate::extract::syntax::typescript;

/// The answer of a call that went well.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// The schema of `result`.
    pub(crate) returns: Option<Schema>,
    /// The witnesses that it was drawn from.
    pub(crate) witnesses: Vec<&'static str>,
    /// The object of timing that the example shows.
    pub(crate) time: Option<Value>,
    /// Whether an example or a table speaks of `next`, the beginning of the following page.
    pub(crate) next: bool,
    /// Whether an example or a table speaks of `total`, the number of all rows.
    pub(crate) total: bool,
    /// What identifiers the examples show in the rows of lists.
    pub(crate) identifiers: Identifiers,
    /// The line of the example.
    pub(crate) line: usize,
}

impl Answer {
    /// The day on which the example was recorded.
    pub(crate) fn day(&self) -> Option<String> {
        let moment = self.time.as_ref()?.get("date_start")?.as_str()?;
        let day = moment.get(..10)?;
        let shape: String = day.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        (shape == "0000-00-00").then(|| day.to_owned())
    }
}

/// Hears what a page says of the answer.
pub(crate) fn hear(
    page: &Page,
    method: &str,
    dictionary: &Dictionary<'_>,
    troubles: &mut Troubles,
) -> Answer {
    let samples = response_examples::of_page(page, troubles);
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
    let mut root = tree::grow(samples.results.iter().collect(), typed, 0);
    if tables::attach(&tables, &mut root) {
        witnesses.push("table");
    }
    if entities::attach(&mut root, dictionary) {
        witnesses.push("dictionary");
    }
    if !witnesses.is_empty() {
        answer.returns = Some(custom_fields::removed(resolve::result(&root, method, samples.line, troubles)))
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
