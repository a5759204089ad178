//! Checks the examples of a documentation against the descriptors and the generated types.
//!
//! | examples | checked against | module |
//! |---|---|---|
//! | request bodies | the parameters of the descriptor, with the coercions of PHP | `request` |
//! | responses | the generated types, through [`TypeRegistry`] | this file |
//! | the values in these responses | the fields of the model, which has the same types | `coverage` |
//! | payloads of events, as PHP sends them | the schema of the event, and its generated type | `payloads` |
//! | recorded events | the types of their payloads | `events` |
//! | codes in error tables | the errors of the descriptor and the generated enumeration | `errors` |
//!
//! `entity_fields` measures how many of the documented fields of an entity its type has. `recorded` checks recorded traffic in the same way.
//!
//! Known mistakes of the documentation are listed in a [`Baseline`].

mod baseline;
mod coverage;
mod entity_fields;
mod errors;
mod events;
mod findings;
mod kind;
mod payloads;
mod recorded;
mod request;
mod response_mismatch;
mod sent;
mod spec_index;
mod totals;
mod values;

use std::collections::HashSet;
use std::panic::resume_unwind;

use serde_json::Value;

pub use baseline::{Baseline, suggest_entries};
pub use coverage::{Coverage, measure_coverage};
pub use entity_fields::{EntityFields, measure_entity_fields};
pub use events::ReceivedEvent;
pub use findings::{Attribution, Finding};
pub use kind::Kind;
pub use payloads::{
    CheckedPayload, EventCoverage, EventIndex, check_payload, conform_events, measure_events, sent_by_php,
};
pub use recorded::{
    Place, RecordedConformance, RecordedMethod, RecordedTotals, SkippedLine, UnknownMethod, conform_recorded,
};
pub use request::{Violation, check_request};
pub use response_mismatch::ResponseMismatch;
pub use sent::{SentCoverage, conform_sent, measure_sent};
pub use spec_index::SpecIndex;
pub use totals::{Ratio, Totals};

use crate::descriptor::{Api, Descriptor};
use crate::extract::{MethodExamples, RequestExample, ResponseExample};
use spec_index::MethodModel;

/// Access to the generated types, which are compiled into the caller.
pub trait TypeRegistry: Sync {
    /// Decodes `result` as the method's result type. `None`: there is no such method. Values that a field cannot hold are
    /// returned; the error is for a result that cannot be decoded at all.
    fn decode(
        &self,
        api: Api,
        method: &str,
        result: Value,
    ) -> Option<Result<Vec<ResponseMismatch>, ResponseMismatch>>;

    /// Reads an event: an object as a portal sends it, a form, or a row of the queue of offline events. A body without a name is the
    /// payload of the event `name`.
    ///
    /// # Errors
    /// What is wrong with the body, if it is no event.
    fn event(&self, name: &str, body: &Value) -> Result<ReceivedEvent, String>;

    /// Whether the error enumeration of the method has a variant for this error. `None`: there is no such method.
    fn knows_error(&self, api: Api, method: &str, code: &str, message: &str) -> Option<bool>;
}

impl Conformance {
    /// Adds the result of another check.
    pub fn append(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.untyped.extend(other.untyped);
        self.totals.add(&other.totals);
        self.findings.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
        self.untyped.sort();
    }
}

/// The result of a check.
#[derive(Debug, Default)]
pub struct Conformance {
    /// All violations, by kind, document and line.
    pub findings: Vec<Finding>,
    /// The paths of values without a typed field.
    pub untyped: Vec<Untyped>,
    /// The totals.
    pub totals: Totals,
}

/// A path in a response whose values have no typed field.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct Untyped {
    /// The method.
    pub method: String,
    /// The path, without indices of lists.
    pub path: String,
    /// The number of values.
    pub values: usize,
}

/// Checks examples against the spec and the generated types. `done` is called once for each document.
pub fn conform(
    index: &SpecIndex<'_>,
    types: &dyn TypeRegistry,
    examples: &[MethodExamples],
    done: &(dyn Fn() + Sync),
) -> Conformance {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = examples.len().div_ceil(threads).max(1);
    let check = |examples: &[MethodExamples]| {
        let mut checker = Checker { index, types, found: Conformance::default() };
        for examples in examples {
            checker.check_document(examples);
            done();
        }
        checker.found
    };
    let mut all = std::thread::scope(|scope| {
        let workers: Vec<_> = examples.chunks(share).map(|share| scope.spawn(move || check(share))).collect();
        let mut all = Conformance::default();
        for worker in workers {
            let found = worker.join().unwrap_or_else(|panic| resume_unwind(panic));
            all.findings.extend(found.findings);
            all.untyped.extend(found.untyped);
            all.totals.add(&found.totals);
        }
        all
    });
    all.totals.count_methods(examples, index.descriptors());
    all.findings.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    all.untyped.sort();
    all
}

