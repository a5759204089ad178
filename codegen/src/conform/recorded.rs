//! Checks recorded traffic against the descriptors and the generated types.
//!
//! | lines | checked against | module |
//! |---|---|---|
//! | requests | the parameters of the descriptor, as those of examples | this file |
//! | responses with a result | the generated types, and the fields of the model | this file |
//! | responses with an error | the errors of the method and of the system | `error_reply` |
//! | events | the types of their payloads | `super::events` |
//! | responses of a batch | each command by itself, if the line before is the request of the batch | `crate::recorded::batch` |

mod error_reply;
mod report;

use std::collections::BTreeMap;

use serde_json::Value;

use super::events::{CheckedEvent, check_event};
use super::{Coverage, ResponseMismatch, SpecIndex, TypeRegistry, check_request, coverage, measure_coverage};
use crate::descriptor::{Api, Descriptor, MethodKey, method_key};
use crate::recorded::batch::{self, BatchCommands};
use crate::recorded::{Recorded, RecordedKind, is_portal_field};
use error_reply::ErrorReply;
pub use report::{Place, RecordedConformance, RecordedMethod, RecordedTotals, SkippedLine, UnknownMethod};

/// Checks lines of recorded traffic.
pub fn conform_recorded(
    index: &SpecIndex<'_>,
    types: &dyn TypeRegistry,
    lines: &[Recorded],
) -> RecordedConformance {
    let mut checker = RecordedChecker {
        index,
        types,
        methods: BTreeMap::new(),
        unknown: BTreeMap::new(),
        events: BTreeMap::new(),
        unknown_events: BTreeMap::new(),
        skipped: Vec::new(),
        batch: None,
    };
    for line in lines {
        checker.check(line);
    }
    let RecordedChecker { methods, unknown, events, unknown_events, skipped, .. } = checker;
    let methods = (methods.into_values().collect(), unknown.into_values().collect());
    let events = (events.into_values().collect(), unknown_events.into_values().collect());
    RecordedConformance::new(lines.len(), methods, events, skipped)
}

struct RecordedChecker<'a> {
    index: &'a SpecIndex<'a>,
    types: &'a dyn TypeRegistry,
    methods: BTreeMap<MethodKey, RecordedMethod>,
    unknown: BTreeMap<MethodKey, UnknownMethod>,
    events: BTreeMap<String, RecordedMethod>,
    unknown_events: BTreeMap<String, UnknownMethod>,
    skipped: Vec<SkippedLine>,
    /// The commands of the last request of a batch.
    batch: Option<BatchCommands<'a>>,
}

/// A reply to one call, alone or as a command of a batch.
#[derive(Clone, Copy)]
struct Reply<'l> {
    line: &'l Recorded,
    api: Api,
    method: &'l str,
}

impl<'a> RecordedChecker<'a> {
    fn check(&mut self, line: &'a Recorded) {
        match line.kind {
            RecordedKind::Request => self.check_request(line),
            RecordedKind::Response if batch::is_batch(line) => self.check_batch(line),
            RecordedKind::Response => self.check_response(line),
            RecordedKind::Event => self.check_event(line),
        }
    }

    fn skip(&mut self, line: &Recorded, reason: &str) {
        self.skipped.push(SkippedLine::new(line, reason));
    }

    /// The descriptor of a method and its results so far. An unknown method is counted.
    fn method(&mut self, api: Api, name: &str) -> Option<(&'a Descriptor, &mut RecordedMethod)> {
        let Some((descriptor, _)) = self.index.method(api, name) else {
            let unknown = self.unknown.entry(method_key(api, name));
            unknown.or_insert_with(|| UnknownMethod::new(api, name)).lines += 1;
            return None;
        };
        let method = self.methods.entry(method_key(api, &descriptor.method));
        Some((descriptor, method.or_insert_with(|| RecordedMethod::new(api, &descriptor.method))))
    }

    fn check_request(&mut self, line: &'a Recorded) {
        if batch::is_batch(line) {
            self.batch = Some(BatchCommands::of(line));
        }
        let Some((descriptor, method)) = self.method(line.api, &line.method) else { return };
        method.requests += 1;
        let violations = check_request(descriptor, &line.body);
        method.requests_accepted += usize::from(violations.is_empty());
        for violation in violations {
            Place::add(&mut method.violations, &violation.path, &violation.what, line);
        }
    }

    fn check_response(&mut self, line: &'a Recorded) {
        let reply = Reply { line, api: line.api, method: &line.method };
        match (&line.body, line.result()) {
            (_, Some(result)) => self.check_result(reply, result),
            (Value::Object(envelope), None) => match ErrorReply::of(envelope) {
                Some(error) => self.check_error(reply, &error),
                None => self.skip(line, "the envelope has neither a result nor an error"),
            },
            (_, None) => self.skip(line, "the body is no envelope"),
        }
    }

