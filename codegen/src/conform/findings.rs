//! What does not fit, and whose mistake it is.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::request::Violation;
use crate::descriptor::{Api, Descriptor};
use crate::diagnostic::SourceText;

/// One thing that does not fit.
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
    /// What kind of thing it is.
    pub kind: Kind,
    /// The place inside of the example, or the code of the error; empty for the whole of it.
    pub at: String,
    /// What is wrong, in one sentence.
    pub what: String,
    /// Who has made the mistake.
    pub attribution: Attribution,
    /// Why it is expected, where it is.
    pub known: Option<String>,
}

/// What kind of thing does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A documented method that the spec does not have.
    UnknownMethod,
    /// The generated code lacks what the spec has.
    Generated,
    /// The body of a request is no JSON.
    RequestNotJson,
    /// An example calls something that is no method.
    OtherMethod,
    /// A request has a parameter that the descriptor does not have.
    UnknownParameter,
    /// A request lacks a parameter that the descriptor wants.
    MissingParameter,
    /// A parameter has a value of another type.
    ParameterType,
    /// An answer is no JSON.
    ResponseNotJson,
    /// An answer cannot be read by the generated types.
    Response,
    /// A documented error that the descriptor does not have.
    ErrorCode,
}

impl Kind {
    /// The kind as a heading for those who read a report.
    pub fn heading(self) -> &'static str {
        match self {
            Self::UnknownMethod => "methods that the spec does not have",
            Self::Generated => "generated code that is not what the spec says",
            Self::RequestNotJson => "requests that are no JSON",
            Self::OtherMethod => "requests to something that is no method",
            Self::UnknownParameter => "requests with a parameter that the descriptor does not have",
            Self::MissingParameter => "requests without a parameter that the descriptor wants",
            Self::ParameterType => "requests with a value of another type",
            Self::ResponseNotJson => "answers that are no JSON",
            Self::Response => "answers that the generated types cannot read",
            Self::ErrorCode => "errors that the descriptor does not have",
        }
    }
}

/// The word by which the list of known mistakes and programs name it.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// Who has made a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Attribution {
    /// The page contradicts itself, or what it shows is broken.
    Documentation,
    /// The page says it, and the spec does not.
    Spec,
    /// Cannot be told without looking.
    Unclear,
}

impl fmt::Display for Attribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Documentation => "the documentation's mistake",
            Self::Spec => "the spec's mistake",
            Self::Unclear => "unclear whose mistake",
        })
    }
}

impl Finding {
    /// Where it stands; for sorting.
    pub(super) fn sort_key(&self) -> (Kind, &str, usize, &str) {
        (self.kind, &self.file, self.line, &self.at)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {} ({})", self.file, self.line, self.method, self.what, self.attribution)
    }
}

/// Whose mistake a request is that does not fit its descriptor, as far as the page itself tells: its tables print the names
/// of parameters in bold, with a star behind those that are required.
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
