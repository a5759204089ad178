//! `cargo spec import`: imports documents into descriptors.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use bitrix24_codegen::descriptor::{Descriptor, Event, PinnedSource, SOURCE_FILE, Spec};
use bitrix24_codegen::diagnostic::{Diagnostic, has_errors, sort_diagnostics};
use bitrix24_codegen::extract::{
    Complete, Documentation, Earlier, Import, Options as ImportOptions, Origin, broken_includes, complete,
    import_with, is_commit, is_date, public_address, read_documentation,
};
use bitrix24_codegen::marked_regions::version;
use bitrix24_codegen::staging::{NewSpec, stage};
use clap::Args;
use same_file::is_same_file;
use serde_json::json;

use super::baseline::BaselineArgs;
use super::console::Console;
use super::last_import::LastImport;
use super::review::review;
use super::spec_files::{lock, read_patches, read_recorded_files, unreadable, unwritable};

#[derive(Args, Clone)]
pub(crate) struct ImportArgs {
    /// The documentation: a folder of Markdown or text files.
    pub(super) docs: PathBuf,
    /// The folder of the descriptors. Default: `spec/` of the project.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The folder of the patches. Default: `patches/` of the output folder, else of `spec/`.
    #[arg(long, value_name = "DIR")]
    patches: Option<PathBuf>,
    /// A file of recorded traffic, whose results are further examples behind those of the documentation. May be given several
    /// times. The files of `recorded/` in the folder of the descriptors are read in any case.
    #[arg(long, value_name = "FILE")]
    recorded: Vec<PathBuf>,
    /// The documents are only some pages: all other methods stay as they are, and so does `source.yaml`.
    #[arg(long)]
    part: bool,
    /// A patch that does not fit the documents is an error. Default: it is not applied, with a warning.
    #[arg(long)]
    strict: bool,
    /// Nothing of the earlier spec is frozen but the order of arguments: parameters, names and types follow the documents again.
    /// Callers may break.
    #[arg(long)]
    thaw: bool,
    /// Any number of methods may vanish from the documentation. Default: at most one of fifty, and between 3 and 20.
    #[arg(long)]
    allow_removed: bool,
    /// The repository of the documentation, for `spec/source.yaml`. Default: that of the clone, or of a file REVISION.
    #[arg(long, value_name = "URL", value_parser = parse_repository)]
    repository: Option<String>,
    /// The commit of the documentation. Default: that of the clone, or of a file REVISION.
    #[arg(long, value_name = "HASH", value_parser = parse_commit)]
    commit: Option<String>,
    /// The date of the documentation, as in 2026-07-01. Default: that of the clone, or of a file REVISION.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    date: Option<String>,
    #[command(flatten)]
    pub(super) baseline: BaselineArgs,
}

fn parse_repository(address: &str) -> Result<String, String> {
    public_address(address).ok_or_else(|| "an address such as https://example.com/owner/name".to_owned())
}

fn parse_commit(name: &str) -> Result<String, String> {
    let known = Some(name).filter(|name| is_commit(name));
    known.map(str::to_owned).ok_or_else(|| "at least seven hexadecimal digits".to_owned())
}

fn parse_date(day: &str) -> Result<String, String> {
    Some(day)
        .filter(|day| is_date(day))
        .map(str::to_owned)
        .ok_or_else(|| "a day such as 2026-07-01".to_owned())
}

pub(crate) fn run(root: &Path, options: &ImportArgs, console: &Console) -> ExitCode {
    let start = Instant::now();
    match import_and_write(root, options, console) {
        Err(problems) => console.finish(&problems, None),
        Ok(imported) => {
            let seconds = start.elapsed().as_secs_f64();
            imported.print(console, seconds);
            let Imported { import, complete, written, removed, problems, .. } = &imported;
            let mut result = json!({
                "report": import.report, "written": written, "removed": removed, "seconds": seconds,
                "vanished": complete.vanished, "removed_methods": complete.removed,
            });
            if has_errors(problems) {
                return console.finish(problems, Some(result));
            }
            let spec = options.out.clone().unwrap_or_else(|| root.join("spec"));
            match review(&spec, import, problems, &options.baseline) {
                Err(problem) => console.finish(&[problem], Some(result)),
                Ok(review) => {
                    review.compared.print("warnings", &options.baseline, console);
                    result["baseline"] = review.compared.to_json();
                    console.finish(&review.diagnostics, Some(result))
                }
            }
        }
    }
}

