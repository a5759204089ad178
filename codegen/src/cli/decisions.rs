//! What a person must decide after an update.

use bitrix24_codegen::diagnostic::{Diagnostic, Severity as Level};
use bitrix24_codegen::diff::{Page, Severity};

use super::import::Imported;

/// The rule of `cargo spec diff` for methods that only read.
const READ_ONLY: &str = "read_only_added";

/// The questions in groups. A group without questions is left out.
pub(super) fn of(page: &Page, imported: &Imported) -> Vec<(String, Vec<String>)> {
    let report = &imported.import.report;
    let left_alone = report.patches_left_alone.iter().map(|patch| {
        let target = patch.target.as_deref().unwrap_or("the system");
        format!("{}:{}: {target}: {}", patch.file, patch.line, patch.reason)
    });
    let warnings: Vec<&Diagnostic> =
        imported.problems.iter().filter(|problem| problem.severity == Level::Warning).collect();
    let (kept, others): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
        warnings.into_iter().partition(|warning| warning.message.contains("takes the argument"));
    let shown = |warnings: Vec<&Diagnostic>| warnings.iter().map(ToString::to_string).collect::<Vec<_>>();
    let breaking = page.diff.by_rule(Severity::Breaking).into_iter();
    let breaking = breaking.map(|(rule, changes)| format!("{} ({})", rule.title(), changes.len())).collect();
    let reading = page.diff.changes.iter().filter(|change| change.rule.id == READ_ONLY);
    let reading = reading.flat_map(|change| change.methods.clone()).collect();
    let groups = vec![
        ("Methods that are no longer documented: is each really gone?", imported.complete.vanished.clone()),
        (
            "Methods that are removed: they were not documented in an earlier release",
            imported.complete.removed.clone(),
        ),
        ("Arguments that no page describes: keep them, or patch `args` and break callers?", shown(kept)),
        ("Patches that were not applied: remove them?", left_alone.collect()),
        ("Breaking changes: accept them, or patch the spec?", breaking),
        ("Methods that are newly known to only read: do they?", reading),
        ("Warnings: is the importer wrong, or the documentation?", shown(others)),
    ];
    let groups = groups.into_iter().filter(|(_, items): &(&str, Vec<String>)| !items.is_empty());
    groups.map(|(title, items)| (title.to_owned(), items)).collect()
}
