//! `cargo spec import`: imports documents into descriptors.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use bitrix24_codegen::descriptor::{Descriptor, FrozenNames, Spec};
use bitrix24_codegen::diagnostic::Diagnostic;
use bitrix24_codegen::extract::{Import, Options as ImportOptions, import_with, read_documents};
use bitrix24_codegen::freeze_names;
use clap::Args;
use serde_json::json;

use super::console::Console;
use super::last_import::LastImport;
use super::spec_files::{read_patches, read_recorded_files, unreadable, write_names, write_spec};

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
    /// A patch that does not fit the documents is an error. Default: it is not applied, with a warning.
    #[arg(long)]
    strict: bool,
    /// Nothing but `args` of the earlier spec is frozen: names and types follow the documents again. Callers may break.
    #[arg(long)]
    thaw: bool,
}

pub(crate) fn run(root: &Path, options: &ImportArgs, console: &Console) -> ExitCode {
    let start = Instant::now();
    match import_and_write(root, options, console) {
        Err(problems) => console.finish(&problems, None),
        Ok((import, written)) => {
            print_report(&import, &written, console);
            let seconds = start.elapsed().as_secs_f64();
            console.print(&format!("{} files written, {seconds:.2} s", written.len()));
            let result = json!({"report": import.report, "written": written, "seconds": seconds});
            console.finish(&import.report.diagnostics, Some(result))
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
    let documents = read_documents(&options.docs).map_err(|error| vec![unreadable(&options.docs, &error)])?;
    progress.finish_and_clear();
    let progress = console.progress_bar("extracting", documents.len());
    let known: Vec<Descriptor> = existing.methods.iter().map(|file| file.content.clone()).collect();
    let system = existing.system.as_ref().map(|file| &file.content);
    let read_one = || progress.inc(1);
    let import_options = ImportOptions {
        progress: &read_one,
        recorded: &recorded,
        strict: options.strict,
        thaw: options.thaw,
        ..ImportOptions::default()
    };
    let import = import_with(&documents, &known, system, &patches, import_options);
    progress.finish_and_clear();
    let progress = console.spinner("writing");
    let written = if import.report.errors() == 0 {
        let names = if options.thaw { None } else { Some(frozen_names(&out, &existing, &import)?) };
        write_spec(&out, &existing, &import.descriptors, &import.entities, import.system.as_ref())?
            .into_iter()
            .chain(write_names(&out, names.unwrap_or_default())?)
            .collect()
    } else {
        Vec::new()
    };
    progress.finish_and_clear();
    LastImport::of(&options.docs, patch_folder.as_deref(), &options.recorded, &import).save(root);
    Ok((import, written))
}

/// The names that callers of the existing spec use and that the imported one does not give.
fn frozen_names(out: &Path, existing: &Spec, import: &Import) -> Result<FrozenNames, Vec<Diagnostic>> {
    let imported: HashSet<_> =
        import.descriptors.iter().map(|one| (one.api, one.method.to_lowercase())).collect();
    let stays = existing.methods.iter().map(|file| &file.content);
    let stays = stays.filter(|known| !imported.contains(&(known.api, known.method.to_lowercase())));
    let methods = import.descriptors.iter().chain(stays);
    let mut now = Spec::of_parts(out, methods, &import.entities)?;
    freeze_names(existing, &mut now)
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
