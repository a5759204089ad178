//! What a person must decide after an update.
//!
//! Groups follow from rules, topics of diagnostics and data of the two specs, never from the words of messages.

use bitrix24_codegen::descriptor::Spec;
use bitrix24_codegen::diagnostic::{Diagnostic, Topic};
use bitrix24_codegen::diff::{Page, Severity};

use super::import::Imported;
use super::kept;

/// The rules of `cargo spec diff` for methods that are newly known to only read, that are no longer documented, and that are gone.
const READ_ONLY: &str = "read_only_added";
const UNDOCUMENTED: &str = "method_undocumented";
const REMOVED: &str = "method_removed";

/// What the questions are about.
pub(super) struct Today<'a> {
    pub(super) page: &'a Page,
    pub(super) imported: &'a Imported,
    /// The earlier spec and the new one.
    pub(super) specs: (&'a Spec, &'a Spec),
    /// The warnings of the import that are not accepted.
    pub(super) warnings: &'a [Diagnostic],
    /// The findings of `cargo spec lint` that are not accepted.
    pub(super) findings: &'a [Diagnostic],
    /// The new items without words.
    pub(super) wordless: &'a [String],
    /// What is newly wrong with words.
    pub(super) doubtful_words: &'a [Diagnostic],
}

impl Today<'_> {
    /// The questions in groups. A group without questions is left out.
    pub(super) fn decisions(&self) -> Vec<(String, Vec<String>)> {
        let (old, new) = self.specs;
        let groups = vec![
            ("Methods that are no longer documented: is each really gone?", self.methods(UNDOCUMENTED)),
            (
                "Methods that are removed: they were not documented in an earlier release",
                self.methods(REMOVED),
            ),
            (
                "Parameters that stay for callers: keep them, or patch them and break callers?",
                kept::parameters(old, new),
            ),
            (
                "Names that stay for callers: keep them, or delete the entries of names.yaml and break callers?",
                kept::names(old, new),
            ),
            ("Patches that were not applied: remove or rewrite them?", self.left_alone()),
            (
                "Patches whose documentation changed: are they still right?",
                self.about(Some(Topic::ChangedPatch)),
            ),
            ("Breaking changes: accept them, or patch the spec?", self.breaking()),
            ("Methods that are newly known to only read: do they?", self.methods(READ_ONLY)),
            (
                "New contradictions of the documentation: is the chosen side right?",
                self.about(Some(Topic::Contradiction)),
            ),
            (
                "New findings of `cargo spec lint`: patch them, or accept them?",
                self.findings.iter().map(ToString::to_string).collect(),
            ),
            ("New items without words: what do they mean?", self.wordless.to_vec()),
            (
                "Words that no longer fit the spec: delete or correct them",
                self.doubtful_words.iter().map(ToString::to_string).collect(),
            ),
            ("Other new warnings: is the importer wrong, or the documentation?", self.about(None)),
        ];
        let groups = groups.into_iter().filter(|(_, items): &(&str, Vec<String>)| !items.is_empty());
        groups.map(|(title, items)| (title.to_owned(), items)).collect()
    }

    /// The methods of the changes that a rule found.
    fn methods(&self, rule: &str) -> Vec<String> {
        let changes = self.page.diff.changes.iter().filter(|change| change.rule.id == rule);
        changes.flat_map(|change| change.methods.clone()).collect()
    }

    fn left_alone(&self) -> Vec<String> {
        let patches = self.imported.import.report.patches_left_alone.iter().map(|patch| {
            let target = patch.target.as_deref().unwrap_or("the system");
            format!("{}:{}: {target}: {}", patch.file, patch.line, patch.reason)
        });
        patches.collect()
    }

    fn breaking(&self) -> Vec<String> {
        let rules = self.page.diff.by_rule(Severity::Breaking).into_iter();
        rules.map(|(rule, changes)| format!("{} ({})", rule.title(), changes.len())).collect()
    }

    /// The new warnings about a topic.
    fn about(&self, topic: Option<Topic>) -> Vec<String> {
        self.warnings.iter().filter(|warning| warning.topic == topic).map(ToString::to_string).collect()
    }
}
