//! Violations, and who made the mistake.

use std::fmt;

use serde::Serialize;

use super::kind::Kind;
use super::request::Violation;
use crate::descriptor::{Api, Descriptor};
use crate::diagnostic::SourceText;

/// A violation in a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The document.
    pub file: String,
    /// The line of the example or of the row.
    pub line: usize,
    /// The interface of the method.
    pub api: Api,
    /// The method.
    pub method: String,
    /// The kind.
    pub kind: Kind,
    /// The path inside the example, or the code of the error. Empty for the whole example.
    pub at: String,
    /// The message, one sentence.
    pub what: String,
    /// Who made the mistake.
    pub attribution: Attribution,
    /// The reason in the baseline, if it is listed there.
    pub known: Option<String>,
}

/// Who made a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Attribution {
    /// The documentation: the page contradicts itself, or an example is broken.
    Documentation,
    /// The spec: it differs from the page.
    Spec,
    /// Unknown without a review.
    Unclear,
}

impl fmt::Display for Attribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Documentation => "error in the documentation",
            Self::Spec => "error in the spec",
            Self::Unclear => "cause unknown",
        })
    }
}

impl Finding {
    /// The sort key.
    pub(super) fn sort_key(&self) -> (Kind, &str, usize, &str) {
        (self.kind, &self.file, self.line, &self.at)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {} ({})", self.file, self.line, self.method, self.what, self.attribution)
    }
}

/// Attributes a violation in a request, by the tables of the page: names of parameters are bold, and required ones have a star
/// after the name.
pub(super) fn attribute(page: &SourceText, descriptor: &Descriptor, violation: &Violation) -> Attribution {
    let name = violation.path.rsplit('.').next().unwrap_or_default();
    let listed = || page.text.contains(&format!("**{name}"));
    let starred = || [format!("**{name}*"), format!("**{name}^")].iter().any(|mark| page.text.contains(mark));
    match violation.kind {
        Kind::UnknownParameter if listed() => Attribution::Spec,
        Kind::UnknownParameter => Attribution::Documentation,
        Kind::MissingParameter if violation.path.is_empty() => Attribution::Unclear,
        Kind::MissingParameter if starred() => Attribution::Documentation,
        Kind::MissingParameter if descriptor.required_unknown => Attribution::Unclear,
        Kind::MissingParameter => Attribution::Spec,
        Kind::ParameterType if violation.placeholder => Attribution::Documentation,
        _ => Attribution::Unclear,
    }
}
