//! `cargo spec patch`: applies `spec/patches/` to the committed descriptors.

use std::path::Path;
use std::process::ExitCode;

use bitrix24_codegen::descriptor::Spec;
use bitrix24_codegen::diagnostic::{Diagnostic, has_errors};
use bitrix24_codegen::extract::{PatchUse, PatchedSpec, apply_to_spec};
use serde_json::json;

use super::console::Console;
use super::spec_files::{read_patches, write_spec};

pub(crate) fn run(root: &Path, console: &Console) -> ExitCode {
    match patch_and_write(&root.join("spec")) {
        Err(problems) => console.finish(&problems, None),
        Ok((patched, written)) => {
            print_report(&patched, &written, console);
            let PatchedSpec { applied, up_to_date, skipped, diagnostics, .. } = patched;
            let result = json!({
                "applied": applied, "up_to_date": up_to_date, "skipped": skipped, "written": written,
            });
            console.finish(&diagnostics, Some(result))
        }
    }
}

/// Applies the patches and writes the descriptors that change. Nothing is written if there is an error.
fn patch_and_write(folder: &Path) -> Result<(PatchedSpec, Vec<String>), Vec<Diagnostic>> {
    let spec = Spec::load_existing(folder)?;
    let patches = folder.join("patches");
    let patches = if patches.is_dir() { read_patches(&patches)? } else { Vec::new() };
    let patched = apply_to_spec(&spec, &patches);
    if has_errors(&patched.diagnostics) {
        return Err(patched.diagnostics);
    }
    let written =
        write_spec(folder, &spec, &patched.descriptors, &patched.entities, patched.system.as_ref())?;
    Ok((patched, written))
}

fn print_report(patched: &PatchedSpec, written: &[String], console: &Console) {
    let name = |patch: &PatchUse| {
        let target = patch.target.as_deref().unwrap_or("the system");
        format!("{}:{}: {target}", patch.file, patch.line)
    };
    for patch in &patched.applied {
        console.print(&format!("applied {}", name(patch)));
    }
    for patch in &patched.skipped {
        console.print(&format!("skipped {}: {}", name(patch), patch.reason));
    }
    for path in written {
        console.print(&format!("wrote   {path}"));
    }
    let PatchedSpec { applied, up_to_date, skipped, .. } = patched;
    let patches = applied.len() + up_to_date.len() + skipped.len();
    console.print(&format!(
        "{patches} patches: {} changed a descriptor, {} already applied, {} skipped; {} files written",
        applied.len(),
        up_to_date.len(),
        skipped.len(),
        written.len()
    ));
}
