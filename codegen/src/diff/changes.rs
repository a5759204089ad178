//! All changes between two specs.

use serde::Serialize;

use super::change::Change;
use super::counts::Counts;
use super::register::{RULES, Rule};
use super::severity::Severity;

/// All differences between two specs, the worst first.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Diff {
    /// The differences, by severity, rule and path.
    pub changes: Vec<Change>,
    /// How many there are.
    pub counts: Counts,
}

impl Diff {
    pub(super) fn of(mut changes: Vec<Change>) -> Self {
        changes.sort_by_cached_key(|change| {
            let methods = change.methods.first().cloned();
            (change.severity, place(change.rule), change.path.clone(), methods, change.name.clone())
        });
        changes.dedup();
        let counts = Counts::of(&changes);
        Self { changes, counts }
    }

    /// The worst severity. `None`: there are no changes.
    pub fn worst(&self) -> Option<Severity> {
        self.changes.iter().map(|change| change.severity).min()
    }

    /// The changes of a severity, by rule.
    pub fn by_rule(&self, severity: Severity) -> Vec<(&'static Rule, Vec<&Change>)> {
        let mut groups: Vec<(&'static Rule, Vec<&Change>)> = Vec::new();
        for change in self.changes.iter().filter(|change| change.severity == severity) {
            match groups.last_mut() {
                Some((rule, changes)) if *rule == change.rule => changes.push(change),
                _ => groups.push((change.rule, vec![change])),
            }
        }
        groups
    }
}

/// The place of a rule in the register.
fn place(rule: &'static Rule) -> usize {
    RULES.iter().position(|known| *known == rule).unwrap_or(usize::MAX)
}
