//! The type of a rule, and the macro that declares the rules of a file.

use serde::{Serialize, Serializer};

/// One thing that the importer knows about the documentation.
#[derive(Debug)]
pub struct Rule {
    /// The id of the rule, and the name of its folder in `codegen/tests/rules/`.
    pub id: &'static str,
    /// What the rule reads.
    pub reads: Reads,
    /// The keys of a descriptor that the rule claims, separated by commas.
    pub claims: &'static str,
    /// The text of its declaration.
    pub(crate) text: &'static str,
}

impl Rule {
    /// The rule in one sentence.
    pub fn summary(&self) -> &str {
        self.text.trim()
    }
}

/// Ids are unique.
impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// A rule is serialized as its id.
impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id)
    }
}

/// The part of the documentation that a rule reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are enough")]
pub enum Reads {
    Document,
    SeveralDocuments,
    Preamble,
    Heading,
    Sentence,
    Link,
    ParameterTable,
    ResultTable,
    ErrorTable,
    LimitTable,
    RequestBody,
    ResponseBody,
    Code,
    RecordedTraffic,
}

impl Reads {
    /// The words for a table of rules.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::SeveralDocuments => "several documents",
            Self::Preamble => "preamble",
            Self::Heading => "heading",
            Self::Sentence => "sentence",
            Self::Link => "link",
            Self::ParameterTable => "parameter table",
            Self::ResultTable => "result table",
            Self::ErrorTable => "error table",
            Self::LimitTable => "table of limits",
            Self::RequestBody => "request body",
            Self::ResponseBody => "response body",
            Self::Code => "code",
            Self::RecordedTraffic => "recorded traffic",
        }
    }
}

/// Declares the rules of a file: a static for each, and all of them as `RULES`.
///
/// ```text
/// register! {
///     /// A star behind a name means required.
///     REQUIRED_MARK: "required_mark", ParameterTable, "params/required";
/// }
/// ```
macro_rules! register {
    ($($(#[doc = $text:literal])+ $name:ident: $id:literal, $reads:ident, $claims:literal;)+) => {
        $(
            $(#[doc = $text])+
            pub(crate) static $name: $crate::extract::register::rule::Rule = $crate::extract::register::rule::Rule {
                id: $id,
                reads: $crate::extract::register::rule::Reads::$reads,
                claims: $claims,
                text: concat!($($text),+),
            };
        )+

        /// The rules of this file.
        pub(super) static RULES: &[&$crate::extract::register::rule::Rule] = &[$(&$name),+];
    };
}
pub(crate) use register;
