//! Commits by exchanging folders: all files of the folder are linked into a staged folder beside it, the changed ones are written
//! there, and the two folders change places in one step.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use same_file::is_same_file;

use super::paths::folded;
use super::{FileChanges, beside, remove_folder, write_new};

/// Why a folder was not exchanged.
pub(super) enum SwapError {
    /// A file cannot be staged.
    Staging(io::Error),
    /// The file system cannot exchange the folder.
    Impossible,
}

/// Removes what an interrupted commit left: an incomplete staged folder, or the earlier folder after the exchange.
pub(super) fn roll_back(folder: &Path) -> io::Result<()> {
    beside(folder, STAGED).map_or(Ok(()), |staged| remove_folder(&staged))
}

const STAGED: &str = "staged";

/// Stages a folder with the changes and exchanges it.
pub(super) fn commit(folder: &Path, changes: &FileChanges) -> Result<(), SwapError> {
    let staged = beside(folder, STAGED).ok_or(SwapError::Impossible)?;
    if fs::create_dir(&staged).is_err() {
        return Err(SwapError::Impossible);
    }
    let result = stage(folder, &staged, changes).map_err(SwapError::Staging).and_then(|()| {
        exchange(&staged, folder).map_err(|_| SwapError::Impossible)?;
        keep_replaced(&staged, folder, changes);
        Ok(())
    });
    // After the exchange this is the earlier folder. If it cannot be removed, the next command does.
    let _ = remove_folder(&staged);
    result
}

/// Links all files that stay into the staged folder, and writes the others.
fn stage(folder: &Path, staged: &Path, changes: &FileChanges) -> io::Result<()> {
    fs::set_permissions(staged, fs::metadata(folder)?.permissions())?;
    let written: BTreeSet<String> = changes.written.keys().map(|path| folded(path)).collect();
    let is_written = |path: &Path| written.contains(&folded(path)) && is_one_file(folder, path, changes);
    for path in files_below(folder)? {
        if !changes.removed.contains(&path) && !is_written(&path) {
            let target = staged.join(&path);
            create_parent(&target)?;
            let source = folder.join(&path);
            if fs::hard_link(&source, &target).is_err() {
                fs::copy(&source, &target)?;
            }
        }
    }
    for (path, content) in &changes.written {
        let target = staged.join(path);
        create_parent(&target)?;
        write_new(&target, content)?;
    }
    Ok(())
}

/// Whether a file is the one that a commit writes: by its exact path, or on a file system without case.
fn is_one_file(folder: &Path, path: &Path, changes: &FileChanges) -> bool {
    let same = |written: &&PathBuf| folded(written) == folded(path);
    changes.written.contains_key(path)
        || changes
            .written
            .keys()
            .filter(same)
            .any(|written| is_same_file(folder.join(path), folder.join(written)).unwrap_or(false))
}

/// Takes over the files that were written by others during the commit: those of the earlier folder that are not the linked ones.
fn keep_replaced(earlier: &Path, folder: &Path, changes: &FileChanges) {
    for path in files_below(earlier).unwrap_or_default() {
        let of_commit = changes.written.contains_key(&path) || changes.removed.contains(&path);
        let (earlier, present) = (earlier.join(&path), folder.join(&path));
        let is_same = is_same_file(&earlier, &present).unwrap_or(false);
        let is_newer = || {
            let modified = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
            modified(&earlier) > modified(&present)
        };
        if !of_commit && !is_same && is_newer() && create_parent(&present).is_ok() {
            let _ = fs::rename(&earlier, &present);
        }
    }
}

/// The files below a folder, relative to it. Symbolic links to files are files.
fn files_below(top: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(top.join(&folder))? {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    Ok(files)
}

fn create_parent(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn exchange(staged: &Path, folder: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, staged, CWD, folder, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn exchange(_staged: &Path, _folder: &Path) -> io::Result<()> {
    Err(io::Error::from(io::ErrorKind::Unsupported))
}
