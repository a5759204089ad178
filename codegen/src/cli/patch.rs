//! `cargo spec patch`: applies `spec/patches/` to the committed descriptors.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use bitrix24_codegen::descriptor::{Descriptor, Event, Spec, SpecFile};
use bitrix24_codegen::diagnostic::{Diagnostic, has_errors};
use bitrix24_codegen::extract::{PatchUse, PatchedSpec, apply_to_spec};
use bitrix24_codegen::staging::{NewSpec, stage};
use serde_json::json;

use super::console::Console;
use super::spec_files::{lock, read_patches, unwritable};

pub(crate) fn run(root: &Path, console: &Console) -> ExitCode {
    match patch_and_write(&root.join("spec"), console) {
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
fn patch_and_write(folder: &Path, console: &Console) -> Result<(PatchedSpec, Vec<String>), Vec<Diagnostic>> {
    let locked = lock(folder, console)?;
    let spec = Spec::load_existing(folder)?;
    let patches = folder.join("patches");
    let patches = if patches.is_dir() { read_patches(&patches)? } else { Vec::new() };
    let patched = apply_to_spec(&spec, &patches);
    if has_errors(&patched.diagnostics) {
        return Err(patched.diagnostics);
    }
    let key = |method: &Descriptor| (method.api, method.method.to_lowercase());
    let known = spec.methods.iter().map(|file| &file.content);
    let mut methods: BTreeMap<_, &Descriptor> = known.map(|method| (key(method), method)).collect();
    methods.extend(patched.descriptors.iter().map(|method| (key(method), method)));
    let methods: Vec<Descriptor> = methods.into_values().cloned().collect();
    let mut events: BTreeMap<String, &Event> =
        spec.events.iter().map(|file| (file.content.event.to_lowercase(), &file.content)).collect();
    events.extend(patched.events.iter().map(|event| (event.event.to_lowercase(), event)));
    let events: Vec<Event> = events.into_values().cloned().collect();
    let (entities, system) = (&patched.entities, patched.system.as_ref());
    let placements = replaced(&spec.placements, &patched.placements, |placement| &placement.placement);
    let handlers = replaced(&spec.handlers, &patched.handlers, |handler| &handler.handler);
    let new = NewSpec {
        methods: &methods,
        placements: &placements,
        handlers: &handlers,
        events: &events,
        entities,
        system,
        source: None,
        freezes_names: true,
    };
    let changes = stage(folder, &spec, new, true)?;
    locked.commit(&changes).map_err(|error| vec![unwritable(folder, &error)])?;
    let written = changes.written.keys().map(|path| folder.join(path).display().to_string()).collect();
    Ok((patched, written))
}

/// The content of files, with that of changed ones in its place.
fn replaced<T: Clone>(files: &[SpecFile<T>], changed: &[T], name: impl Fn(&T) -> &str) -> Vec<T> {
    let known = files.iter().map(|file| (name(&file.content).to_owned(), &file.content));
    let mut all: BTreeMap<String, &T> = known.collect();
    all.extend(changed.iter().map(|changed| (name(changed).to_owned(), changed)));
    all.into_values().cloned().collect()
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
