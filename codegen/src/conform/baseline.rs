//! The baseline: known mistakes of the documentation, which do not fail a check.

use std::collections::HashSet;
use std::sync::Arc;

use serde::Deserialize;

use super::Conformance;
use super::findings::{Attribution, Finding};
use super::kind::Kind;
use crate::descriptor::{Api, MethodKey, Pointer, SpanMap, method_key, read_yaml};
use crate::diagnostic::{Diagnostic, SourceText};
use crate::extract::MethodExamples;

/// A list of known mistakes.
pub struct Baseline {
    source: Arc<SourceText>,
    entries: Vec<BaselineEntry>,
}

/// A known mistake.
#[derive(Clone, Debug, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
struct BaselineEntry {
    /// The method.
    method: String,
    /// Its interface.
    #[serde(default, skip_serializing_if = "is_v2")]
    api: Api,
    /// The kind of the violation.
    kind: Kind,
    /// The path inside the example, or the code of the error. Default: all violations of this kind and method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    /// Why the documentation is wrong.
    why: String,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_v2(api: &Api) -> bool {
    *api == Api::V2
}

impl BaselineEntry {
    fn key(&self) -> MethodKey {
        method_key(self.api, &self.method)
    }

    fn is_of(&self, finding: &Finding) -> bool {
        self.kind == finding.kind
            && self.key() == method_key(finding.api, &finding.method)
            && self.at.as_ref().is_none_or(|at| *at == finding.at)
    }
}

impl Baseline {
    /// Parses a list. Entries that do not fit are left out and reported.
    pub fn read(source: Arc<SourceText>, problems: &mut Vec<Diagnostic>) -> Self {
        let loaded = read_yaml::<Vec<BaselineEntry>>(&source);
        problems.extend(loaded.problems);
        let mut baseline = Self { source, entries: loaded.content.unwrap_or_default() };
        for (index, entry) in baseline.entries.iter().enumerate() {
            if entry.why.trim().is_empty() {
                let problem = Diagnostic::error("a known mistake has no reason");
                problems.push(baseline.at(problem.expecting("`why:` with the reason"), index, "why"));
            }
        }
        baseline.entries.retain(|entry| !entry.why.trim().is_empty());
        baseline
    }

    /// Marks the findings that an entry covers. Returns an error for each entry that covers none although its method is documented.
    pub fn mark(&self, conformance: &mut Conformance, examples: &[MethodExamples]) -> Vec<Diagnostic> {
        let mut used = vec![false; self.entries.len()];
        for finding in &mut conformance.findings {
            for (entry, used) in self.entries.iter().zip(&mut used) {
                if entry.is_of(finding) {
                    *used = true;
                    finding.known = Some(entry.why.clone());
                }
            }
        }
        let documented: HashSet<MethodKey> =
            examples.iter().map(|examples| method_key(examples.api, &examples.method)).collect();
        let entries = self.entries.iter().enumerate().zip(used);
        let stale = entries.filter(|((_, entry), used)| !used && documented.contains(&entry.key()));
        stale
            .map(|((index, entry), _)| {
                let message = format!("this known mistake of {} no longer occurs", entry.method);
                self.at(Diagnostic::error(message).expecting("delete the entry"), index, "method")
            })
            .collect()
    }

    fn at(&self, diagnostic: Diagnostic, index: usize, part: &str) -> Diagnostic {
        let places = SpanMap::of(&self.source.text);
        diagnostic.at(&self.source, places.value(&Pointer::default().index(index).key(part)))
    }
}

/// Suggests entries for new violations that are attributed to the documentation. A person must review them.
///
/// # Errors
/// Entries that YAML cannot represent.
pub fn suggest_entries(findings: &[Finding]) -> Result<String, serde_yaml::Error> {
    let new = findings
        .iter()
        .filter(|finding| finding.known.is_none() && finding.attribution == Attribution::Documentation);
    let mut seen = HashSet::new();
    let entries: Vec<BaselineEntry> = new
        .map(|finding| BaselineEntry {
            method: finding.method.clone(),
            api: finding.api,
            kind: finding.kind,
            at: Some(finding.at.clone()).filter(|at| !at.is_empty()),
            why: format!("The example contradicts its own page: {}.", finding.what),
        })
        .filter(|entry| seen.insert((entry.key(), entry.kind, entry.at.clone())))
        .collect();
    serde_yaml::to_string(&entries)
}
