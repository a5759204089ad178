//! The examples of answers on a page, taken out of their envelopes.

use serde_json::{Map, Value};

use crate::extract::diagnostics::PageDiagnostics;
use crate::extract::lexicon::headings::SectionKind;
use crate::extract::rules::returns::sections::response_sections;
use crate::extract::syntax::ast::Page;
use crate::extract::syntax::json::parsed;

/// What the examples of a page show.
#[derive(Debug, Default)]
pub(super) struct ResponseExamples {
    /// The value of `result` in each.
    pub(super) results: Vec<Value>,
    /// The first object of timing.
    pub(super) time: Option<Value>,
    pub(super) next: bool,
    pub(super) total: bool,
    /// The line of the first example.
    pub(super) line: usize,
}

/// More examples than these are no documentation.
const MANY: usize = 40;

/// The examples of a page: those in their envelope or, where there are none, the first one without.
pub(super) fn of_page(page: &Page, diagnostics: &mut PageDiagnostics) -> ResponseExamples {
    let mut samples = ResponseExamples::default();
    let mut bare: Option<(Value, usize)> = None;
    for section in response_sections(page) {
        for code in section.code() {
            if samples.results.len() >= MANY {
                return samples;
            }
            let Some(value) = parsed(code, diagnostics) else { continue };
            match value {
                Value::Object(envelope)
                    if envelope.contains_key("error") && !envelope.contains_key("result") => {}
                Value::Object(envelope) if envelope.contains_key("result") => {
                    samples.add(envelope, code.line, diagnostics)
                }
                // Below a heading of its own, a piece of JSON is a part of the answer.
                value if section.kind == SectionKind::Response && bare.is_none() => {
                    bare = Some((value, code.line))
                }
                _ => {}
            }
        }
    }
    if let (Some((value, line)), true) = (bare, samples.results.is_empty()) {
        samples.add_bare(value, line, diagnostics);
    }
    samples
}

impl ResponseExamples {
    fn add(&mut self, mut envelope: Map<String, Value>, line: usize, diagnostics: &mut PageDiagnostics) {
        let mut result = envelope.shift_remove("result").unwrap_or_default();
        let mut time = envelope.shift_remove("time").filter(is_time);
        // On some pages the object of timing has slipped into the result.
        if let Value::Object(fields) = &mut result
            && fields.get("time").is_some_and(is_time)
        {
            let message = "the timing stands inside `result` in this example; it was taken out";
            diagnostics.add(line, message, "`time` beside `result`");
            time = time.or_else(|| fields.shift_remove("time"));
            fields.shift_remove("time");
        }
        self.time = self.time.take().or(time);
        self.next |= envelope.contains_key("next");
        self.total |= envelope.contains_key("total");
        self.line = if self.results.is_empty() { line } else { self.line };
        self.results.push(result);
    }

    fn add_bare(&mut self, value: Value, line: usize, diagnostics: &mut PageDiagnostics) {
        let mut envelope = Map::new();
        match value {
            Value::Object(mut fields) => {
                let message = "this example has no `result`; it was taken for the result itself";
                diagnostics.add(line, message, "the answer with the envelope around it");
                for key in ["time", "next", "total"] {
                    if let Some(of_envelope) = fields.shift_remove(key) {
                        envelope.insert(key.to_owned(), of_envelope);
                    }
                }
                envelope.insert("result".to_owned(), Value::Object(fields));
            }
            value => {
                envelope.insert("result".to_owned(), value);
            }
        }
        self.add(envelope, line, diagnostics);
    }
}

/// Whether a value is the object that tells how long a call took.
fn is_time(value: &Value) -> bool {
    value.get("start").is_some()
        && (value.get("finish").is_some()
            || value.get("duration").is_some()
            || value.get("date_start").is_some())
}
