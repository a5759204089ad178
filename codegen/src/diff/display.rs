//! A comparison as text.

use std::fmt;

use super::change::Change;
use super::changes::Diff;
use super::severity::Severity;

/// How many methods a line names.
const SHOWN_METHODS: usize = 2;

/// One line: the item, what it is on the wire, before and after, and the methods that it concerns.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        parts.extend((!self.path.is_empty()).then(|| self.path.clone()));
        parts.extend((!self.name.is_empty()).then(|| self.name.clone()));
        f.write_str(&parts.join(" "))?;
        if let Some(values) = self.values() {
            write!(f, ": {values}")?;
        }
        match self.about() {
            Some(methods) => write!(f, " ({methods})"),
            None => Ok(()),
        }
    }
}

impl Change {
    /// What was there before, and what is there now.
    pub fn values(&self) -> Option<String> {
        match (&self.old, &self.new) {
            (Some(old), Some(new)) => Some(format!("{old} → {new}")),
            (Some(old), None) => Some(format!("was {old}")),
            (None, Some(new)) => Some(new.clone()),
            (None, None) => None,
        }
    }

    /// The methods that it concerns, the first ones by name.
    pub fn about(&self) -> Option<String> {
        let shown = self.methods.iter().take(SHOWN_METHODS).cloned().collect::<Vec<_>>().join(", ");
        let others = self.methods.len().saturating_sub(SHOWN_METHODS);
        match (shown.is_empty(), others) {
            (true, _) => None,
            (false, 0) => Some(shown),
            (false, others) => Some(format!("{shown} and {others} more")),
        }
    }
}

/// All changes by severity and rule, and one line of totals.
impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for severity in Severity::ALL {
            for (rule, changes) in self.by_rule(severity) {
                let calls = if rule.changes_calls { "; may change how calls behave" } else { "" };
                writeln!(f, "{severity}: {} ({}){calls}", rule.title(), changes.len())?;
                for change in changes {
                    writeln!(f, "  {change}")?;
                }
            }
        }
        f.write_str(&self.totals())
    }
}

impl Diff {
    /// The number of changes of each severity, in one line.
    pub fn totals(&self) -> String {
        if self.changes.is_empty() {
            return "no changes".to_owned();
        }
        let count = |severity| format!("{} {severity}", self.counts.severity(severity));
        let [breaking, additive, documentation] = Severity::ALL.map(count);
        let noun = if self.changes.len() == 1 { "change" } else { "changes" };
        format!(
            "{} {noun}: {breaking}, {additive}, {documentation}; {} may change how calls behave",
            self.changes.len(),
            self.counts.calls,
        )
    }
}
