//! Folders of generated files: what should be in them, what is, and how one becomes the other.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::diagnostic::Diagnostic;
use crate::emit::{Files, GENERATED_MARKER};

/// A folder that holds generated files and nothing else.
#[derive(Debug)]
pub struct OutputFolder {
    /// The folder, relative to the project.
    pub folder: PathBuf,
    /// What it should hold.
    pub files: Files,
}

/// How a folder differs from what it should hold; paths relative to the project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files that are new or differ.
    pub written: Vec<PathBuf>,
    /// Files that should not be there.
    pub removed: Vec<PathBuf>,
}

impl Changes {
    /// Whether the folder is as it should be.
    pub fn is_empty(&self) -> bool {
        self.written.is_empty() && self.removed.is_empty()
    }
}

impl OutputFolder {
    /// What would have to change below `root`.
    ///
    /// # Errors
    /// What cannot be read, and files that nobody has generated: they are not removed, and must not be there.
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

    /// Makes the changes. Files that are as they should be are not touched, so that builds see no newer time.
    ///
    /// # Errors
    /// What cannot be written.
    pub fn apply(&self, root: &Path, changes: &Changes) -> Result<(), Vec<Diagnostic>> {
        for path in &changes.written {
            let text = path.strip_prefix(&self.folder).ok().and_then(|path| self.files.get(&slashed(path)));
            let write = |text: &String| {
                fs::create_dir_all(root.join(path).parent().unwrap_or(root))?;
                fs::write(root.join(path), text)
            };
            if let Some(Err(error)) = text.map(write) {
                return Err(vec![io_problem(path, "cannot be written", &error)]);
            }
        }
        for path in &changes.removed {
            if let Err(error) = fs::remove_file(root.join(path)) {
                return Err(vec![io_problem(path, "cannot be removed", &error)]);
            }
            remove_empty_folders(root.join(path).parent(), &root.join(&self.folder));
        }
        Ok(())
    }
}

/// The files below a folder, relative to it; none where there is no such folder.
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
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(path) = path.strip_prefix(folder) {
                files.insert(slashed(path));
            }
        }
    }
    Ok(files)
}

/// Removes folders that have become empty, up to the one that is generated as a whole.
fn remove_empty_folders(mut folder: Option<&Path>, top: &Path) {
    while let Some(empty) = folder.filter(|folder| *folder != top) {
        // It fails where the folder still holds something, and that is the end of it.
        if fs::remove_dir(empty).is_err() {
            return;
        }
        folder = empty.parent();
    }
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

fn foreign(path: &Path) -> Diagnostic {
    Diagnostic::error(format!(
        "{} is in a folder of generated files, but nobody has generated it",
        path.display()
    ))
    .expecting("the file somewhere else: it is neither kept here nor deleted")
}

fn io_problem(path: &Path, what: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::error(format!("{} {what}: {error}", path.display()))
}
