//! `cargo spec rules`: the register of rules.

use std::path::Path;
use std::process::ExitCode;

use bitrix24_codegen::extract::rules;
use serde_json::json;

use super::console::Console;
use super::last_import::LastImport;

pub(crate) fn run(root: &Path, console: &Console) -> ExitCode {
    let last = LastImport::load(root);
    let fired = |id: &str| last.as_ref().map(|last| last.rules.get(id).copied().unwrap_or_default());
    let width = rules().map(|rule| rule.id.len()).max().unwrap_or_default();
    for rule in rules() {
        let count = fired(rule.id).map_or_else(|| "-".to_owned(), |count| count.to_string());
        let (id, reads, claims) = (rule.id, rule.reads.describe(), rule.claims);
        console.print(&format!("{id:width$}  {count:>7}  {reads:17}  {claims}"));
        console.print(&format!("{:width$}           {}", "", rule.summary()));
    }
    console.print(&format!("{} rules", rules().count()));
    if last.is_none() {
        console.print(
            "No import has run in this checkout: the counts are unknown until `cargo spec import DOCS`.",
        );
    }
    let all = rules().map(|rule| {
        json!({
            "id": rule.id, "reads": rule.reads, "claims": rule.claims, "summary": rule.summary(), "fired": fired(rule.id),
        })
    });
    console.finish(&[], Some(json!({"rules": all.collect::<Vec<_>>()})))
}