/// Checks a part of the documents.
struct Checker<'a> {
    index: &'a SpecIndex<'a>,
    types: &'a dyn TypeRegistry,
    found: Conformance,
}

impl<'a> Checker<'a> {
    fn check_document(&mut self, examples: &MethodExamples) {
        let totals = &mut self.found.totals;
        totals.documents += 1;
        let Some((descriptor, model)) = self.index.method(examples.api, &examples.method) else {
            let what = "the spec has no descriptor of this method".to_owned();
            self.report(examples, 1, Kind::UnknownMethod, "", what, Attribution::Spec);
            return;
        };
        for request in &examples.requests {
            self.check_request_example(examples, descriptor, request);
        }
        for response in &examples.responses {
            self.check_response(examples, model, response);
        }
        self.check_errors(examples, descriptor);
    }

    fn check_request_example(
        &mut self,
        examples: &MethodExamples,
        descriptor: &Descriptor,
        request: &RequestExample,
    ) {
        self.found.totals.requests.all += 1;
        let body = match &request.body {
            Ok(body) => body,
            Err(why) => {
                let what = format!("the body is not JSON: {why}");
                return self.report(
                    examples,
                    request.line,
                    Kind::RequestNotJson,
                    "",
                    what,
                    Attribution::Documentation,
                );
            }
        };
        if let Some(other) = &request.other_method {
            if self.index.method(examples.api, other).is_some() {
                // The example may prepare the call of this page or be copied from another one. Both are not counted.
                self.found.totals.requests.all -= 1;
                return;
            }
            let what = format!("the example calls {other}, which is not a method");
            return self.report(
                examples,
                request.line,
                Kind::OtherMethod,
                other,
                what,
                Attribution::Documentation,
            );
        }
        let violations = check_request(descriptor, body);
        if violations.is_empty() {
            self.found.totals.requests.fit += 1;
        }
        for violation in violations {
            let attribution = findings::attribute(&examples.source, descriptor, &violation);
            self.report(examples, request.line, violation.kind, &violation.path, violation.what, attribution);
        }
    }

    fn check_response(
        &mut self,
        examples: &MethodExamples,
        model: Option<MethodModel<'_>>,
        response: &ResponseExample,
    ) {
        self.found.totals.responses.all += 1;
        let result = match &response.result {
            Ok(result) => result,
            Err(why) => {
                let what = format!("the response is not JSON: {why}");
                return self.report(
                    examples,
                    response.line,
                    Kind::ResponseNotJson,
                    "",
                    what,
                    Attribution::Documentation,
                );
            }
        };
        let decoded = self.types.decode(examples.api, &examples.method, result.clone());
        let mismatches = decoded.as_ref().and_then(|decoded| decoded.as_deref().ok()).unwrap_or_default();
        let (rest, lost) = coverage::without_mismatches(result, mismatches);
        let mut coverage = model.map_or_else(
            || coverage::measure_untyped(&rest),
            |(library, module, method)| measure_coverage(library, module, method, &rest),
        );
        coverage.add(lost);
        let totals = &mut self.found.totals;
        totals.decoded.all += 1;
        totals.leaves.all += coverage.all;
        match decoded {
            Some(Ok(mismatches)) => {
                totals.decoded.fit += 1;
                totals.responses.fit += usize::from(mismatches.is_empty());
                totals.leaves.fit += coverage.typed;
                let method = &examples.method;
                let untyped = coverage.untyped.into_iter();
                self.found.untyped.extend(untyped.map(|(path, values)| Untyped {
                    method: method.clone(),
                    path,
                    values,
                }));
                self.report_mismatches(examples, response.line, mismatches);
            }
            Some(Err(ResponseMismatch { path, message, .. })) => {
                self.report(examples, response.line, Kind::Response, &path, message, Attribution::Unclear);
            }
            None => {
                let what = "the generated code has no such method; run `cargo regen`".to_owned();
                self.report(examples, response.line, Kind::Generated, "", what, Attribution::Spec);
            }
        }
    }

    /// Reports each field once for an example.
    fn report_mismatches(
        &mut self,
        examples: &MethodExamples,
        line: usize,
        mismatches: Vec<ResponseMismatch>,
    ) {
        let mut fields = HashSet::new();
        for ResponseMismatch { field, message, .. } in mismatches {
            if fields.insert(field.clone()) {
                self.found.totals.response_mismatches += 1;
                self.report(examples, line, Kind::ResponseMismatch, &field, message, Attribution::Unclear);
            }
        }
    }

    fn report(
        &mut self,
        examples: &MethodExamples,
        line: usize,
        kind: Kind,
        at: &str,
        what: String,
        attribution: Attribution,
    ) {
        self.found.findings.push(Finding {
            file: examples.source.path.clone(),
            line,
            api: examples.api,
            method: examples.method.clone(),
            kind,
            at: at.to_owned(),
            what,
            attribution,
            known: None,
        });
    }
}
