//! Folders of generated files: comparison with the expected content, and updates.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::diagnostic::Diagnostic;
use crate::emit::{Files, GENERATED_MARKER};
use crate::transaction::{FileChanges, LockedFolder};

/// A folder with only generated files.
#[derive(Debug)]
pub struct OutputFolder {
    /// The folder, relative to the project.
    pub folder: PathBuf,
    /// The expected files.
    pub files: Files,
}

/// The differences between a folder and its expected content. Paths are relative to the project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// New and changed files.
    pub written: Vec<PathBuf>,
    /// Files that are not expected.
    pub removed: Vec<PathBuf>,
}

impl Changes {
    /// Whether there are no differences.
    pub fn is_empty(&self) -> bool {
        self.written.is_empty() && self.removed.is_empty()
    }
}

impl OutputFolder {
    /// Compares the folder below `root` with the expected content.
    ///
    /// # Errors
    /// Files that cannot be read, and files without the marker of generated files: they are never removed.
    pub fn changes(&self, root: &Path) -> Result<Changes, Vec<Diagnostic>> {
        let mut problems = Vec::new();
        let mut changes = Changes::default();
        let present = match present_files(&root.join(&self.folder)) {
            Ok(present) => present,
            Err(error) => return Err(vec![io_problem(&self.folder, "cannot be read", &error)]),
        };
        for path in present.iter().filter(|path| !self.files.contains_key(*path)) {
            let path = self.folder.join(path);
            match fs::read_to_string(root.join(&path)) {
                Ok(text) if text.starts_with(GENERATED_MARKER) => changes.removed.push(path),
                Ok(_) => problems.push(foreign(&path)),
                Err(error) => problems.push(io_problem(&path, "cannot be read", &error)),
            }
        }
        for (path, text) in &self.files {
            let path = self.folder.join(path);
            let same = fs::read(root.join(&path)).is_ok_and(|present| present == text.as_bytes());
            if !same {
                changes.written.push(path);
            }
        }
        if problems.is_empty() { Ok(changes) } else { Err(problems) }
    }

    /// Applies all changes, or none. Other files keep their modification time, so that builds are not repeated.
    ///
    /// # Errors
    /// Files that cannot be written or removed.
    pub fn apply(&self, root: &Path, changes: &Changes) -> Result<(), Vec<Diagnostic>> {
        if changes.is_empty() {
            return Ok(());
        }
        let below = |path: &PathBuf| path.strip_prefix(&self.folder).ok().map(Path::to_owned);
        let content = |path: PathBuf| {
            let text = self.files.get(&slashed(&path))?;
            Some((path, text.clone().into_bytes()))
        };
        let files = FileChanges {
            written: changes.written.iter().filter_map(below).filter_map(content).collect(),
            removed: changes.removed.iter().filter_map(below).collect(),
        };
        LockedFolder::acquire(&root.join(&self.folder), &|| {})
            .and_then(|folder| folder.commit(&files))
            .map_err(|error| vec![io_problem(&self.folder, "cannot be written", &error)])
    }
}

/// The files below a folder, relative to it. Empty if the folder does not exist.
fn present_files(folder: &Path) -> io::Result<BTreeSet<String>> {
    let mut files = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        let entries = match fs::read_dir(&current) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries?,
        };
        for entry in entries {
            let path = entry?.path();
            if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(path) = path.strip_prefix(folder) {
                files.insert(slashed(path));
            }
        }
    }
    Ok(files)
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

fn foreign(path: &Path) -> Diagnostic {
    Diagnostic::error(format!("{} is in a folder of generated files, but is not generated", path.display()))
        .expecting("the file in a folder that is not generated")
}

fn io_problem(path: &Path, what: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::error(format!("{} {what}: {error}", path.display()))
}
