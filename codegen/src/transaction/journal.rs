//! Commits by a journal: the changed files are staged inside the folder, a journal lists them, and each is renamed into place.
//!
//! The journal is complete once it has its name. From then on the commit can only be finished, and every step can be repeated.

use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::{Deserialize, Serialize};

use super::paths::folded;
use super::{FileChanges, remove_folder, write_new};

/// The folder of staged files, inside the changed folder.
const FOLDER: &str = ".transaction";

/// The journal in that folder. The staged files beside it are named by their numbers.
const JOURNAL: &str = "journal";

/// The files of a commit, with `/` between the parts of their paths.
#[derive(Debug, Serialize, Deserialize)]
struct Journal {
    written: Vec<String>,
    removed: Vec<String>,
}

/// Whether a commit was interrupted after its journal was complete.
pub(super) fn is_pending(folder: &Path) -> bool {
    folder.join(FOLDER).join(JOURNAL).exists()
}

/// Stages the changes and makes them.
pub(super) fn commit(folder: &Path, changes: &FileChanges) -> io::Result<()> {
    let staged = folder.join(FOLDER);
    let result = stage(folder, &staged, changes);
    if result.is_err() && !is_pending(folder) {
        remove_folder(&staged)?;
        return result;
    }
    finish(folder)
}

/// Finishes an interrupted commit with a complete journal, and removes one without.
pub(super) fn finish(folder: &Path) -> io::Result<()> {
    let staged = folder.join(FOLDER);
    if is_pending(folder) {
        let text = fs::read_to_string(staged.join(JOURNAL))?;
        let journal: Journal = serde_json::from_str(&text)?;
        apply(folder, &staged, &journal)?;
        fs::remove_file(staged.join(JOURNAL))?;
    }
    remove_folder(&staged)
}

/// Writes the staged files, the folders that they need, and the journal. A complete journal needs no more space to be finished.
fn stage(folder: &Path, staged: &Path, changes: &FileChanges) -> io::Result<()> {
    fs::create_dir_all(staged)?;
    for (number, (path, content)) in changes.written.iter().enumerate() {
        write_new(&staged.join(number.to_string()), content)?;
        folder.join(path).parent().map_or(Ok(()), fs::create_dir_all)?;
    }
    let slashed = |path: &PathBuf| path.to_string_lossy().replace('\\', "/");
    let journal = Journal {
        written: changes.written.keys().map(slashed).collect(),
        removed: changes.removed.iter().map(slashed).collect(),
    };
    let incomplete = staged.join("journal.staged");
    write_new(&incomplete, &serde_json::to_vec(&journal)?)?;
    fs::rename(incomplete, staged.join(JOURNAL))
}

/// Makes the changes of a journal. Those that are made already are left out.
fn apply(folder: &Path, staged: &Path, journal: &Journal) -> io::Result<()> {
    for path in &journal.removed {
        let renamed =
            journal.written.iter().find(|written| folded(Path::new(written)) == folded(Path::new(path)));
        let gone = match renamed {
            // On a file system without case both are one file, which is not removed.
            Some(written) => fs::rename(folder.join(path), folder.join(written)),
            None => fs::remove_file(folder.join(path)),
        };
        allow_missing(gone)?;
    }
    for (number, path) in journal.written.iter().enumerate() {
        allow_missing(fs::rename(staged.join(number.to_string()), folder.join(path)))?;
    }
    Ok(())
}

fn allow_missing(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}
