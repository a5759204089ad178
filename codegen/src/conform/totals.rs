//! Totals of a check.

use std::collections::HashSet;
use std::fmt;

use serde::Serialize;

use crate::descriptor::{Descriptor, MethodKey, method_key};
use crate::extract::MethodExamples;

/// A part of a total.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ratio {
    /// The number without violations.
    pub fit: usize,
    /// The total.
    pub all: usize,
}

/// Totals of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Documents about methods.
    pub documents: usize,
    /// Documented methods, and those with a descriptor.
    pub methods: Ratio,
    /// Descriptors without a document.
    pub undocumented: usize,
    /// Request bodies.
    pub requests: Ratio,
    /// Responses of successful calls, and those in which every value has its type.
    pub responses: Ratio,
    /// Those that are JSON, and those that can be decoded: values of another type cost their fields.
    pub decoded: Ratio,
    /// Fields with a value of another type, each once for a response.
    pub response_mismatches: usize,
    /// Scalars in these responses, and those with a typed field.
    pub leaves: Ratio,
    /// Documented errors of methods.
    pub errors: Ratio,
    /// Pages and sections about events, and those with a descriptor.
    pub events: Ratio,
    /// Those that show a payload, and those whose descriptor has its type.
    pub typed_payloads: Ratio,
    /// Documented payloads, as PHP sends them, and those that can be decoded.
    pub payloads: Ratio,
    /// Scalars in these payloads, and those with a typed field.
    pub payload_leaves: Ratio,
    /// Documented placements, and those with a descriptor.
    pub placements: Ratio,
    /// Documented handlers, and those with a descriptor.
    pub handlers: Ratio,
}

impl Ratio {
    pub(super) fn count(&mut self, fits: bool) {
        self.all += 1;
        self.fit += usize::from(fits);
    }

    pub(super) fn add(&mut self, other: Self) {
        self.fit += other.fit;
        self.all += other.all;
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.fit, self.all)?;
        if self.all > 0 {
            write!(f, " ({:.1} %)", 100.0 * self.fit as f64 / self.all as f64)?;
        }
        Ok(())
    }
}

impl Totals {
    pub(super) fn add(&mut self, other: &Self) {
        self.documents += other.documents;
        self.methods.add(other.methods);
        self.undocumented += other.undocumented;
        self.requests.add(other.requests);
        self.responses.add(other.responses);
        self.decoded.add(other.decoded);
        self.response_mismatches += other.response_mismatches;
        self.leaves.add(other.leaves);
        self.errors.add(other.errors);
        self.events.add(other.events);
        self.typed_payloads.add(other.typed_payloads);
        self.payloads.add(other.payloads);
        self.payload_leaves.add(other.payload_leaves);
        self.placements.add(other.placements);
        self.handlers.add(other.handlers);
    }

    /// Counts the documented methods, and the descriptors without a document.
    pub(super) fn count_methods<'a>(
        &mut self,
        examples: &[MethodExamples],
        spec: impl Iterator<Item = &'a Descriptor>,
    ) {
        let documented: HashSet<MethodKey> =
            examples.iter().map(|examples| method_key(examples.api, &examples.method)).collect();
        let mut known = HashSet::new();
        let mut describe = HashSet::new();
        for descriptor in spec {
            let names = std::iter::once(&descriptor.method).chain(&descriptor.aliases);
            let names: Vec<MethodKey> = names.map(|name| method_key(descriptor.api, name)).collect();
            if describe.insert(method_key(descriptor.api, &descriptor.method))
                && !names.iter().any(|name| documented.contains(name))
            {
                self.undocumented += 1;
            }
            known.extend(names);
        }
        self.methods.all = documented.len();
        self.methods.fit = documented.iter().filter(|name| known.contains(*name)).count();
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "methods {}; requests {}; responses {}, decoded {}, mismatches {}; values typed {}; errors {}",
            self.methods,
            self.requests,
            self.responses,
            self.decoded,
            self.response_mismatches,
            self.leaves,
            self.errors,
        )?;
        if self.events.all > 0 {
            let Self { events, typed_payloads, payloads, payload_leaves, .. } = self;
            write!(
                f,
                "; events {events}, with a payload {typed_payloads}; payloads decoded {payloads}, values typed {payload_leaves}"
            )?;
        }
        if self.placements.all + self.handlers.all > 0 {
            write!(f, "; placements {}, handlers {}", self.placements, self.handlers)?;
        }
        match self.undocumented {
            0 => Ok(()),
            count => write!(f, "; {count} descriptors without a document"),
        }
    }
}
