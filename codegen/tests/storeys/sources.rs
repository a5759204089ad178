//! The source files of a crate.

use std::fs;
use std::path::{Path, PathBuf};

use crate::tokens::{Token, tokens};

/// What generated files begin with.
const GENERATED: &str = "// @generated";

/// A Rust file.
pub(crate) struct SourceFile {
    /// Its path from the root of the project, with `/`.
    pub(crate) path: String,
    /// The path of its module: `["extract", "facts"]`; empty for `lib.rs` and `main.rs`.
    pub(crate) module: Vec<String>,
    pub(crate) text: String,
    /// Its code outside of test modules.
    pub(crate) tokens: Vec<Token>,
}

/// The files below `src/`, without those of tests.
pub(crate) fn without_tests(name: &str) -> Vec<SourceFile> {
    let mut files = files(name, "src");
    files.retain(|file| !file.module.iter().any(|part| part == "tests"));
    files
}

/// The files below `src/` and `tests/`.
pub(crate) fn with_tests(name: &str) -> Vec<SourceFile> {
    let mut all = files(name, "src");
    all.extend(files(name, "tests"));
    all
}

fn files(name: &str, folder: &str) -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let folder = root.join(name).join(folder);
    let mut paths = Vec::new();
    collect(&folder, &mut paths);
    paths.sort();
    let files = paths.iter().map(|path| SourceFile::read(root, &folder, path));
    files.filter(|file| !file.text.starts_with(GENERATED)).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            paths.push(path);
        }
    }
}

impl SourceFile {
    fn read(root: &Path, folder: &Path, path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        let parts = |path: &Path| -> Vec<String> {
            path.iter().map(|part| part.to_string_lossy().into_owned()).collect()
        };
        let mut module = parts(&path.strip_prefix(folder).unwrap().with_extension(""));
        if module.len() == 1 && matches!(module[0].as_str(), "lib" | "main") {
            module.clear();
        }
        let tokens = tokens(&text);
        Self { path: parts(path.strip_prefix(root).unwrap()).join("/"), module, text, tokens }
    }
}
