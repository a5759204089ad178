//! `cargo spec import`: imports documents into descriptors.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use bitrix24_codegen::descriptor::{Descriptor, PinnedSource, Spec};
use bitrix24_codegen::diagnostic::Diagnostic;
use bitrix24_codegen::extract::{
    Documentation, Import, Options as ImportOptions, Origin, import_with, is_commit, is_date, public_address,
    read_documentation,
};
use clap::Args;
use serde_json::json;

use super::baseline::BaselineArgs;
use super::console::Console;
use super::last_import::LastImport;
use super::review::review;
use super::spec_files::{read_patches, read_recorded_files, unreadable, write_source, write_spec};

#[derive(Args)]
pub(crate) struct ImportArgs {
    /// The documentation: a folder of Markdown or text files.
    docs: PathBuf,
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
    baseline: BaselineArgs,
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
        Ok((import, written)) => {
            print_report(&import, &written, console);
            let seconds = start.elapsed().as_secs_f64();
            console.print(&format!("{} files written, {seconds:.2} s", written.len()));
            let mut result = json!({"report": import.report, "written": written, "seconds": seconds});
            if import.report.errors() > 0 {
                return console.finish(&import.report.diagnostics, Some(result));
            }
            let spec = options.out.clone().unwrap_or_else(|| root.join("spec"));
            match review(&spec, &import, &options.baseline, console) {
                Err(problem) => console.finish(&[problem], Some(result)),
                Ok(review) => {
                    result["baseline"] = review.result;
                    console.finish(&review.diagnostics, Some(result))
                }
            }
        }
    }
}

/// Imports and writes descriptors. Nothing is written if the report has an error.
fn import_and_write(
    root: &Path,
    options: &ImportArgs,
    console: &Console,
) -> Result<(Import, Vec<String>), Vec<Diagnostic>> {
    let out = options.out.clone().unwrap_or_else(|| root.join("spec"));
    let existing = Spec::load_existing(&out)?;
    let patch_folder = patch_folder(root, &out, options);
    let patches = match &patch_folder {
        Some(folder) => read_patches(folder)?,
        None => Vec::new(),
    };
    let recorded = read_recorded_files(&out, &options.recorded)?;
    let progress = console.spinner("reading");
    let documentation =
        read_documentation(&options.docs).map_err(|error| vec![unreadable(&options.docs, &error)])?;
    let documents = &documentation.documents;
    progress.finish_and_clear();
    let progress = console.progress_bar("extracting", documents.len());
    let known: Vec<Descriptor> = existing.methods.iter().map(|file| file.content.clone()).collect();
    let system = existing.system.as_ref().map(|file| &file.content);
    let read_one = || progress.inc(1);
    let import_options =
        ImportOptions { progress: &read_one, recorded: &recorded, ..ImportOptions::default() };
    let import = import_with(documents, &known, system, &patches, import_options);
    progress.finish_and_clear();
    let progress = console.spinner("writing");
    let written = if import.report.errors() == 0 {
        let mut written =
            write_spec(&out, &existing, &import.descriptors, &import.entities, import.system.as_ref())?;
        if documentation.part.is_empty() {
            write_source(&out, &pinned(&documentation, options), &mut written)?;
        }
        written
    } else {
        Vec::new()
    };
    progress.finish_and_clear();
    LastImport::of(&options.docs, patch_folder.as_deref(), &options.recorded, &import).save(root);
    Ok((import, written))
}

/// The source of an import, and what it comes from.
fn pinned(documentation: &Documentation, options: &ImportArgs) -> PinnedSource {
    let (repository, commit) = (options.repository.clone(), options.commit.clone());
    let given = Origin { repository, commit, date: options.date.clone() };
    let Origin { repository, commit, date } = documentation.origin.clone().overridden_by(given);
    let (pages, hash) = (documentation.pages().count(), documentation.hash());
    PinnedSource { repository, commit, date, pages, hash }
}

/// The folder of patches: the given one, which must exist, or the first default that exists.
fn patch_folder(root: &Path, out: &Path, options: &ImportArgs) -> Option<PathBuf> {
    let usual =
        || [out.join("patches"), root.join("spec/patches")].into_iter().find(|folder| folder.is_dir());
    options.patches.clone().or_else(usual)
}

/// Prints the documents that were read or skipped, the patches that were not applied, and the totals.
fn print_report(import: &Import, written: &[String], console: &Console) {
    let report = &import.report;
    for read in &report.read {
        let method = read.method.as_deref().unwrap_or("the system");
        let front_matter = if read.front_matter { " with front matter" } else { "" };
        console.print(&format!("read    {}: {method}, {}{front_matter}", read.file, form(read.form)));
    }
    for skipped in &report.skipped {
        console.print(&format!("skipped {}:{}: {}", skipped.file, skipped.line, skipped.reason));
    }
    for patch in &report.patches_left_alone {
        console.print(&format!("patch {}:{} not applied: {}", patch.file, patch.line, patch.reason));
    }
    for path in written {
        console.print(&format!("wrote   {path}"));
    }
    console.print(&report.to_string());
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
