//! The example responses of a page, taken out of their envelopes.

use serde_json::Value;

use crate::extract::lexicon::headings::SectionKind;
use crate::extract::page_log::PageLog;
use crate::extract::register::Rule;
use crate::extract::register::returns::{
    BARE_RESPONSE, RESPONSE_SECTIONS, RESULT_IN_ENVELOPE, TIMING_INSIDE_RESULT,
};
use crate::extract::rules::returns::envelope::Envelope;
use crate::extract::rules::returns::sections::response_sections;
use crate::extract::syntax::ast::Page;
use crate::extract::syntax::json::parsed;

/// What the examples of a page show.
#[derive(Debug)]
pub(super) struct ResponseExamples {
    /// The value of `result` in each.
    pub(super) results: Vec<Value>,
    /// The rule that takes the results out of the examples.
    pub(super) rule: &'static Rule,
    /// The first timing object.
    pub(super) time: Option<Value>,
    pub(super) next: bool,
    pub(super) total: bool,
    /// The line of the first example.
    pub(super) line: usize,
}

/// The most examples that are read; no documented method has more.
const MANY: usize = 40;

/// The examples of a page: those in their envelope or, where there are none, the first one without.
pub(super) fn of_page(page: &Page, log: &mut PageLog) -> ResponseExamples {
    let mut examples = ResponseExamples::default();
    let mut bare: Option<(Value, usize)> = None;
    for section in response_sections(page) {
        for code in section.code() {
            if examples.results.len() >= MANY {
                return examples;
            }
            let Some(value) = parsed(code, log) else { continue };
            match value {
                Value::Object(envelope)
                    if envelope.contains_key("error") && !envelope.contains_key("result") => {}
                Value::Object(envelope) if envelope.contains_key("result") => {
                    log.fire(&RESPONSE_SECTIONS);
                    examples.add(Envelope::of(envelope), code.line, log)
                }
                // Below an unknown heading, JSON without an envelope is a part of a response.
                value if section.kind == SectionKind::Response && bare.is_none() => {
                    bare = Some((value, code.line))
                }
                _ => {}
            }
        }
    }
    if let (Some((value, line)), true) = (bare, examples.results.is_empty()) {
        log.fire(&RESPONSE_SECTIONS);
        examples.add_bare(value, line, log);
    }
    examples
}

impl Default for ResponseExamples {
    fn default() -> Self {
        let (results, rule) = (Vec::new(), &RESULT_IN_ENVELOPE);
        Self { results, rule, time: None, next: false, total: false, line: 0 }
    }
}

impl ResponseExamples {
    fn add(&mut self, envelope: Envelope, line: usize, log: &mut PageLog) {
        if envelope.has_timing_inside {
            log.fire(&TIMING_INSIDE_RESULT);
            let message = "the timing stands inside `result` in this example; it was removed";
            log.add(line, message, "`time` beside `result`");
        }
        self.time = self.time.take().or(envelope.time);
        self.next |= envelope.next;
        self.total |= envelope.total;
        self.line = if self.results.is_empty() { line } else { self.line };
        self.results.push(envelope.result);
    }

    fn add_bare(&mut self, value: Value, line: usize, log: &mut PageLog) {
        self.rule = &BARE_RESPONSE;
        if value.is_object() {
            let message = "this example has no `result`; it was read as the result itself";
            log.add(line, message, "the response with the envelope around it");
        }
        self.add(Envelope::bare(value), line, log);
    }
}
