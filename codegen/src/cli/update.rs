//! `cargo spec update`: the day of a new documentation in one command.
//!
//! The steps run on a copy of what they change, in a temporary folder: import, generation, comparison, change log, report. The
//! project changes when no step has refused, the spec first and at once. After an interruption, `cargo regen` completes the rest.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use bitrix24_codegen::change_log::{ENTRY_HEADING, with_entry};
use bitrix24_codegen::diagnostic::{Diagnostic, SourceText, has_errors};
use bitrix24_codegen::diff::{
    Contradiction, MarkdownOptions, Page, render_change_log, render_page, render_report,
};
use bitrix24_codegen::transaction::{FileChanges, replace_file};
use bitrix24_codegen::{generate, marked_regions, regenerate};
use clap::Args;
use serde_json::json;
use tempfile::TempDir;

use super::console::Console;
use super::decisions::Today;
use super::diff::{compared, severities};
use super::import::{ImportArgs, Imported, import_and_write};
use super::lint::lint_all;
use super::review::review;
use super::revision::SpecAndLibrary;
use super::spec_files::{lock, unreadable, unwritable};

/// The folder of the descriptors.
const SPEC: &str = "spec";

/// The file with the record of the last import.
const RECORD: &str = "target/spec/last-import.json";

/// The files beside the spec that the steps read, and of which they change regions.
const FILES: &[&str] = &["Cargo.toml", "README.md", CHANGELOG];
const CHANGELOG: &str = "CHANGELOG.md";

#[derive(Args)]
pub(crate) struct UpdateArgs {
    #[command(flatten)]
    import: ImportArgs,
    /// The folder for the report, `update.html` and `update.md`. Default: `target/spec/`.
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// Sets the severity of a rule of `cargo spec diff`. May be given several times.
    #[arg(long, value_name = "RULE=LEVEL")]
    severity: Vec<String>,
}

pub(crate) fn run(root: &Path, options: &UpdateArgs, console: &Console) -> ExitCode {
    let start = Instant::now();
    match prepare(root, options, console).and_then(|day| day.commit(root, options, console)) {
        Err(problems) => console.finish(&problems, None),
        Ok(day) => {
            let seconds = start.elapsed().as_secs_f64();
            day.print(console, seconds);
            let result = json!({"page": day.page, "written": day.written, "seconds": seconds});
            console.finish(&[], Some(result))
        }
    }
}

/// What the documentation of a day changes.
struct Day {
    /// The copy of the project, with its new spec.
    copy: TempDir,
    page: Page,
    /// The text of CHANGELOG.md, if it changes.
    change_log: Option<String>,
    written: Vec<String>,
}

/// Runs all steps on a copy of the project.
fn prepare(root: &Path, options: &UpdateArgs, console: &Console) -> Result<Day, Vec<Diagnostic>> {
    let severities = severities(root, &options.severity)?;
    let old = SpecAndLibrary::committed(root)?;
    let copy = copied(root)?;
    let import = options.import.of_copy().map_err(|problem| vec![problem])?;
    let imported = import_and_write(copy.path(), &import, console)?;
    if has_errors(&imported.problems) {
        return Err(imported.problems.into_iter().map(|problem| of_project(problem, copy.path())).collect());
    }
    let (library, folders) = generate(copy.path())?;
    // The folders of the project are compared before anything is written, since they may contain files that are not generated.
    for folder in &folders {
        folder.changes(root)?;
    }
    marked_regions::changed_files(copy.path(), &library)?;
    let new = SpecAndLibrary::load(copy.path(), Path::new(SPEC))?;
    let mut page = compared(&old, &new, &severities);
    page.old = "the earlier spec".to_owned();
    page.new = title(&imported);
    page.contradictions = Some(Contradiction::among(&imported.problems));
    let accepted = &options.import.baseline;
    let spec = copy.path().join(SPEC);
    let reviewed =
        review(&spec, &imported.import, &imported.problems, accepted).map_err(|problem| vec![problem])?;
    let linted = lint_all(&spec, new.spec(), accepted).map_err(|problem| vec![problem])?;
    page.accepted =
        vec![reviewed.compared.counts("warnings"), linted.compared.counts("findings of `cargo spec lint`")];
    let today = Today {
        page: &page,
        imported: &imported,
        specs: (old.spec(), new.spec()),
        warnings: &reviewed.diagnostics,
        findings: &linted.shown(),
        wordless: &new_wordless(&old, &new),
        doubtful_words: &new_doubts(&old, &new),
    };
    page.decisions = today.decisions();
    let change_log = change_log(root, &page)?;
    Ok(Day { copy, page, change_log, written: Vec::new() })
}

