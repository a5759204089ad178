//! Holding a documentation against the descriptors and against the generated types, without regenerating either.
//!
//! | what is held | against what | where |
//! |---|---|---|
//! | bodies of requests | the parameters of the descriptor, as leniently as PHP reads them | `request` |
//! | answers | the generated types, through [`Decoders`] | here |
//! | the values in these answers | the fields of the model, which mirrors the generated types | `leaves` |
//! | codes of the tables of errors | the errors of the descriptor and the generated enumeration | `errors` |
//!
//! What is wrong and known to be the documentation's mistake stands in a list by hand (`known`).

mod errors;
mod findings;
mod json_shape;
mod known;
mod leaves;
mod reference;
mod request;
mod totals;

use std::panic::resume_unwind;

use serde_json::Value;

pub use findings::{Finding, Kind, Whose};
pub use known::{KnownMistakes, suggested};
pub use leaves::{Leaves, leaves};
pub use reference::Reference;
pub use request::{Misfit, check_request};
pub use totals::{Share, Totals};

use crate::descriptor::{Api, Descriptor};
use crate::extract::{MethodExamples, RequestExample, ResponseExample};
use reference::Model;

/// The generated types, as far as they can be asked: whoever calls has them compiled in.
pub trait Decoders: Sync {
    /// Reads `result` as the method's type, or says what does not fit; `None` where there is no such method.
    fn decode(&self, api: Api, method: &str, result: Value) -> Option<Result<(), String>>;

    /// Whether the method's enumeration has a variant for this error; `None` where there is no such method.
    fn knows_error(&self, api: Api, method: &str, code: &str, message: &str) -> Option<bool>;
}

/// What was found, and how much of the documentation holds.
#[derive(Debug, Default)]
pub struct Conformance {
    /// Everything that does not fit, by document and line.
    pub findings: Vec<Finding>,
    /// The paths of the values that land in no typed field, with the document and the method; only for people who ask.
    pub untyped: Vec<Untyped>,
    /// How much there was, and how much of it holds.
    pub totals: Totals,
}

/// A place in an answer whose values land in no typed field.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct Untyped {
    /// The method.
    pub method: String,
    /// The place, without the indices of lists.
    pub path: String,
    /// How many values stand there.
    pub values: usize,
}

/// Holds examples against the spec and the generated types. `done` is called once for each document.
pub fn conform(
    reference: &Reference<'_>,
    decoders: &dyn Decoders,
    examples: &[MethodExamples],
    done: &(dyn Fn() + Sync),
) -> Conformance {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = examples.len().div_ceil(threads).max(1);
    let check = |examples: &[MethodExamples]| {
        let mut run = Run { reference, decoders, found: Conformance::default() };
        for examples in examples {
            run.document(examples);
            done();
        }
        run.found
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
    all.totals.count_methods(examples, reference.descriptors());
    all.findings.sort_by(|a, b| a.place().cmp(&b.place()));
    all.untyped.sort();
    all
}

/// One run over some of the documents.
struct Run<'a> {
    reference: &'a Reference<'a>,
    decoders: &'a dyn Decoders,
    found: Conformance,
}

impl<'a> Run<'a> {
    fn document(&mut self, examples: &MethodExamples) {
        let totals = &mut self.found.totals;
        totals.documents += 1;
        let Some((descriptor, model)) = self.reference.method(examples.api, &examples.method) else {
            let what = "the spec has no descriptor of this method".to_owned();
            self.report(examples, 1, Kind::UnknownMethod, "", what, Whose::Spec);
            return;
        };
        for request in &examples.requests {
            self.request(examples, descriptor, request);
        }
        for response in &examples.responses {
            self.response(examples, model, response);
        }
        self.errors(examples, descriptor);
    }

    fn request(&mut self, examples: &MethodExamples, descriptor: &Descriptor, request: &RequestExample) {
        self.found.totals.requests.all += 1;
        let body = match &request.body {
            Ok(body) => body,
            Err(why) => {
                let what = format!("the body is no JSON: {why}");
                return self.report(
                    examples,
                    request.line,
                    Kind::RequestNotJson,
                    "",
                    what,
                    Whose::Documentation,
                );
            }
        };
        if let Some(other) = &request.other_method {
            if self.reference.method(examples.api, other).is_some() {
                // Pages show how other methods lead to theirs, or were copied from them; which, nobody can tell.
                self.found.totals.requests.all -= 1;
                return;
            }
            let what = format!("the example calls {other}, which is no method");
            return self.report(examples, request.line, Kind::OtherMethod, other, what, Whose::Documentation);
        }
        let misfits = check_request(descriptor, body);
        if misfits.is_empty() {
            self.found.totals.requests.fit += 1;
        }
        for misfit in misfits {
            let whose = findings::whose(&examples.source, descriptor, &misfit);
            self.report(examples, request.line, misfit.kind, &misfit.path, misfit.what, whose);
        }
    }

    fn response(&mut self, examples: &MethodExamples, model: Option<Model<'_>>, response: &ResponseExample) {
        self.found.totals.responses.all += 1;
        let result = match &response.result {
            Ok(result) => result,
            Err(why) => {
                let what = format!("the answer is no JSON: {why}");
                return self.report(
                    examples,
                    response.line,
                    Kind::ResponseNotJson,
                    "",
                    what,
                    Whose::Documentation,
                );
            }
        };
        let counted = model.map_or_else(
            || leaves::untyped(result),
            |(library, module, method)| leaves(library, module, method, result),
        );
        self.found.totals.leaves.all += counted.all;
        let decoded = self.decoders.decode(examples.api, &examples.method, result.clone());
        match decoded {
            Some(Ok(())) => {
                self.found.totals.responses.fit += 1;
                self.found.totals.leaves.fit += counted.typed;
                let method = &examples.method;
                let untyped = counted.untyped.into_iter();
                self.found.untyped.extend(untyped.map(|(path, values)| Untyped {
                    method: method.clone(),
                    path,
                    values,
                }));
            }
            Some(Err(what)) => {
                let path = what.split('`').nth(1).unwrap_or_default().to_owned();
                self.report(examples, response.line, Kind::Response, &path, what, Whose::Unclear);
            }
            None => {
                let what = "the generated code has no such method; is it older than the spec?".to_owned();
                self.report(examples, response.line, Kind::Generated, "", what, Whose::Spec);
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
        whose: Whose,
    ) {
        self.found.findings.push(Finding {
            file: examples.source.path.clone(),
            line,
            api: examples.api,
            method: examples.method.clone(),
            kind,
            at: at.to_owned(),
            what,
            whose,
            known: None,
        });
    }
}
