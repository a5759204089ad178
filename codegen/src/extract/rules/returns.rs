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
pub(crate) mod sections;
pub(crate) mod tables;
pub(crate) mod tree;

use serde_json::Value;

use crate::descriptor::Schema;
use crate::extract::diagnostics::PageDiagnostics;
use crate::extract::rules::returns::identifiers::Identifiers;
use crate::extract::rules::returns::resolve::Lines;
use crate::extract::site_index::SiteIndex;
use crate::extract::syntax::ast::{Page, Section};
use crate::extract::syntax::typescript;

/// The answer of a call that went well.
#[derive(Debug, Default)]
pub(crate) struct ResponseFacts {
    /// The schema of `result`.
    pub(crate) returns: Option<Schema>,
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

impl ResponseFacts {
    /// The day on which the example was recorded.
    pub(crate) fn day(&self) -> Option<String> {
        let moment = self.time.as_ref()?.get("date_start")?.as_str()?;
        let day = moment.get(..10)?;
        let shape: String = day.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        (shape == "0000-00-00").then(|| day.to_owned())
    }
}

/// Hears what a page says of the answer.
pub(crate) fn extract(
    page: &Page,
    method: &str,
    index: &SiteIndex<'_>,
    diagnostics: &mut PageDiagnostics,
) -> ResponseFacts {
    let examples = response_examples::of_page(page, diagnostics);
    let code = page.sections.iter().flat_map(Section::code);
    let mut typed = code.filter_map(|code| Some((typescript::result_type(&code.text, method)?, code.line)));
    let (typed, typescript_line) = typed.next().unzip();
    let tables = tables::of_page(page);
    let mut answer = ResponseFacts {
        line: examples.line,
        next: examples.next || tables::mentions(&tables, "next"),
        identifiers: identifiers::of(&examples.results),
        total: examples.total || tables::mentions(&tables, "total"),
        ..ResponseFacts::default()
    };
    let speaks_before = !examples.results.is_empty() || typed.is_some();
    let mut root = tree::build(examples.results.iter().collect(), typed, 0);
    let in_tables = tables::attach(&tables, &mut root);
    let in_entities = entities::attach(&mut root, index);
    if speaks_before || in_tables || in_entities {
        let lines = Lines { example: examples.line, typescript: typescript_line.unwrap_or(0) };
        let schema = custom_fields::removed(resolve::result(&root, method, lines, diagnostics));
        answer.returns = Some(schema).filter(|schema| !schema.is_unknown());
    }
    answer.time = examples.time;
    answer
}