impl ImportArgs {
    /// The same for a copy of the project, whose own patches and recorded traffic are copied with it.
    pub(super) fn of_copy(&self) -> Result<Self, Diagnostic> {
        if self.out.is_some() || self.part {
            let message = "an update is of the whole spec of the project";
            return Err(Diagnostic::error(message).expecting("neither `--out` nor `--part`"));
        }
        Ok(self.clone())
    }
}

/// The result of an import.
pub(super) struct Imported {
    pub(super) import: Import,
    pub(super) complete: Complete,
    pub(super) source: PinnedSource,
    /// The written and the removed files. None if there is an error.
    written: Vec<String>,
    removed: Vec<String>,
    pub(super) problems: Vec<Diagnostic>,
}

/// Imports, checks the new spec as `cargo spec check` does, and writes it at once. Nothing is written if there is an error.
pub(super) fn import_and_write(
    root: &Path,
    options: &ImportArgs,
    console: &Console,
) -> Result<Imported, Vec<Diagnostic>> {
    let out = options.out.clone().unwrap_or_else(|| root.join("spec"));
    let progress = console.spinner("reading");
    let documentation =
        read_documentation(&options.docs).map_err(|error| vec![unreadable(&options.docs, &error)])?;
    progress.finish_and_clear();
    let folder = lock(&out, console)?;
    let existing = Spec::load_existing(&out)?;
    let patch_folder = patch_folder(root, &out, options);
    let patches = match &patch_folder {
        Some(folder) => read_patches(folder)?,
        None => Vec::new(),
    };
    let recorded = read_recorded_files(&out, &options.recorded)?;
    let progress = console.progress_bar("extracting", documentation.documents.len());
    let known: Vec<Descriptor> = existing.methods.iter().map(|file| file.content.clone()).collect();
    let known_events: Vec<Event> = existing.events.iter().map(|file| file.content.clone()).collect();
    let system = existing.system.as_ref().map(|file| &file.content);
    let read_one = || progress.inc(1);
    let import_options = ImportOptions {
        progress: &read_one,
        recorded: &recorded,
        events: &known_events,
        strict: options.strict,
        thaw: options.thaw,
        ..ImportOptions::default()
    };
    let import = import_with(&documentation.documents, &known, system, &patches, import_options);
    progress.finish_and_clear();
    let progress = console.spinner("checking");
    let source = pinned(&documentation, options, &import);
    let complete = completed(root, options, &documentation, &existing, &import, &source);
    let mut problems = import.report.diagnostics.clone();
    problems.extend(complete.problems.iter().cloned());
    let mut imported =
        Imported { import, complete, source, written: Vec::new(), removed: Vec::new(), problems };
    if !has_errors(&imported.problems) {
        let new = NewSpec {
            methods: &imported.complete.methods,
            placements: &imported.complete.placements,
            handlers: &imported.complete.handlers,
            entities: &imported.complete.entities,
            events: &imported.complete.events,
            system: imported.import.system.as_ref(),
            source: imported.complete.covers_all.then_some(&imported.source),
            freezes_names: !options.thaw,
        };
        let is_of_project = is_same_file(&out, root.join("spec")).unwrap_or(false);
        match stage(&out, &existing, new, is_of_project) {
            Err(found) => imported.problems.extend(found),
            Ok(changes) => {
                folder.commit(&changes).map_err(|error| vec![unwritable(&out, &error)])?;
                let shown = |path: &PathBuf| out.join(path).display().to_string();
                imported.written = changes.written.keys().map(shown).collect();
                imported.removed = changes.removed.iter().map(shown).collect();
            }
        }
    }
    progress.finish_and_clear();
    imported.problems = sort_diagnostics(imported.problems);
    LastImport::of(&options.docs, patch_folder.as_deref(), &options.recorded, &imported.import).save(root);
    Ok(imported)
}