/// The items without words that the earlier spec does not have.
fn new_wordless(old: &SpecAndLibrary, new: &SpecAndLibrary) -> Vec<String> {
    let known: HashSet<String> = old.items().into_iter().map(|item| item.name).collect();
    let wordless = new.items().into_iter().filter(|item| item.text.is_none() && !known.contains(&item.name));
    wordless.map(|item| format!("{} {}", item.kind.singular(), item.name)).collect()
}

/// What is newly wrong with words: they are about what the new spec does not have.
fn new_doubts(old: &SpecAndLibrary, new: &SpecAndLibrary) -> Vec<Diagnostic> {
    let known: HashSet<String> = old.doubtful_words().iter().map(ToString::to_string).collect();
    new.doubtful_words().into_iter().filter(|problem| !known.contains(&problem.to_string())).collect()
}

/// A diagnostic about a file of the copy, with the path that the file has in the project.
fn of_project(problem: Diagnostic, copy: &Path) -> Diagnostic {
    let location = problem.location.map(|(source, span)| {
        let path = Path::new(&source.path).strip_prefix(copy).map(|path| path.to_string_lossy().into_owned());
        (path.map_or(Arc::clone(&source), |path| SourceText::new(path, source.text.as_str())), span)
    });
    Diagnostic { location, ..problem }
}

/// A copy of the spec and of the files with regions.
fn copied(root: &Path) -> Result<TempDir, Vec<Diagnostic>> {
    let copy = tempfile::tempdir()
        .map_err(|error| vec![Diagnostic::error(format!("a temporary folder cannot be made: {error}"))])?;
    for path in files_below(&root.join(SPEC)).map_err(|error| vec![unreadable(&root.join(SPEC), &error)])? {
        let target = copy.path().join(SPEC).join(&path);
        copy_file(&root.join(SPEC).join(&path), &target)
            .map_err(|error| vec![unwritable(&target, &error)])?;
    }
    for name in FILES.iter().filter(|name| root.join(name).is_file()) {
        let target = copy.path().join(name);
        copy_file(&root.join(name), &target).map_err(|error| vec![unwritable(&target, &error)])?;
    }
    Ok(copy)
}

fn copy_file(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    fs::write(to, fs::read(from)?)
}

