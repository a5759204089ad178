//! Violations, and who made the mistake.

use std::fmt;

use serde::{Deserialize, Serialize};

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

/// The kind of a violation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The spec has no descriptor of a documented method.
    UnknownMethod,
    /// The generated code does not match the spec.
    Generated,
    /// A request body is not JSON.
    RequestNotJson,
    /// An example calls an unknown method.
    OtherMethod,
    /// A request has a parameter that the descriptor does not list.
    UnknownParameter,
    /// A request lacks a required parameter.
    MissingParameter,
    /// A parameter has a value of the wrong type.
    ParameterType,
    /// A response is not JSON.
    ResponseNotJson,
    /// The generated types cannot decode a response.
    Response,
    /// The descriptor does not list a documented error.
    ErrorCode,
}

impl Kind {
    /// The heading in a report.
    pub fn heading(self) -> &'static str {
        match self {
            Self::UnknownMethod => "methods without a descriptor",
            Self::Generated => "generated code that does not match the spec",
            Self::RequestNotJson => "requests that are not JSON",
            Self::OtherMethod => "requests to unknown methods",
            Self::UnknownParameter => "requests with an unknown parameter",
            Self::MissingParameter => "requests without a required parameter",
            Self::ParameterType => "requests with a value of the wrong type",
            Self::ResponseNotJson => "responses that are not JSON",
            Self::Response => "responses that the generated types cannot decode",
            Self::ErrorCode => "errors that the descriptor does not list",
        }
    }
}

/// The name in the baseline and in JSON.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
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
