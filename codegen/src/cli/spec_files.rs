//! Reads patches and recorded traffic, and locks the folder of the descriptors.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use bitrix24_codegen::diagnostic::{Diagnostic, SourceText};
use bitrix24_codegen::recorded::{RECORDED_ENDING, Recorded, read_recorded};
use bitrix24_codegen::transaction::LockedFolder;

use super::console::Console;

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

/// Locks a folder of descriptors for a command that changes it.
pub(super) fn lock(folder: &Path, console: &Console) -> Result<LockedFolder, Vec<Diagnostic>> {
    let waiting = || console.print("another command changes the descriptors; waiting until it is done");
    LockedFolder::acquire(folder, &waiting).map_err(|error| vec![unwritable(folder, &error)])
}

pub(super) fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::error(format!("{} cannot be read: {error}", path.display()))
}

pub(super) fn unwritable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::error(format!("{} cannot be written: {error}", path.display()))
}
