//! The report as text and JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bitrix24_codegen::conform::{Conformance, Finding, Kind, Untyped};
use bitrix24_codegen::diagnostic::Diagnostic;
use serde_json::{Value, json};

/// The result of a run.
pub(crate) struct Report {
    pub(crate) conformance: Conformance,
    /// Errors in the baseline.
    pub(crate) problems: Vec<Diagnostic>,
    pub(crate) seconds: f64,
}

impl Report {
    /// Whether there are no new violations and no errors.
    pub(crate) fn is_good(&self) -> bool {
        self.problems.is_empty() && self.unexpected() == 0
    }

    fn unexpected(&self) -> usize {
        self.conformance.findings.iter().filter(|finding| finding.known.is_none()).count()
    }

    /// The report as text: new violations by kind, the number of known ones, values without a typed field if requested, and one line
    /// of totals.
    pub(crate) fn text(&self, untyped: bool) -> String {
        let mut text = String::new();
        let mut kinds: BTreeMap<Kind, Vec<&Finding>> = BTreeMap::new();
        for finding in &self.conformance.findings {
            kinds.entry(finding.kind).or_default().push(finding);
        }
        for (kind, findings) in &kinds {
            let unexpected: Vec<_> = findings.iter().filter(|finding| finding.known.is_none()).collect();
            let known = findings.len() - unexpected.len();
            let known = if known > 0 { format!(", and {known} known") } else { String::new() };
            _ = writeln!(text, "{} [{kind}]: {}{known}", kind.heading(), unexpected.len());
            for finding in unexpected {
                _ = writeln!(text, "  {finding}");
            }
            text.push('\n');
        }
        if untyped {
            self.untyped(&mut text);
        }
        let findings = self.conformance.findings.len();
        let unexpected = self.unexpected();
        _ = writeln!(
            text,
            "{}; {unexpected} unexpected, {} known; {:.1} s",
            self.conformance.totals,
            findings - unexpected,
            self.seconds
        );
        text
    }

    fn untyped(&self, text: &mut String) {
        text.push_str("values without a typed field:\n");
        for (method, path, values) in self.untyped_places() {
            let path = if path.is_empty() { "the result itself" } else { path };
            _ = writeln!(text, "  {method}: {path}: {values}");
        }
        text.push('\n');
    }

    /// The paths without a typed field, each once for all examples of a method.
    fn untyped_places(&self) -> impl Iterator<Item = (&str, &str, usize)> {
        let mut places: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for Untyped { method, path, values } in &self.conformance.untyped {
            *places.entry((method, path)).or_default() += values;
        }
        places.into_iter().map(|((method, path), values)| (method, path, values))
    }

    /// The report as one JSON object.
    pub(crate) fn json(&self) -> Value {
        let untyped: Vec<Value> = self
            .untyped_places()
            .map(|(method, path, values)| json!({"method": method, "path": path, "values": values}))
            .collect();
        json!({
            "good": self.is_good(),
            "totals": self.conformance.totals,
            "unexpected": self.unexpected(),
            "known": self.conformance.findings.len() - self.unexpected(),
            "findings": self.conformance.findings,
            "untyped": untyped,
            "diagnostics": self.problems.iter().map(Diagnostic::to_json).collect::<Vec<_>>(),
            "seconds": self.seconds,
        })
    }
}
