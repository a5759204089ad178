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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::transaction::{LockedFolder, recover};

    type Content = BTreeMap<String, String>;

    fn content(folder: &Path) -> io::Result<Content> {
        let mut content = Content::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.path().is_dir() {
                let inner = self::content(&entry.path())?;
                content.extend(inner.into_iter().map(|(file, text)| (format!("{name}/{file}"), text)));
            } else {
                content.insert(name, fs::read_to_string(entry.path())?);
            }
        }
        Ok(content)
    }

    fn known(files: &[(&str, &str)]) -> Content {
        files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    fn changes() -> FileChanges {
        let written = [("a", "new"), ("b/c", "new"), ("Moved", "new")];
        FileChanges {
            written: written.iter().map(|(path, text)| (path.into(), text.as_bytes().to_vec())).collect(),
            removed: [PathBuf::from("gone"), PathBuf::from("moved")].into(),
        }
    }

    fn folder() -> io::Result<tempfile::TempDir> {
        let folder = tempfile::tempdir()?;
        for (name, text) in [("a", "old"), ("gone", "old"), ("moved", "old"), ("stays", "old")] {
            fs::write(folder.path().join(name), text)?;
        }
        Ok(folder)
    }

    #[test]
    fn a_commit_that_is_interrupted_anywhere_is_finished_or_forgotten() -> io::Result<()> {
        let after = known(&[("Moved", "new"), ("a", "new"), ("b/c", "new"), ("stays", "old")]);
        for step in 0..=5 {
            let folder = folder()?;
            let (path, staged) = (folder.path(), folder.path().join(FOLDER));
            let before = content(path)?;
            stage(path, &staged, &changes())?;
            let (from, to) = (|name: &str| staged.join(name), |name: &str| path.join(name));
            let steps: [&dyn Fn() -> io::Result<()>; 5] = [
                &|| fs::remove_file(to("gone")),
                &|| fs::rename(to("moved"), to("Moved")),
                &|| fs::rename(from("0"), to("Moved")),
                &|| fs::rename(from("1"), to("a")),
                &|| fs::rename(from("2"), to("b/c")),
            ];
            steps.into_iter().take(step).try_for_each(|make| make())?;
            if step == 0 {
                fs::remove_file(staged.join(JOURNAL))?;
            }
            if step == 0 {
                recover(path)?;
                drop(LockedFolder::acquire(path, &|| {})?);
                assert_eq!(content(path)?, before);
            } else {
                recover(path)?;
                assert_eq!(content(path)?, after, "step {step}");
            }
            assert!(!staged.exists());
        }
        Ok(())
    }

    #[test]
    fn both_ways_of_a_commit_give_the_same_folder() -> io::Result<()> {
        let (first, second) = (folder()?, folder()?);
        LockedFolder::acquire(first.path(), &|| {})?.commit(&changes())?;
        commit(second.path(), &changes())?;
        assert_eq!(content(first.path())?, content(second.path())?);
        Ok(())
    }
}
