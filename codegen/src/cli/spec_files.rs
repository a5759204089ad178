//! Reads patches and writes descriptors.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use bitrix24_codegen::descriptor::{
    Descriptor, Entities, PinnedSource, SOURCE_FILE, SYSTEM_FILE, Spec, SystemDescriptor, descriptor_path,
    entity_path, render_descriptor, render_entity, render_source, render_system,
};
use bitrix24_codegen::diagnostic::{Diagnostic, SourceText};
use bitrix24_codegen::recorded::{RECORDED_ENDING, Recorded, read_recorded};
use rayon::prelude::*;

/// Reads the patch files of a folder. Their paths are relative to `spec/`, as in `sources`.
pub(super) fn read_patches(folder: &Path) -> Result<Vec<Arc<SourceText>>, Vec<Diagnostic>> {
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

/// The folder of recorded traffic that every import reads, below the folder of the descriptors.
const RECORDED: &str = "recorded";

/// Reads recorded traffic: the files of `recorded/` in the folder of the descriptors, by name, and then the given ones.
pub(super) fn read_recorded_files(spec: &Path, given: &[PathBuf]) -> Result<Vec<Recorded>, Vec<Diagnostic>> {
    let folder = spec.join(RECORDED);
    let mut files = Vec::new();
    if folder.is_dir() {
        let entries = fs::read_dir(&folder).map_err(|error| vec![unreadable(&folder, &error)])?;
        for entry in entries {
            let path = entry.map_err(|error| vec![unreadable(&folder, &error)])?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.extension().is_some_and(|ending| ending == RECORDED_ENDING) {
                files.push((format!("{RECORDED}/{name}"), path));
            }
        }
        files.sort();
    }
    files.extend(given.iter().map(|path| (path.display().to_string(), path.clone())));
    let (mut lines, mut problems) = (Vec::new(), Vec::new());
    for (name, path) in files {
        let text = fs::read_to_string(&path).map_err(|error| vec![unreadable(&path, &error)])?;
        lines.extend(read_recorded(&SourceText::new(name, text), &mut problems));
    }
    if problems.is_empty() { Ok(lines) } else { Err(problems) }
}

/// Writes the descriptors that differ from their files. The scope and the name of a descriptor determine its path; if the path
/// changes, the earlier file is removed. Files of other entities than the given ones are removed. Returns the written files.
pub(super) fn write_spec(
    out: &Path,
    existing: &Spec,
    descriptors: &[Descriptor],
    entities: &Entities,
    system: Option<&SystemDescriptor>,
) -> Result<Vec<String>, Vec<Diagnostic>> {
    let earlier: HashMap<_, &str> = existing
        .methods
        .iter()
        .map(|file| ((file.content.api, file.content.method.to_lowercase()), file.source.path.as_str()))
        .collect();
    let texts: Vec<_> =
        descriptors.par_iter().map(|descriptor| render_descriptor(descriptor, entities)).collect();
    let mut written = Vec::new();
    for entity in entities.iter() {
        write_if_changed(&out.join(entity_path(entity)), &render_entity(entity)?, &mut written)?;
    }
    for file in
        existing.entities.iter().filter(|file| entities.get(file.content.api, &file.content.entity).is_none())
    {
        let gone = out.join(entity_path(&file.content));
        fs::remove_file(&gone).map_err(|error| vec![unwritable(&gone, &error)])?;
    }
    for (descriptor, text) in descriptors.iter().zip(texts) {
        let path = out.join(descriptor_path(descriptor));
        write_if_changed(&path, &text?, &mut written)?;
        match earlier.get(&(descriptor.api, descriptor.method.to_lowercase())).map(Path::new) {
            Some(earlier) if earlier != path => {
                fs::remove_file(earlier).map_err(|error| vec![unwritable(earlier, &error)])?;
            }
            _ => {}
        }
    }
    if let Some(system) = system {
        write_if_changed(&out.join(SYSTEM_FILE), &render_system(system)?, &mut written)?;
    }
    Ok(written)
}

/// Writes the pinned source if it differs.
pub(super) fn write_source(
    out: &Path,
    source: &PinnedSource,
    written: &mut Vec<String>,
) -> Result<(), Vec<Diagnostic>> {
    write_if_changed(&out.join(SOURCE_FILE), &render_source(source)?, written)
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

pub(super) fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::error(format!("{} cannot be read: {error}", path.display()))
}

fn unwritable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::error(format!("{} cannot be written: {error}", path.display()))
}
