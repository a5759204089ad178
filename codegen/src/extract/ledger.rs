//! The ledger of an import: how often each rule fired, and the evidence on the method to explain.
//!
//! The evidence is that on which the import itself decided, so that an explanation cannot differ from it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::extract::evidence::{Evidence, Leaf};
use crate::extract::register::Rule;
use crate::extract::resolve::{Decision, Verdict};

/// One piece of evidence, kept for an explanation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// Its leaf.
    pub leaf: Leaf,
    /// Its value.
    pub value: Value,
    /// The rule that read it.
    pub rule: &'static Rule,
    /// Its document.
    pub file: String,
    /// Its line; 0 if it has none in the document.
    pub line: usize,
    /// The verdict on it.
    pub verdict: Verdict,
}

/// How often rules fired, and the evidence on the method to explain.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Ledger {
    /// A list, since each page has a ledger and a page fires few rules.
    fired: Vec<(&'static Rule, usize)>,
    /// The evidence; `None` for a ledger that only counts.
    kept: Option<Vec<Entry>>,
    /// The document in work.
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

    /// The document in work, if evidence is kept.
    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    /// Counts a rule that fired without a claim on a leaf.
    pub(crate) fn fire(&mut self, rule: &'static Rule) {
        self.count(rule, 1);
    }

    fn count(&mut self, rule: &'static Rule, count: usize) {
        match self.fired.iter_mut().find(|(known, _)| std::ptr::eq(*known, rule)) {
            Some((_, known)) => *known += count,
            None => self.fired.push((rule, count)),
        }
    }

    /// Records evidence without competition.
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

    /// Records all evidence on one leaf with the decision on it.
    pub(crate) fn decided<T: Serialize>(
        &mut self,
        evidence: &[Evidence<T>],
        decision: &Decision,
        leaf: impl Fn() -> Leaf,
    ) {
        let file = self.file.clone();
        self.decided_in(evidence, decision, leaf, |_| file.clone());
    }

    /// Records evidence from several documents; `file` is the document of each piece.
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

    /// Records a value that is set by hand, which outranks all evidence on the same leaf.
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

    /// Appends another ledger of the same import.
    pub(crate) fn append(&mut self, other: Self) {
        for (rule, count) in other.fired {
            self.count(rule, count);
        }
        match (&mut self.kept, other.kept) {
            (Some(entries), Some(others)) => entries.extend(others),
            (kept @ None, Some(others)) => {
                *kept = Some(others);
                self.file = other.file;
            }
            (_, None) => {}
        }
    }

    /// Marks the evidence of a document below a key as outranked, since another document decides the key.
    pub(crate) fn outrank(&mut self, key: &str) {
        let below = |entry: &&mut Entry| entry.leaf.names.first().is_some_and(|name| name == key);
        for entry in self.kept.iter_mut().flatten().filter(below) {
            if entry.verdict == Verdict::Chosen {
                entry.verdict = Verdict::Outranked;
            }
        }
    }

    /// The counts by the ids of the rules, and the evidence that was kept.
    pub(crate) fn into_parts(self) -> (BTreeMap<&'static str, usize>, Vec<Entry>) {
        let fired = self.fired.into_iter().map(|(rule, count)| (rule.id, count)).collect();
        (fired, self.kept.unwrap_or_default())
    }
}

fn shown(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}
