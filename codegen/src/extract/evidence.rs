//! Evidence: what a rule read about one leaf of a descriptor, and where.
//!
//! A [`Ledger`] counts how often each rule fired. For a method that is to be explained it also keeps the evidence, so that
//! the answer to "who said so" is what the import itself weighed.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::extract::register::Rule;
use crate::extract::resolve::{Decision, Verdict};

/// What a rule claims about one leaf.
#[derive(Clone, Debug)]
pub(crate) struct Evidence<T> {
    pub(crate) value: T,
    /// The rule that read it.
    pub(crate) rule: &'static Rule,
    /// The line that it stands in; 0 where it comes from another document.
    pub(crate) line: usize,
}

impl<T> Evidence<T> {
    pub(crate) fn new(rule: &'static Rule, value: T, line: usize) -> Self {
        Self { value, rule, line }
    }

    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Evidence<U> {
        Evidence { value: change(self.value), rule: self.rule, line: self.line }
    }
}

/// A leaf of a descriptor: the names on the way to it, without the words of JSON Schema between them, and the keyword that
/// the evidence is about (`type`, `required`, `default`); empty for a key of the descriptor itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Leaf {
    /// `["returns", "OPPORTUNITY"]`.
    pub names: Vec<String>,
    /// `"type"`.
    pub keyword: &'static str,
}

/// One piece of evidence as it is kept for an explanation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// What it is about.
    pub leaf: Leaf,
    /// What it says.
    pub value: Value,
    /// The rule that read it.
    pub rule: &'static Rule,
    /// The document that it stands in.
    pub file: String,
    /// Its line; 0 where no line of the document says it.
    pub line: usize,
    /// What became of it.
    pub verdict: Verdict,
}

/// How often rules fired, and the evidence of a method that is to be explained.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Ledger {
    fired: BTreeMap<&'static str, usize>,
    /// The evidence; `None` where it only counts.
    kept: Option<Vec<Entry>>,
    /// The document that is read.
    file: String,
}

impl Ledger {
    /// A ledger that keeps the evidence of a document.
    pub(crate) fn keeping(file: &str) -> Self {
        Self { kept: Some(Vec::new()), file: file.to_owned(), ..Self::default() }
    }

    /// Whether evidence is kept.
    pub(crate) fn keeps(&self) -> bool {
        self.kept.is_some()
    }

    /// Counts a rule that claims no leaf by itself.
    pub(crate) fn fire(&mut self, rule: &'static Rule) {
        *self.fired.entry(rule.id).or_default() += 1;
    }

    /// Notes evidence that nothing competes with.
    pub(crate) fn claim(
        &mut self,
        rule: &'static Rule,
        line: usize,
        leaf: impl FnOnce() -> Leaf,
        value: impl Serialize,
    ) {
        self.fire(rule);
        if let Some(entries) = &mut self.kept {
            let (value, file) = (shown(&value), self.file.clone());
            entries.push(Entry { leaf: leaf(), value, rule, file, line, verdict: Verdict::Chosen });
        }
    }

    /// Notes evidence on one leaf with what was decided on it.
    pub(crate) fn decided<T: Serialize>(
        &mut self,
        evidence: &[Evidence<T>],
        decision: &Decision,
        leaf: impl Fn() -> Leaf,
    ) {
        let file = self.file.clone();
        self.decided_in(evidence, decision, leaf, |_| file.clone());
    }

    /// Notes evidence out of several documents; `file` gives that of each piece.
    pub(crate) fn decided_in<T: Serialize>(
        &mut self,
        evidence: &[Evidence<T>],
        decision: &Decision,
        leaf: impl Fn() -> Leaf,
        file: impl Fn(usize) -> String,
    ) {
        for found in evidence {
            self.fire(found.rule);
        }
        let Some(entries) = &mut self.kept else { return };
        for (index, (found, verdict)) in evidence.iter().zip(&decision.verdicts).enumerate() {
            entries.push(Entry {
                leaf: leaf(),
                value: shown(&found.value),
                rule: found.rule,
                file: file(index),
                line: found.line,
                verdict: *verdict,
            });
        }
    }

    /// Takes over what another ledger of the same import has found.
    pub(crate) fn append(&mut self, other: Self) {
        for (rule, count) in other.fired {
            *self.fired.entry(rule).or_default() += count;
        }
        match (&mut self.kept, other.kept) {
            (Some(entries), Some(others)) => entries.extend(others),
            (kept @ None, others) => *kept = others,
            (Some(_), None) => {}
        }
    }

    /// Marks what a document says below a key as outranked, since another document decides it.
    pub(crate) fn outrank(&mut self, key: &str) {
        let below = |entry: &&mut Entry| entry.leaf.names.first().is_some_and(|name| name == key);
        for entry in self.kept.iter_mut().flatten().filter(below) {
            if entry.verdict == Verdict::Chosen {
                entry.verdict = Verdict::Outranked;
            }
        }
    }

    /// The counts by the names of the rules, and the evidence that was kept.
    pub(crate) fn into_parts(self) -> (BTreeMap<&'static str, usize>, Vec<Entry>) {
        (self.fired, self.kept.unwrap_or_default())
    }
}

impl Leaf {
    /// A key of the descriptor.
    pub(crate) fn key(key: &str) -> Self {
        Self { names: vec![key.to_owned()], keyword: "" }
    }

    /// A keyword of the schema below `params` or `returns` that the names lead to.
    pub(crate) fn schema<'a>(
        root: &'a str,
        names: impl IntoIterator<Item = &'a str>,
        keyword: &'static str,
    ) -> Self {
        let names = std::iter::once(root).chain(names).map(str::to_owned).collect();
        Self { names, keyword }
    }
}

fn shown(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}
