//! How much there was, and how much of it holds.

use std::collections::HashSet;
use std::fmt;

use serde::Serialize;

use super::spec_index::{Key, key};
use crate::descriptor::Descriptor;
use crate::extract::MethodExamples;

/// A number out of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ratio {
    /// Those that hold.
    pub fit: usize,
    /// All of them.
    pub all: usize,
}

/// How much there was, and how much of it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Documents about a method.
    pub documents: usize,
    /// The methods that these are about, and those of them that the spec has.
    pub methods: Ratio,
    /// Methods of the spec that no document is about.
    pub undocumented: usize,
    /// Bodies of requests.
    pub requests: Ratio,
    /// Answers of calls that went well.
    pub responses: Ratio,
    /// Values in these answers, and those of them that land in a typed field.
    pub leaves: Ratio,
    /// Errors of methods.
    pub errors: Ratio,
}

impl Ratio {
    fn add(&mut self, other: Self) {
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
        self.leaves.add(other.leaves);
        self.errors.add(other.errors);
    }

    /// Counts the methods of the documentation, and those of the spec that are not among them.
    pub(super) fn count_methods<'a>(
        &mut self,
        examples: &[MethodExamples],
        spec: impl Iterator<Item = &'a Descriptor>,
    ) {
        let documented: HashSet<Key> =
            examples.iter().map(|examples| key(examples.api, &examples.method)).collect();
        let mut known = HashSet::new();
        let mut describe = HashSet::new();
        for descriptor in spec {
            let names = std::iter::once(&descriptor.method).chain(&descriptor.aliases);
            let names: Vec<Key> = names.map(|name| key(descriptor.api, name)).collect();
            if describe.insert(key(descriptor.api, &descriptor.method))
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
            "methods {}; requests {}; responses {}; values typed {}; errors {}",
            self.methods, self.requests, self.responses, self.leaves, self.errors,
        )?;
        match self.undocumented {
            0 => Ok(()),
            count => write!(f, "; {count} methods of the spec are not documented here"),
        }
    }
}
