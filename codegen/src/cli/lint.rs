//! `cargo spec lint`: doubtful parts of descriptors.

use std::path::Path;
use std::process::ExitCode;

use bitrix24_codegen::baseline::Key;
use bitrix24_codegen::descriptor::Spec;
use bitrix24_codegen::diagnostic::{Diagnostic, has_errors};
use bitrix24_codegen::lint::{Finding, LINTS, Lint, lint};
use clap::Args;
use serde_json::json;

use super::baseline::{BaselineArgs, BaselineFile, Compared};
use super::console::Console;

#[derive(Args)]
pub(crate) struct LintArgs {
    /// Apply only this rule. May be given several times. Default: all rules.
    #[arg(long = "rule", value_name = "ID")]
    rules: Vec<String>,
    /// Print the rules and what each reports.
    #[arg(long)]
    list: bool,
    #[command(flatten)]
    baseline: BaselineArgs,
}

pub(crate) fn run(root: &Path, options: &LintArgs, console: &Console) -> ExitCode {
    if options.list {
        return print_rules(console);
    }
    let rules = match chosen(&options.rules) {
        Ok(rules) => rules,
        Err(problem) => return console.finish(&[problem], None),
    };
    let (spec, problems) = Spec::load(root, Path::new("spec"));
    if has_errors(&problems) {
        return console.finish(&problems, None);
    }
    if options.baseline.accept && !options.rules.is_empty() {
        let problem =
            Diagnostic::error("`--accept` needs the findings of all rules").expecting("no `--rule`");
        return console.finish(&[problem], None);
    }
    let all_rules = options.rules.is_empty();
    let linted = match compare(&root.join("spec"), &spec, &rules, all_rules, &options.baseline) {
        Ok(linted) => linted,
        Err(problem) => return console.finish(&[problem], None),
    };
    let Linted { findings, compared } = &linted;
    for rule in &rules {
        let count = findings.iter().filter(|finding| finding.rule == rule.id).count();
        if count > 0 {
            console.print(&format!("{count:>6} {}: {}", rule.id, rule.summary));
        }
    }
    compared.print("findings", &options.baseline, console);
    let result =
        json!({"findings": findings.iter().map(to_json).collect::<Vec<_>>(), "baseline": compared.to_json()});
    let status = console.finish(&linted.shown(), Some(result));
    if compared.has_new() && !options.baseline.accept { ExitCode::FAILURE } else { status }
}

/// The findings, compared with the accepted ones.
pub(super) struct Linted {
    findings: Vec<Finding>,
    pub(super) compared: Compared,
}

impl Linted {
    /// The findings to print.
    pub(super) fn shown(&self) -> Vec<Diagnostic> {
        let shown = self.compared.shown.iter().filter_map(|index| self.findings.get(*index));
        shown.map(|found| found.diagnostic.clone()).collect()
    }
}

/// Applies all rules to the spec of a folder.
pub(super) fn lint_all(folder: &Path, spec: &Spec, options: &BaselineArgs) -> Result<Linted, Diagnostic> {
    compare(folder, spec, &LINTS.iter().collect::<Vec<_>>(), true, options)
}

/// Applies rules to the spec of a folder, and accepts the findings if asked to.
fn compare(
    folder: &Path,
    spec: &Spec,
    rules: &[&Lint],
    all_rules: bool,
    options: &BaselineArgs,
) -> Result<Linted, Diagnostic> {
    let findings = lint(spec, rules.iter().copied());
    let keys: Vec<Key> = findings.iter().map(|finding| finding.key.clone()).collect();
    let file = BaselineFile::read(folder, "lint");
    // With some rules only, nothing is known about the findings of the others.
    let compared = file.compare(&keys, &|_| all_rules, options);
    if options.accept {
        file.accept(&keys, &|_| true)?;
    }
    Ok(Linted { findings, compared })
}

fn chosen(ids: &[String]) -> Result<Vec<&'static Lint>, Diagnostic> {
    if ids.is_empty() {
        return Ok(LINTS.iter().collect());
    }
    let find = |id: &String| {
        LINTS.iter().find(|rule| rule.id == id).ok_or_else(|| {
            Diagnostic::error(format!("there is no rule {id}")).expecting("one of `cargo spec lint --list`")
        })
    };
    ids.iter().map(find).collect()
}

fn print_rules(console: &Console) -> ExitCode {
    for rule in LINTS {
        console.print(&format!("{}: {}", rule.id, rule.summary));
    }
    let rules: Vec<_> = LINTS.iter().map(|rule| json!({"id": rule.id, "summary": rule.summary})).collect();
    console.finish(&[], Some(json!({"rules": rules})))
}

fn to_json(finding: &Finding) -> serde_json::Value {
    json!({"rule": finding.rule, "subject": finding.key.subject, "diagnostic": finding.diagnostic.to_json()})
}
