//! The result of a method as one page documents it.
//!
//! The evidence comes from three sources: the example responses with the recorded ones behind them, the TypeScript type of the
//! result, and the tables of returned data with the entities that they name. Examples and TypeScript give the structure; tables give the documented types, and
//! fields that neither of the other two shows. The schema of each value is the first type that every example fits.

pub(crate) mod custom_fields;
pub(crate) mod entities;
pub(crate) mod envelope;
pub(crate) mod evidence;
pub(crate) mod identifiers;
pub(crate) mod payload;
pub(crate) mod recorded;
pub(crate) mod resolve;
pub(crate) mod response_examples;
pub(crate) mod sections;
mod selected;
pub(crate) mod tables;
pub(crate) mod tree;

use serde_json::Value;

use crate::descriptor::Schema;
use crate::extract::evidence::Leaf;
use crate::extract::page_log::PageLog;
use crate::extract::register::returns::PORTAL_FIELD_LEFT_OUT;
use crate::extract::rules::returns::evidence::ResultEvidence;
use crate::extract::rules::returns::identifiers::Identifiers;
use crate::extract::rules::returns::recorded::RecordedExamples;
use crate::extract::rules::returns::resolve::{Lines, Sources};
use crate::extract::rules::returns::tree::Node;
use crate::extract::site_index::SiteIndex;
use crate::extract::syntax::ast::{Page, Section};
use crate::extract::syntax::typescript;
use crate::recorded::RecordedResult;

/// What a page shows of a successful response.
#[derive(Debug, Default)]
pub(crate) struct ResponseFacts {
    /// The schema of `result`.
    pub(crate) returns: Option<Schema>,
    /// The timing object in the example.
    pub(crate) time: Option<Value>,
    /// Whether an example or a table has `next`, the offset of the following page.
    pub(crate) next: bool,
    /// Whether an example or a table has `total`, the number of all rows.
    pub(crate) total: bool,
    /// The identifiers of the rows of lists in the examples.
    pub(crate) identifiers: Identifiers,
    /// The line of the example.
    pub(crate) line: usize,
    /// All evidence on the result, if there is any.
    pub(crate) evidence: Option<ResultEvidence>,
}

impl ResponseFacts {
    /// The day on which the example was recorded, as `YYYY-MM-DD`.
    pub(crate) fn day(&self) -> Option<String> {
        let moment = self.time.as_ref()?.get("date_start")?.as_str()?;
        let day = moment.get(..10)?;
        let shape: String = day.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        (shape == "0000-00-00").then(|| day.to_owned())
    }
}

/// Extracts the result from a page.
pub(crate) fn extract(
    page: &Page,
    path: &str,
    method: &str,
    index: &SiteIndex<'_>,
    recorded: &[RecordedResult<'_>],
    log: &mut PageLog,
) -> ResponseFacts {
    let examples = response_examples::of_page(page, log);
    let recorded = RecordedExamples::of(recorded, &examples.results);
    let (typed, typescript) = typescript_type(page, method, log).unzip();
    let tables = tables::of_page(page, log);
    let samples: Vec<&Value> = examples.results.iter().chain(&recorded.results).collect();
    let has_structure = !samples.is_empty() || typed.is_some();
    let mut root = tree::build(samples, typed.clone(), 0);
    let in_tables = tables::attach(&tables, &mut root, log);
    let in_entities = entities::attach(&mut root, index, log);
    let is_selected = selected::attach(page, path, &mut root, index, log);
    let samples = recorded.samples();
    let lines =
        Lines { example_rule: examples.rule, example: examples.line, typescript: typescript.unwrap_or(0) };
    let sources = Sources { root: "returns", lines, recorded: &samples };
    let is_known = has_structure || in_tables || in_entities || is_selected;
    let returns = is_known.then(|| schema(&root, method, sources, log));
    let returns = returns.filter(|schema| !schema.is_unknown());
    let documented = evidence::documented(&root);
    let keyed = tables::keyed::paths(&root);
    let identifiers = identifiers::of(&examples.results);
    let results = [examples.results, recorded.results].concat();
    ResponseFacts {
        evidence: returns.is_some().then(|| ResultEvidence::new(results, typed, documented, keyed, lines)),
        returns,
        identifiers,
        next: examples.next || tables::mentions(&tables, "next"),
        total: examples.total || tables::mentions(&tables, "total"),
        line: examples.line,
        time: examples.time,
    }
}

/// The type of the first call of the method in TypeScript, and its line.
fn typescript_type(page: &Page, method: &str, log: &mut PageLog) -> Option<(Schema, usize)> {
    let mut code = page.sections.iter().flat_map(Section::code);
    let (typed, line) =
        code.find_map(|code| Some((typescript::result_type(&code.text, method)?, code.line)))?;
    typed.rules.into_iter().for_each(|rule| log.fire(rule));
    Some((typed.schema, line))
}

/// The schema of the result, without the fields that exist on one portal only.
fn schema(root: &Node<'_>, method: &str, sources: Sources<'_>, log: &mut PageLog) -> Schema {
    let mut schema = resolve::result(root, method, sources, log);
    let removed = custom_fields::remove(&mut schema);
    if !removed.is_empty() {
        let leaf = || Leaf::schema(sources.root, [], "properties");
        log.ledger.claim(&PORTAL_FIELD_LEFT_OUT, sources.lines.example, leaf, removed);
    }
    schema
}