/// Completes the import by what is kept of the existing spec.
fn completed(
    root: &Path,
    options: &ImportArgs,
    documentation: &Documentation,
    existing: &Spec,
    import: &Import,
    source: &PinnedSource,
) -> Complete {
    let version = version(root).unwrap_or_else(|| env!("CARGO_PKG_VERSION").to_owned());
    let earlier = Earlier {
        methods: existing.methods.iter().map(|file| &file.content).collect(),
        placements: existing.placements.iter().map(|file| &file.content).collect(),
        handlers: existing.handlers.iter().map(|file| &file.content).collect(),
        entities: existing.entities(),
        events: existing.events.iter().map(|file| &file.content).collect(),
        broken_includes: existing.source.as_ref().map(|file| file.content.broken_includes),
        is_part: options.part || !documentation.part.is_empty(),
        is_whole: documentation.is_whole(),
        date: source.date.as_deref(),
        version: &version,
        allow_removed: options.allow_removed,
    };
    complete(import, &earlier)
}

/// Names the keys of `source.yaml` that are not known.
fn unknown_keys(source: &PinnedSource) -> Option<String> {
    let keys = [
        ("repository", source.repository.is_none()),
        ("commit", source.commit.is_none()),
        ("date", source.date.is_none()),
    ];
    let unknown: Vec<&str> = keys.iter().filter(|(_, unknown)| *unknown).map(|(key, _)| *key).collect();
    let flags: Vec<String> = unknown.iter().map(|key| format!("--{key}")).collect();
    let (keys, flags) = (unknown.join(", "), flags.join(", "));
    let message = || {
        format!(
            "the documentation is no git clone and has no file REVISION: without {flags}, {SOURCE_FILE} lacks {keys}"
        )
    };
    (!unknown.is_empty()).then(message)
}

/// The source of an import, and what it comes from.
fn pinned(documentation: &Documentation, options: &ImportArgs, import: &Import) -> PinnedSource {
    let (repository, commit) = (options.repository.clone(), options.commit.clone());
    let given = Origin { repository, commit, date: options.date.clone() };
    let Origin { repository, commit, date } = documentation.origin.clone().overridden_by(given);
    let (pages, hash) = (documentation.pages().count(), documentation.hash());
    PinnedSource { repository, commit, date, pages, broken_includes: broken_includes(import), hash }
}

/// The folder of patches: the given one, which must exist, or the first default that exists.
fn patch_folder(root: &Path, out: &Path, options: &ImportArgs) -> Option<PathBuf> {
    let usual =
        || [out.join("patches"), root.join("spec/patches")].into_iter().find(|folder| folder.is_dir());
    options.patches.clone().or_else(usual)
}

impl Imported {
    /// Prints the documents that were read or skipped, the patches that were not applied, what vanished, and the totals.
    fn print(&self, console: &Console, seconds: f64) {
        let report = &self.import.report;
        for read in &report.read {
            let sent: Vec<String> = read.events.iter().chain(&read.sent).cloned().collect();
            let sent = Some(sent.join(", ")).filter(|names| !names.is_empty());
            let method = read.method.clone().or(sent).unwrap_or_else(|| "the system".to_owned());
            let front_matter = if read.front_matter { " with front matter" } else { "" };
            console.print(&format!("read    {}: {method}, {}{front_matter}", read.file, form(read.form)));
        }
        for skipped in &report.skipped {
            console.print(&format!("skipped {}:{}: {}", skipped.file, skipped.line, skipped.reason));
        }
        for patch in &report.patches_left_alone {
            console.print(&format!("patch {}:{} not applied: {}", patch.file, patch.line, patch.reason));
        }
        for path in &self.written {
            console.print(&format!("wrote   {path}"));
        }
        for path in &self.removed {
            console.print(&format!("removed {path}"));
        }
        let is_written = !has_errors(&self.problems);
        let fate = if is_written { "; it is kept for one release" } else { "" };
        for method in &self.complete.vanished {
            console.print(&format!("{method} is no longer documented{fate}"));
        }
        if is_written {
            for method in &self.complete.removed {
                console.print(&format!("{method} is not documented since an earlier release; it is removed"));
            }
            let unknown = unknown_keys(&self.source).filter(|_| self.complete.covers_all);
            unknown.iter().for_each(|message| console.print(message));
        }
        console.print(&report.to_string());
        let (written, removed) = (self.written.len(), self.removed.len());
        console.print(&format!("{written} files written, {removed} removed, {seconds:.2} s"));
    }
}

fn form(form: bitrix24_codegen::descriptor::SourceForm) -> &'static str {
    use bitrix24_codegen::descriptor::SourceForm;
    match form {
        SourceForm::Yfm => "Markdown",
        SourceForm::Rendered => "a rendered page",
        SourceForm::FrontMatter => "front matter only",
        SourceForm::Patch => "a patch",
    }
}