    /// Decodes a result, and counts its values.
    fn check_result(&mut self, reply: Reply<'_>, result: &Value) {
        if let Some(error) = ErrorReply::nested(result) {
            return self.check_error(reply, &error);
        }
        let Reply { line, api, method } = reply;
        let model = self.index.method(api, method).and_then(|(_, model)| model);
        let types = self.types;
        let Some((descriptor, method)) = self.method(api, method) else { return };
        let Some(decoded) = decode(types, api, &descriptor.method, result) else {
            let reason = "the generated code has no such method; run `cargo regen`";
            return self.skip(line, reason);
        };
        let of_fields: &[ResponseMismatch] = if decoded.is_decoded { &decoded.mismatches } else { &[] };
        let (rest, lost) = coverage::without_mismatches(result, of_fields);
        let mut coverage = model.map_or_else(
            || coverage::measure_untyped(&rest),
            |(library, module, method)| measure_coverage(library, module, method, &rest),
        );
        coverage.add(lost);
        count_reply(method, coverage, &decoded, line);
    }

    fn check_event(&mut self, line: &'a Recorded) {
        let event = match check_event(self.index, self.types, &line.method, &line.body) {
            CheckedEvent::Read(event) => event,
            CheckedEvent::NoEvent(problem) => return self.skip(line, &problem),
            CheckedEvent::NotGenerated => {
                return self.skip(line, "the generated code has no such event; run `cargo regen`");
            }
            CheckedEvent::Unknown(name) => {
                let unknown = self.unknown_events.entry(name.to_lowercase());
                unknown.or_insert_with(|| UnknownMethod::new(line.api, &name)).lines += 1;
                return;
            }
        };
        let found = self.events.entry(event.name.to_lowercase());
        let found = found.or_insert_with(|| RecordedMethod::new(line.api, &event.name));
        let decoded = Decoded { is_decoded: event.is_decoded, mismatches: event.mismatches };
        count_reply(found, event.coverage, &decoded, line);
    }

    fn check_error(&mut self, reply: Reply<'_>, error: &ErrorReply) {
        let Reply { line, api, method } = reply;
        let (index, types) = (self.index, self.types);
        let Some((descriptor, method)) = self.method(api, method) else { return };
        if error.is_shape() {
            let reason = "an error without a code, and its message is a shape";
            return self.skip(line, reason);
        }
        method.errors += 1;
        if error.is_documented(index, types, descriptor) {
            method.errors_known += 1;
        } else {
            Place::add(&mut method.unknown_errors, &error.code, "no error of the method has this code", line);
        }
    }

    /// Checks the commands of a batch.
    fn check_batch(&mut self, line: &'a Recorded) {
        let Some(result) = line.result().and_then(Value::as_object) else {
            return self.check_response(line);
        };
        let Some(commands) = self.batch.take().filter(|commands| commands.fits(line, result)) else {
            return self.skip(line, "the request of this batch is not known");
        };
        for (name, result) in batch::entries(result.get("result")) {
            match commands.method(&name) {
                Some(method) => self.check_result(Reply { line, api: line.api, method }, result),
                None => self.skip(line, "a command of this batch has no method"),
            }
        }
        for (name, error) in batch::entries(result.get("result_error")) {
            let error = error.as_object().and_then(ErrorReply::of);
            if let (Some(method), Some(error)) = (commands.method(&name), error) {
                self.check_error(Reply { line, api: line.api, method }, &error);
            }
        }
    }
}

/// What the generated types make of a result.
struct Decoded {
    is_decoded: bool,
    /// The values that do not fit.
    mismatches: Vec<ResponseMismatch>,
}

/// Decodes a result; `None` if the generated code has no such method.
fn decode(types: &dyn TypeRegistry, api: Api, method: &str, result: &Value) -> Option<Decoded> {
    Some(match types.decode(api, method, result.clone())? {
        Ok(mismatches) => Decoded { is_decoded: true, mismatches },
        Err(error) => Decoded { is_decoded: false, mismatches: vec![error] },
    })
}

/// Counts a reply, what does not fit in it, and its values.
fn count_reply(method: &mut RecordedMethod, coverage: Coverage, decoded: &Decoded, line: &Recorded) {
    method.replies += 1;
    method.decoded += usize::from(decoded.is_decoded);
    for ResponseMismatch { path, message, .. } in &decoded.mismatches {
        method.mismatches += 1;
        Place::add(&mut method.misfits, &without_indices(path), message, line);
    }
    count_leaves(method, coverage, decoded, line);
}

/// Counts the values of a reply. Of one that is not decoded none is typed.
fn count_leaves(method: &mut RecordedMethod, coverage: Coverage, decoded: &Decoded, line: &Recorded) {
    method.leaves += coverage.all;
    let is_of_portal = |path: &str| path.split('.').any(is_portal_field);
    for (path, values) in &coverage.untyped {
        if is_of_portal(path) {
            method.portal_fields += values;
        } else if decoded.is_decoded {
            Place::add_values(&mut method.untyped, path, "no typed field", line, *values);
        }
    }
    if decoded.is_decoded {
        method.typed += coverage.typed;
    }
}

/// A path without indices of lists: `deals[3].ID` is `deals[].ID`.
fn without_indices(path: &str) -> String {
    let mut shown = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('[') {
        let index = after.split_once(']').filter(|(index, _)| index.parse::<usize>().is_ok());
        shown.push_str(before);
        shown.push('[');
        rest = index.map_or(after, |(_, behind)| {
            shown.push(']');
            behind
        });
    }
    shown + rest
}
