//! Paths as file systems without case compare them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Two paths that are one on a file system without case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathClash {
    /// The first path, a file or a folder.
    pub first: PathBuf,
    /// The other path.
    pub second: PathBuf,
}

/// The files, and the folders around them, that are one file or one folder on a file system without case.
pub fn path_clashes<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Vec<PathClash> {
    let mut known: BTreeMap<String, &Path> = BTreeMap::new();
    let mut clashes = Vec::new();
    for path in paths {
        let parts = path.ancestors().filter(|part| !part.as_os_str().is_empty());
        for part in parts {
            let first = *known.entry(folded(part)).or_insert(part);
            let clash = PathClash { first: first.to_owned(), second: part.to_owned() };
            if first != part && !clashes.contains(&clash) {
                clashes.push(clash);
            }
        }
    }
    clashes
}

/// A path without case, with `/` between its parts.
pub(super) fn folded(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_folders_that_differ_in_case_only_clash() {
        let clashes = |paths: &[&str]| {
            let clashes = path_clashes(paths.iter().map(Path::new));
            let shown = |clash: PathClash| {
                format!("{} {}", clash.first.to_string_lossy(), clash.second.to_string_lossy())
            };
            clashes.into_iter().map(shown).collect::<Vec<_>>()
        };
        assert_eq!(clashes(&["zoo/a.yaml", "zoo/b.yaml", "v3/zoo/a.yaml"]), [""; 0]);
        assert_eq!(clashes(&["zoo/a.yaml", "zoo/A.yaml"]), ["zoo/a.yaml zoo/A.yaml"]);
        assert_eq!(clashes(&["zoo/a.yaml", "Zoo/b.yaml", "Zoo/c.yaml"]), ["zoo Zoo"]);
        assert_eq!(clashes(&["Ä.yaml", "ä.yaml"]), ["Ä.yaml ä.yaml"]);
    }
}
