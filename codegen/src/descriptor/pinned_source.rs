//! `spec/source.yaml`: the documentation that the descriptors were imported from.

use serde::{Deserialize, Serialize};

/// The name of the file below `spec/`.
pub const SOURCE_FILE: &str = "source.yaml";

/// The documentation of the last import of all methods.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinnedSource {
    /// The repository: an address without credentials, or `owner/name`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The date of the commit, as in `2026-07-01`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The number of pages.
    pub pages: usize,
    /// The number of includes that lead to no fragment.
    #[serde(default)]
    pub broken_includes: usize,
    /// The hash of the pages and their paths.
    pub hash: String,
}
