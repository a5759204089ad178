//! Changes of a folder that are made completely or not at all.
//!
//! A command locks the folder, prepares its files in memory, and commits them together. A commit stages all files on the same file
//! system first, so that a full disk or a missing permission leaves the folder as it was. Then it takes one of two ways:
//!
//! - `swap`: the staged folder is exchanged with the folder in one step of the file system. The folder has its earlier content or
//!   the new one at any moment.
//! - `journal`: where folders cannot be exchanged (a mount point, some overlays, Windows), a journal lists the staged files, and
//!   each is renamed into place. A commit that is interrupted after the journal is complete is finished by the next command.
//!
//! Files that a commit does not name stay, with their modification times. This module knows paths and bytes. A lost process is the
//! failure that it protects against; it does not wait for the disk.

mod journal;
mod lock;
mod paths;
mod swap;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::{fs, io};

use lock::LockFile;
pub use paths::{PathClash, path_clashes};

/// The files of a commit. Paths are relative to the folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileChanges {
    /// The content of new and changed files.
    pub written: BTreeMap<PathBuf, Vec<u8>>,
    /// The files to remove. A written file of the same path, compared without case, replaces it.
    pub removed: BTreeSet<PathBuf>,
}

impl FileChanges {
    /// Whether a commit changes nothing.
    pub fn is_empty(&self) -> bool {
        self.written.is_empty() && self.removed.is_empty()
    }
}

/// A folder that this process alone changes, until the value is dropped.
#[derive(Debug)]
pub struct LockedFolder {
    folder: PathBuf,
    /// Whether the folder did not exist before.
    is_new: bool,
    _lock: LockFile,
}

impl Drop for LockedFolder {
    fn drop(&mut self) {
        if self.is_new {
            // Fails if the folder has a file.
            let _ = fs::remove_dir(&self.folder);
        }
    }
}

impl LockedFolder {
    /// Creates the folder if it does not exist, and locks it. Waits while another process has the lock, after `waiting` was called.
    /// Finishes or rolls back a commit that was interrupted.
    ///
    /// # Errors
    /// The folder cannot be created or changed.
    pub fn acquire(folder: &Path, waiting: &dyn Fn()) -> io::Result<Self> {
        let is_new = !folder.exists();
        fs::create_dir_all(folder)?;
        let folder = folder.canonicalize()?;
        let lock = LockFile::acquire(&folder, waiting)?;
        let locked = Self { folder, is_new, _lock: lock };
        swap::roll_back(&locked.folder)?;
        journal::finish(&locked.folder)?;
        Ok(locked)
    }

    /// Makes all changes, or none.
    ///
    /// # Errors
    /// The first file that cannot be staged. The folder has its earlier content.
    pub fn commit(&self, changes: &FileChanges) -> io::Result<()> {
        if changes.is_empty() {
            return Ok(());
        }
        match swap::commit(&self.folder, changes) {
            Err(swap::SwapError::Staging(error)) => Err(error),
            Err(swap::SwapError::Impossible) => journal::commit(&self.folder, changes),
            Ok(()) => Ok(()),
        }
    }
}

/// Finishes or rolls back an interrupted commit, for a command that only reads the folder.
///
/// # Errors
/// The commit cannot be finished: the folder is neither its earlier nor its new content.
pub fn recover(folder: &Path) -> io::Result<()> {
    if journal::is_pending(folder) {
        LockedFolder::acquire(folder, &|| {})?;
    }
    Ok(())
}

/// Replaces one file in one step.
///
/// # Errors
/// The file cannot be written. It has its earlier content.
pub fn replace_file(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".staged");
    let staged = path.with_file_name(name);
    let result = write_new(&staged, content).and_then(|()| fs::rename(&staged, path));
    if result.is_err() {
        let _ = fs::remove_file(&staged);
    }
    result
}

/// Writes a file that does not exist yet, or that an interrupted command left.
fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create(path)?;
    file.write_all(content)?;
    file.flush()
}

/// The path of a hidden file or folder beside a folder.
fn beside(folder: &Path, ending: &str) -> Option<PathBuf> {
    let name = folder.file_name()?.to_string_lossy();
    Some(folder.with_file_name(format!(".{name}.{ending}")))
}

/// Removes a folder with all that is in it, if it exists.
fn remove_folder(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}
