//! How much a change means for callers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How much a change means for callers, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Code that uses the item may not compile, or always fails.
    Breaking,
    /// There is more to use; everything that compiled still does.
    Additive,
    /// Only documentation and behaviour change.
    Documentation,
}

impl Severity {
    /// All severities, the worst first.
    pub const ALL: [Self; 3] = [Self::Breaking, Self::Additive, Self::Documentation];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Additive => "additive",
            Self::Documentation => "documentation",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|severity| severity.word() == word);
        found.ok_or_else(|| format!("{word:?} is no severity; expected breaking, additive or documentation"))
    }
}