/// The files below a folder, relative to it.
fn files_below(top: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![top.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            match path.strip_prefix(top) {
                _ if path.is_dir() => folders.push(path),
                Ok(below) => files.push(below.to_owned()),
                Err(_) => {}
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The name of a documentation: its date and commit, as far as they are known.
fn title(imported: &Imported) -> String {
    let commit = imported.source.commit.as_ref().map(|commit| commit.chars().take(12).collect::<String>());
    let of = [imported.source.date.clone(), commit.map(|commit| format!("commit {commit}"))];
    let of: Vec<String> = of.into_iter().flatten().collect();
    let name = if of.is_empty() { imported.source.hash.clone() } else { of.join(", ") };
    format!("Documentation of {name}")
}

/// CHANGELOG.md with an entry about the day. `None`: it stays, since nothing changed or there is no such file.
fn change_log(root: &Path, page: &Page) -> Result<Option<String>, Vec<Diagnostic>> {
    let path = root.join(CHANGELOG);
    if page.diff.changes.is_empty() || !path.is_file() {
        return Ok(None);
    }
    let text = fs::read_to_string(&path).map_err(|error| vec![unreadable(&path, &error)])?;
    let options = MarkdownOptions { heading: ENTRY_HEADING, ..MarkdownOptions::default() };
    let Some(text) = with_entry(&text, &page.new, &render_change_log(&page.diff, options)) else {
        let message = format!("{CHANGELOG} has no heading `## Unreleased`");
        return Err(vec![
            Diagnostic::error(message).expecting("the heading, before the entry of the last release"),
        ]);
    };
    Ok(Some(text))
}

impl Day {
    /// Changes the project: the spec at once, then what is generated, the change log and the report.
    fn commit(
        mut self,
        root: &Path,
        options: &UpdateArgs,
        console: &Console,
    ) -> Result<Self, Vec<Diagnostic>> {
        let spec = root.join(SPEC);
        let report = options.report.clone().unwrap_or_else(|| root.join("target/spec"));
        fs::create_dir_all(&report).map_err(|error| vec![unwritable(&report, &error)])?;
        let folder = lock(&spec, console)?;
        let changes = self.changes(&spec).map_err(|error| vec![unreadable(&spec, &error)])?;
        folder.commit(&changes).map_err(|error| vec![unwritable(&spec, &error)])?;
        drop(folder);
        self.written.extend(changes.written.keys().map(|path| format!("{SPEC}/{}", path.display())));
        if let Some(text) = &self.change_log {
            let path = root.join(CHANGELOG);
            replace_file(&path, text.as_bytes()).map_err(|error| vec![unwritable(&path, &error)])?;
            self.written.push(CHANGELOG.to_owned());
        }
        let generated = regenerate(root)?;
        self.written.extend(generated.changes.written.iter().map(|path| path.display().to_string()));
        // The record is a convenience.
        let _ = copy_file(&self.copy.path().join(RECORD), &root.join(RECORD));
        for (name, text) in
            [("update.html", render_page(&self.page)), ("update.md", render_report(&self.page))]
        {
            let path = report.join(name);
            fs::write(&path, text).map_err(|error| vec![unwritable(&path, &error)])?;
            self.written.push(path.display().to_string());
        }
        Ok(self)
    }

    /// The files of the copy that differ from those of the project.
    fn changes(&self, spec: &Path) -> std::io::Result<FileChanges> {
        let copy = self.copy.path().join(SPEC);
        let new = files_below(&copy)?;
        let mut changes = FileChanges::default();
        for path in files_below(spec)? {
            if new.binary_search(&path).is_err() {
                changes.removed.insert(path);
            }
        }
        for path in new {
            let content = fs::read(copy.join(&path))?;
            if !fs::read(spec.join(&path)).is_ok_and(|present| present == content) {
                changes.written.insert(path, content);
            }
        }
        Ok(changes)
    }

    /// Prints the changes, and last what a person must decide.
    fn print(&self, console: &Console, seconds: f64) {
        console.print(&format!("{}: {} files written, {seconds:.2} s", self.page.new, self.written.len()));
        console.print(&self.page.diff.totals());
        if let Some((version, Some((next, step)))) = &self.page.version {
            console.print(&format!("{version} → {next}: a {step} step"));
        }
        for path in
            self.written.iter().filter(|path| path.ends_with("update.html") || path.ends_with("update.md"))
        {
            console.print(&format!("wrote {path}"));
        }
        self.page.accepted.iter().for_each(|counts| console.print(counts));
        if self.page.decisions.is_empty() {
            console.print("nothing to decide");
        }
        for (title, items) in &self.page.decisions {
            console.print(&format!("\n{title} ({})", items.len()));
            items.iter().for_each(|item| console.print(&format!("  {item}")));
        }
    }
}
