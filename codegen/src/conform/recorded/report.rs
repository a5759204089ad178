//! The result of a check of recorded traffic.

use std::fmt;

use serde::Serialize;

use crate::descriptor::Api;
use crate::recorded::Recorded;

/// The result of a check of recorded traffic.
#[derive(Debug, Default, Serialize)]
pub struct RecordedConformance {
    /// The totals.
    pub totals: RecordedTotals,
    /// The methods of the spec that occur, by name.
    pub methods: Vec<RecordedMethod>,
    /// The methods that the spec does not have, by name.
    pub unknown_methods: Vec<UnknownMethod>,
    /// The events of the spec that occur, by name. Each event is a reply, although nothing was asked.
    pub events: Vec<RecordedMethod>,
    /// The events that the spec does not have, by name.
    pub unknown_events: Vec<UnknownMethod>,
    /// The lines, or commands of batches, that were not checked.
    pub skipped: Vec<SkippedLine>,
}

/// The totals of a check of recorded traffic.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RecordedTotals {
    /// Lines that could be read.
    pub lines: usize,
    /// Methods of the spec that occur.
    pub methods: usize,
    /// Methods that the spec does not have.
    pub unknown_methods: usize,
    /// Results of calls, each command of a batch by itself.
    pub replies: usize,
    /// Results that the generated types decode.
    pub decoded: usize,
    /// Events.
    pub events: usize,
    /// Events whose payload the generated types decode.
    pub events_decoded: usize,
    /// Events that the spec does not have.
    pub unknown_events: usize,
    /// Scalars in results and payloads.
    pub leaves: usize,
    /// Scalars with a typed field, in results and payloads that are decoded.
    pub typed: usize,
    /// Scalars in fields that exist on one portal only. They are among `leaves`, and not among `typed`.
    pub portal_fields: usize,
    /// Values that do not fit their type.
    pub mismatches: usize,
    /// Errors that the portal returned.
    pub errors: usize,
    /// Errors that the method or the system has.
    pub errors_known: usize,
    /// Requests.
    pub requests: usize,
    /// Requests without a violation of their descriptor.
    pub requests_accepted: usize,
    /// Lines that were not checked.
    pub skipped: usize,
}

/// What recorded traffic shows of one method. The fields are counted as those of [`RecordedTotals`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the counts are those of the totals")]
pub struct RecordedMethod {
    pub api: Api,
    pub method: String,
    pub replies: usize,
    pub decoded: usize,
    pub leaves: usize,
    pub typed: usize,
    pub portal_fields: usize,
    pub mismatches: usize,
    pub errors: usize,
    pub errors_known: usize,
    pub requests: usize,
    pub requests_accepted: usize,
    /// The values that do not fit their type.
    pub misfits: Vec<Place>,
    /// The values without a typed field, those of portal fields apart.
    pub untyped: Vec<Place>,
    /// What the descriptor does not allow in requests.
    pub violations: Vec<Place>,
    /// The codes that neither the method nor the system has.
    pub unknown_errors: Vec<Place>,
}

/// A place in the bodies of a method, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The path without indices of lists, or the code of an error. Empty for the whole body.
    pub path: String,
    /// What is wrong, one sentence.
    pub what: String,
    /// The first line with it.
    pub line: usize,
    /// How many values are concerned.
    pub count: usize,
}

/// A method that the spec does not have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnknownMethod {
    /// The interface.
    pub api: Api,
    /// The name.
    pub method: String,
    /// How many lines and commands of batches are about it.
    pub lines: usize,
}

/// A line that was not checked, or a command of the batch on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SkippedLine {
    /// The file.
    pub file: String,
    /// The line.
    pub line: usize,
    /// The method.
    pub method: String,
    /// Why it was not checked.
    pub reason: String,
}

impl RecordedConformance {
    pub(super) fn new(
        lines: usize,
        (methods, unknown_methods): (Vec<RecordedMethod>, Vec<UnknownMethod>),
        (events, unknown_events): (Vec<RecordedMethod>, Vec<UnknownMethod>),
        skipped: Vec<SkippedLine>,
    ) -> Self {
        let mut totals = RecordedTotals {
            lines,
            methods: methods.len(),
            unknown_methods: unknown_methods.len(),
            unknown_events: unknown_events.len(),
            skipped: skipped.len(),
            ..RecordedTotals::default()
        };
        for method in &methods {
            totals.replies += method.replies;
            totals.decoded += method.decoded;
            totals.add_values(method);
            totals.errors += method.errors;
            totals.errors_known += method.errors_known;
            totals.requests += method.requests;
            totals.requests_accepted += method.requests_accepted;
        }
        for event in &events {
            totals.events += event.replies;
            totals.events_decoded += event.decoded;
            totals.add_values(event);
        }
        Self { totals, methods, unknown_methods, events, unknown_events, skipped }
    }

    /// Whether every reply and every event is decoded, and every value fits.
    pub fn is_good(&self) -> bool {
        let RecordedTotals { replies, decoded, events, events_decoded, mismatches, .. } = self.totals;
        decoded == replies && events_decoded == events && mismatches == 0
    }
}

impl RecordedTotals {
    fn add_values(&mut self, method: &RecordedMethod) {
        self.leaves += method.leaves;
        self.typed += method.typed;
        self.portal_fields += method.portal_fields;
        self.mismatches += method.mismatches;
    }
}

impl RecordedMethod {
    pub(super) fn new(api: Api, method: &str) -> Self {
        Self {
            api,
            method: method.to_owned(),
            replies: 0,
            decoded: 0,
            leaves: 0,
            typed: 0,
            portal_fields: 0,
            mismatches: 0,
            errors: 0,
            errors_known: 0,
            requests: 0,
            requests_accepted: 0,
            misfits: Vec::new(),
            untyped: Vec::new(),
            violations: Vec::new(),
            unknown_errors: Vec::new(),
        }
    }
}

impl Place {
    pub(super) fn add(places: &mut Vec<Self>, path: &str, what: &str, line: &Recorded) {
        Self::add_values(places, path, what, line, 1);
    }

    /// Counts values at a place. The values in a message differ, and the first one is shown.
    pub(super) fn add_values(places: &mut Vec<Self>, path: &str, what: &str, line: &Recorded, values: usize) {
        match places.iter_mut().find(|place| place.path == path) {
            Some(place) => place.count += values,
            None => places.push(Self {
                path: path.to_owned(),
                what: what.to_owned(),
                line: line.line,
                count: values,
            }),
        }
    }
}

impl UnknownMethod {
    pub(super) fn new(api: Api, method: &str) -> Self {
        Self { api, method: method.to_owned(), lines: 0 }
    }
}

impl SkippedLine {
    pub(super) fn new(line: &Recorded, reason: &str) -> Self {
        Self {
            file: line.source.path.clone(),
            line: line.line,
            method: line.method.clone(),
            reason: reason.to_owned(),
        }
    }
}

impl fmt::Display for RecordedTotals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use crate::conform::Ratio;
        let ratio = |fit, all| Ratio { fit, all };
        write!(
            f,
            "replies decoded {}; events decoded {}; values typed {}, {} more in portal fields; {} mismatches; requests accepted {}; \
             errors known {}; {} unknown methods; {} unknown events; {} skipped",
            ratio(self.decoded, self.replies),
            ratio(self.events_decoded, self.events),
            ratio(self.typed, self.leaves),
            self.portal_fields,
            self.mismatches,
            ratio(self.requests_accepted, self.requests),
            ratio(self.errors_known, self.errors),
            self.unknown_methods,
            self.unknown_events,
            self.skipped,
        )
    }
}
