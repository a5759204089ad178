//! `cargo spec import`: documents in, descriptors out.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;
use std::{fs, io};

use bitrix24_codegen::descriptor::{
    Descriptor, SYSTEM_FILE, Spec, descriptor_path, render_descriptor, render_system,
};
use bitrix24_codegen::diagnostic::{Diagnostic, SourceText};
use bitrix24_codegen::import::{Import, import_watched, read_documents};
use clap::Args;
use rayon::prelude::*;
use serde_json::json;

use super::console::Console;

#[derive(Args)]
pub(crate) struct ImportArgs {
    /// The documentation: a folder of Markdown or text files.
    docs: PathBuf,
    /// Where descriptors are written and updated; `spec/` of the project if not given.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Corrections by hand; `patches/` below the output, or else of the project's `spec/`, if not given.
    #[arg(long, value_name = "DIR")]
    patches: Option<PathBuf>,
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

/// Imports, and writes what came of it. Nothing is written where the report has an error.
fn import_and_write(
    root: &Path,
    options: &ImportArgs,
    console: &Console,
) -> Result<(Import, Vec<String>), Vec<Diagnostic>> {
    let out = options.out.clone().unwrap_or_else(|| root.join("spec"));
    let existing = Spec::load_existing(&out)?;
    let patches = match patch_folder(root, &out, options) {
        Some(folder) => read_patches(&folder)?,
        None => Vec::new(),
    };
    let progress = console.spinner("reading");
    let documents = read_documents(&options.docs).map_err(|error| vec![unreadable(&options.docs, &error)])?;
    progress.finish_and_clear();
    let progress = console.progress_bar("understanding", documents.len());
    let known: Vec<Descriptor> = existing.methods.iter().map(|file| file.content.clone()).collect();
    let system = existing.system.as_ref().map(|file| &file.content);
    let import = import_watched(&documents, &known, system, &patches, &|| progress.inc(1));
    progress.finish_and_clear();
    let progress = console.spinner("writing");
    let written = if import.report.errors() == 0 { write(&out, &existing, &import)? } else { Vec::new() };
    progress.finish_and_clear();
    Ok((import, written))
}

/// The folder of patches: the given one, which must be there, or the first of the usual ones that is.
fn patch_folder(root: &Path, out: &Path, options: &ImportArgs) -> Option<PathBuf> {
    let usual =
        || [out.join("patches"), root.join("spec/patches")].into_iter().find(|folder| folder.is_dir());
    options.patches.clone().or_else(usual)
}

/// The files of patches, named as `sources` name them: by their path below `spec/`.
fn read_patches(folder: &Path) -> Result<Vec<Arc<SourceText>>, Vec<Diagnostic>> {
    let read = || -> io::Result<Vec<Arc<SourceText>>> {
        let mut patches = Vec::new();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|ending| ending == "yaml") {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                patches.push(SourceText::new(format!("patches/{name}"), fs::read_to_string(&path)?));
            }
        }
        Ok(patches)
    };
    read().map_err(|error| vec![unreadable(folder, &error)])
}

/// Writes the descriptors that differ, each to the place that its scope and name tell, and removes it from an earlier one.
fn write(out: &Path, existing: &Spec, import: &Import) -> Result<Vec<String>, Vec<Diagnostic>> {
    let earlier: HashMap<_, &str> = existing
        .methods
        .iter()
        .map(|file| ((file.content.api, file.content.method.to_lowercase()), file.source.path.as_str()))
        .collect();
    let texts: Vec<_> = import.descriptors.par_iter().map(render_descriptor).collect();
    let mut written = Vec::new();
    for (descriptor, text) in import.descriptors.iter().zip(texts) {
        let path = out.join(descriptor_path(descriptor));
        write_if_changed(&path, &text?, &mut written)?;
        match earlier.get(&(descriptor.api, descriptor.method.to_lowercase())).map(Path::new) {
            Some(earlier) if earlier != path => {
                fs::remove_file(earlier).map_err(|error| vec![unwritable(earlier, &error)])?;
            }
            _ => {}
        }
    }
    if let Some(system) = &import.system {
        write_if_changed(&out.join(SYSTEM_FILE), &render_system(system)?, &mut written)?;
    }
    Ok(written)
}

fn write_if_changed(path: &Path, text: &str, written: &mut Vec<String>) -> Result<(), Vec<Diagnostic>> {
    if fs::read(path).is_ok_and(|present| present == text.as_bytes()) {
        return Ok(());
    }
    let write = || {
        fs::create_dir_all(path.parent().unwrap_or(Path::new("")))?;
        fs::write(path, text)
    };
    write().map_err(|error| vec![unwritable(path, &error)])?;
    written.push(path.display().to_string());
    Ok(())
}

/// What was read, what was skipped and why, and which patches were of use.
fn print_report(import: &Import, written: &[String], console: &Console) {
    let report = &import.report;
    for read in &report.read {
        let method = read.method.as_deref().unwrap_or("the system");
        let front_matter = if read.front_matter { " with front-matter" } else { "" };
        console.print(&format!("read    {}: {method}, {}{front_matter}", read.file, form(read.form)));
    }
    for skipped in &report.skipped {
        console.print(&format!("skipped {}:{}: {}", skipped.file, skipped.line, skipped.reason));
    }
    for patch in &report.patches_left_alone {
        console.print(&format!("patch {}:{} left alone: {}", patch.file, patch.line, patch.reason));
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
        SourceForm::FrontMatter => "front-matter alone",
        SourceForm::Patch => "a patch",
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::error(format!("{} cannot be read: {error}", path.display()))
}

fn unwritable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::error(format!("{} cannot be written: {error}", path.display()))
}
