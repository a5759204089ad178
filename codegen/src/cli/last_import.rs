//! The record of the last import, for the counts of `cargo spec rules` and the default folder of `cargo spec explain`.
//!
//! The record is in `target/`, since it applies to one machine only: another one has the documentation elsewhere.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use bitrix24_codegen::extract::Import;
use bitrix24_codegen::transaction::replace_file;
use serde::{Deserialize, Serialize};

/// The path of the record below the project.
const FILE: &str = "target/spec/last-import.json";

/// The input of the last import, and how often each rule fired.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct LastImport {
    /// The folder of documents.
    pub(super) docs: PathBuf,
    /// The folder of patches.
    pub(super) patches: Option<PathBuf>,
    /// The files of recorded traffic, those of the project apart.
    #[serde(default)]
    pub(super) recorded: Vec<PathBuf>,
    /// How often each rule fired.
    pub(super) rules: BTreeMap<String, usize>,
}

impl LastImport {
    pub(super) fn of(docs: &Path, patches: Option<&Path>, recorded: &[PathBuf], import: &Import) -> Self {
        let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let rules = import.report.rules.iter().map(|(rule, count)| ((*rule).to_owned(), *count)).collect();
        Self {
            docs: absolute(docs),
            patches: patches.map(absolute),
            recorded: recorded.iter().map(|path| absolute(path)).collect(),
            rules,
        }
    }

    /// Saves the record. Errors are ignored, since the record is only a convenience.
    pub(super) fn save(&self, root: &Path) {
        let path = root.join(FILE);
        let folder = path.parent().map(fs::create_dir_all);
        if let (Some(Ok(())), Ok(text)) = (folder, serde_json::to_string_pretty(self)) {
            let _ = replace_file(&path, text.as_bytes());
        }
    }

    /// Loads the record of this project; `None` without one.
    pub(super) fn load(root: &Path) -> Option<Self> {
        serde_json::from_str(&fs::read_to_string(root.join(FILE)).ok()?).ok()
    }
}
