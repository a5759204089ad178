//! The ledger of an import: how often each rule fired, and the evidence on a method that is to be explained.
//!
//! What is kept is what the import itself weighed, so that an explanation cannot differ from it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::extract::evidence::{Evidence, Leaf};
use crate::extract::register::Rule;
use crate::extract::resolve::{Decision, Verdict};

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

    /// Notes a value that is set by hand, which outranks all evidence on the same leaf.
    pub(crate) fn override_leaf(
        &mut self,
        rule: &'static Rule,
        file: &str,
        line: usize,
        leaf: Leaf,
        value: &Value,
    ) {
        self.fire(rule);
        let Some(entries) = &mut self.kept else { return };
        let others = entries.iter_mut().filter(|entry| entry.leaf == leaf);
        others
            .filter(|entry| entry.verdict == Verdict::Chosen)
            .for_each(|entry| entry.verdict = Verdict::Outranked);
        let (value, file) = (value.clone(), file.to_owned());
        entries.insert(0, Entry { leaf, value, rule, file, line, verdict: Verdict::Chosen });
    }

    /// Takes over what another ledger of the same import has found.
    pub(crate) fn append(&mut self, other: Self) {
        for (rule, count) in other.fired {
            *self.fired.entry(rule).or_default() += count;
        }
        match (&mut self.kept, other.kept) {
            (Some(entries), Some(others)) => entries.extend(others),
            (kept @ None, Some(others)) => {
                *kept = Some(others);
                self.file = other.file;
            }
            (None, None) => {}
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

fn shown(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}
