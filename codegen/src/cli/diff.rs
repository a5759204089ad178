//! `cargo spec diff`: what changed between two specs.

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::str::FromStr;

use bitrix24_codegen::diagnostic::{Diagnostic, SourceText};
use bitrix24_codegen::diff::{
    Coverage, Diff, MarkdownOptions, Severities, Severity, diff, next_version, render_change_log,
    render_rules,
};
use clap::Args;
use semver::Version;
use serde_json::json;

use super::console::Console;
use super::revision::SpecAndLibrary;
use super::spec_files::unreadable;

#[derive(Args)]
pub(crate) struct DiffArgs {
    /// The spec before: a project, a folder of descriptors, or a revision in git.
    #[arg(default_value = "HEAD")]
    old: String,
    /// The spec now. Default: that of the project, with changes that are not committed.
    new: Option<String>,
    /// Prints the rules with their severities, and compares nothing.
    #[arg(long)]
    rules: bool,
    /// Sets the severity of a rule: breaking, additive or documentation. May be given several times. Default: those of
    /// `tools/diff.yaml`, and for other rules their own.
    #[arg(long, value_name = "RULE=LEVEL")]
    severity: Vec<String>,
    /// Prints Markdown for CHANGELOG.md instead of text.
    #[arg(long)]
    markdown: bool,
}

pub(crate) fn run(root: &Path, options: &DiffArgs, console: &Console) -> ExitCode {
    match compare(root, options) {
        Err(problems) => console.finish(&problems, None),
        Ok(Outcome::Rules(text)) => {
            console.print(&text);
            console.finish(&[], None)
        }
        Ok(Outcome::Compared(comparison)) => print(&comparison, options, console),
    }
}

enum Outcome {
    Rules(String),
    Compared(Box<Compared>),
}

struct Compared {
    diff: Diff,
    coverage: Coverage,
}

fn compare(root: &Path, options: &DiffArgs) -> Result<Outcome, Vec<Diagnostic>> {
    let severities = severities(root, &options.severity)?;
    if options.rules {
        return Ok(Outcome::Rules(render_rules(&severities)));
    }
    let old = SpecAndLibrary::find(root, &options.old)?;
    let new = match &options.new {
        Some(given) => SpecAndLibrary::find(root, given)?,
        None => SpecAndLibrary::load(root, Path::new("spec"))?,
    };
    let diff = diff(&old.side(), &new.side(), &severities);
    Ok(Outcome::Compared(Box::new(Compared { diff, coverage: Coverage::of(new.side().library) })))
}

/// The severities of the project, and those of the command line.
pub(super) fn severities(root: &Path, given: &[String]) -> Result<Severities, Vec<Diagnostic>> {
    let path = root.join(Severities::FILE);
    let mut severities = match fs::read_to_string(&path) {
        Ok(text) => Severities::read(&SourceText::new(Severities::FILE, text))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Severities::default(),
        Err(error) => return Err(vec![unreadable(&path, &error)]),
    };
    let mut problems = Vec::new();
    for setting in given {
        let (rule, level) = setting.split_once('=').unwrap_or((setting, ""));
        let set = Severity::from_str(level).map_err(Diagnostic::error);
        problems.extend(set.and_then(|severity| severities.set(rule, severity)).err());
    }
    if problems.is_empty() { Ok(severities) } else { Err(problems) }
}

fn print(compared: &Compared, options: &DiffArgs, console: &Console) -> ExitCode {
    let Compared { diff, coverage } = compared;
    if options.markdown {
        console.print(render_change_log(diff, MarkdownOptions::default()).trim_end());
    } else {
        console.print(&diff.to_string());
    }
    let version = Version::parse(env!("CARGO_PKG_VERSION")).ok();
    let next = version.as_ref().and_then(|version| next_version(version, diff.worst()));
    if !options.markdown {
        console.print(&match (&version, &next) {
            (Some(version), Some((step, next))) => format!("{version} → {next}: a {} step", step.word()),
            _ => "no step".to_owned(),
        });
    }
    let result = json!({
        "diff": diff,
        "coverage": coverage,
        "version": version.map(|version| version.to_string()),
        "next": next.map(|(step, next)| json!({"step": step, "version": next.to_string()})),
    });
    console.finish(&[], Some(result))
}
