//! `cargo spec diff`: what changed between two specs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;

use bitrix24_codegen::diagnostic::{Diagnostic, SourceText};
use bitrix24_codegen::diff::{
    Contradiction, Coverage, MarkdownOptions, Page, Severities, Severity, diff, next_version,
    render_change_log, render_page, render_rules,
};
use bitrix24_codegen::extract::{import, read_documents};
use clap::Args;
use semver::Version;
use serde_json::json;

use super::console::Console;
use super::revision::SpecAndLibrary;
use super::spec_files::{unreadable, unwritable};

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
    /// Writes a page for browsers, without external resources.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// The documentation of the spec now, whose contradictions the page and JSON list.
    #[arg(long, value_name = "DIR")]
    docs: Option<PathBuf>,
}

pub(crate) fn run(root: &Path, options: &DiffArgs, console: &Console) -> ExitCode {
    match compare(root, options) {
        Err(problems) => console.finish(&problems, None),
        Ok(Outcome::Rules(text)) => {
            console.print(&text);
            console.finish(&[], None)
        }
        Ok(Outcome::Compared(page)) => print(&page, options, console),
    }
}

enum Outcome {
    Rules(String),
    Compared(Box<Page>),
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
    let mut page = compared(&old, &new, &severities);
    page.old.clone_from(&options.old);
    page.new = options.new.clone().unwrap_or_else(|| "the working tree".to_owned());
    if let Some(docs) = &options.docs {
        let documents = read_documents(docs).map_err(|error| vec![unreadable(docs, &error)])?;
        let import = import(&documents, &[], None, &[]);
        page.contradictions = Some(Contradiction::among(&import.report.diagnostics));
    }
    if let Some(path) = &options.html {
        fs::write(path, render_page(&page)).map_err(|error| vec![unwritable(path, &error)])?;
    }
    Ok(Outcome::Compared(Box::new(page)))
}

/// Compares two specs, with what the newer one has and the step of the version.
pub(super) fn compared(old: &SpecAndLibrary, new: &SpecAndLibrary, severities: &Severities) -> Page {
    let diff = diff(&old.side(), &new.side(), severities);
    let version = Version::parse(env!("CARGO_PKG_VERSION")).ok().map(|version| {
        let next = next_version(&version, diff.worst()).map(|(step, next)| (next.to_string(), step.word()));
        (version.to_string(), next)
    });
    Page { version, diff, coverage: Coverage::of(new.side().library), ..Page::default() }
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

fn print(page: &Page, options: &DiffArgs, console: &Console) -> ExitCode {
    if options.markdown {
        console.print(render_change_log(&page.diff, MarkdownOptions::default()).trim_end());
    } else {
        console.print(&page.diff.to_string());
        console.print(&match &page.version {
            Some((version, Some((next, step)))) => format!("{version} → {next}: a {step} step"),
            _ => "no step".to_owned(),
        });
    }
    console.finish(&[], Some(json!(page)))
}
