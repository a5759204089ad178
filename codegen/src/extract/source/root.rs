//! The root of the documentation: the folder below which the paths of pages are the same in a clone, an archive and a part.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// The table of contents, in the root of the documentation.
pub(super) const CONTENTS: &str = "toc.yaml";

/// The folder of the reference, in the root of the documentation.
const REFERENCE: &str = "api-reference";

/// The folder of archives that macOS adds, with files that are no documents.
const RESOURCE_FORKS: &str = "__MACOSX";

/// The root of the documentation, and the folder inside it that is read.
pub(super) struct Layout {
    pub(super) root: PathBuf,
    /// The folder below the root, with a `/` at the end; empty for the root.
    pub(super) part: String,
}

impl Layout {
    /// Finds the root from a folder: the folder itself, or below folders that contain nothing else, or above it. A folder without
    /// any of them is a root.
    pub(super) fn of(dir: &Path) -> io::Result<Self> {
        if let Some(root) = wrapped(dir)? {
            return Ok(Self { root, part: String::new() });
        }
        let here = dir.canonicalize()?;
        let around = here.ancestors().skip(1).find(|above| {
            let in_reference = here.starts_with(above.join(REFERENCE));
            above.join(REFERENCE).is_dir() && (in_reference || above.join(CONTENTS).is_file())
        });
        let inside = around.and_then(|root| Some((root, here.strip_prefix(root).ok()?)));
        Ok(match inside {
            Some((root, part)) => Self { root: root.to_owned(), part: format!("{}/", slashed(part)) },
            None => Self { root: dir.to_owned(), part: String::new() },
        })
    }
}

/// The root that a folder is, or that it contains and nothing else.
fn wrapped(dir: &Path) -> io::Result<Option<PathBuf>> {
    let mut folder = dir.to_owned();
    loop {
        if folder.join(CONTENTS).is_file() || folder.join(REFERENCE).is_dir() {
            return Ok(Some(folder));
        }
        let mut inside = entries(&folder)?.into_iter();
        match (inside.next(), inside.next()) {
            (Some((_, only)), None) if only.file_type()?.is_dir() => folder = only.path(),
            _ => return Ok(None),
        }
    }
}

/// The entries of a folder that are not hidden, with their names.
pub(super) fn entries(folder: &Path) -> io::Result<Vec<(String, fs::DirEntry)>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && name != RESOURCE_FORKS {
            entries.push((name, entry));
        }
    }
    Ok(entries)
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
