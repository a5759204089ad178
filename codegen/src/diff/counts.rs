//! How many changes there are.

use std::collections::BTreeMap;

use serde::Serialize;

use super::change::Change;
use super::severity::Severity;

/// How many changes there are.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Counts {
    /// By severity.
    pub severities: BTreeMap<Severity, usize>,
    /// By the id of the rule.
    pub rules: BTreeMap<&'static str, usize>,
    /// By scope and severity. A change counts for each of its scopes.
    pub scopes: BTreeMap<String, BTreeMap<Severity, usize>>,
    /// Changes after which calls that compile may behave differently.
    pub calls: usize,
}

impl Counts {
    pub(super) fn of(changes: &[Change]) -> Self {
        let mut counts = Self::default();
        for change in changes {
            *counts.severities.entry(change.severity).or_default() += 1;
            *counts.rules.entry(change.rule.id).or_default() += 1;
            counts.calls += usize::from(change.rule.changes_calls);
            for scope in &change.scopes {
                *counts.scopes.entry(scope.clone()).or_default().entry(change.severity).or_default() += 1;
            }
        }
        counts
    }

    /// The number of changes of a severity.
    pub fn severity(&self, severity: Severity) -> usize {
        self.severities.get(&severity).copied().unwrap_or_default()
    }
}
