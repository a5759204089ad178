//! What became of each document, what could not be known, and which patches were applied.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::descriptor::SourceForm;
use crate::diagnostic::{Diagnostic, Severity};
use crate::extract::source::page_kind::PageKind;

/// The report of an import.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// How many documents there were.
    pub documents: usize,
    /// Those that became part of a descriptor, by path.
    pub read: Vec<ReadDocument>,
    /// Those that did not, by path.
    pub skipped: Vec<SkippedDocument>,
    /// How many there were of each kind.
    pub kinds: BTreeMap<PageKind, usize>,
    /// What is wrong, and what could not be known, by file and line.
    #[serde(serialize_with = "as_json")]
    pub diagnostics: Vec<Diagnostic>,
    /// The patches that were applied.
    pub patches_applied: Vec<PatchUse>,
    /// The patches that had nothing to be applied to this time.
    pub patches_left_alone: Vec<PatchUse>,
    /// How often each rule fired, by its name.
    pub rules: BTreeMap<&'static str, usize>,
}

/// A document that became part of a descriptor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReadDocument {
    /// Its path.
    pub file: String,
    /// The form that it came in.
    pub form: SourceForm,
    /// What it is about.
    pub kind: PageKind,
    /// Whether it had front-matter as well.
    pub front_matter: bool,
    /// The method that it is about; `None` for a page about the system alone.
    pub method: Option<String>,
}

/// A document that became part of nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SkippedDocument {
    /// Its path.
    pub file: String,
    /// The line that shows why.
    pub line: usize,
    /// What it is about.
    pub kind: PageKind,
    /// Why it was skipped.
    pub reason: String,
}

/// A patch, and what it was for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PatchUse {
    /// The file that it stands in.
    pub file: String,
    /// The line that it begins in.
    pub line: usize,
    /// The method that it corrects; `None` for the system.
    pub method: Option<String>,
    /// Why it is there or, for one left alone, why it was.
    pub reason: String,
}

impl Report {
    /// Whether every document is accounted for once: those that came in are those that were read and those skipped.
    pub fn is_complete(&self) -> bool {
        self.documents == self.read.len() + self.skipped.len()
    }

    /// Reports a loss of documents, which is a mistake of the importer.
    pub(crate) fn check_completeness(&mut self) {
        if !self.is_complete() {
            let (documents, read, skipped) = (self.documents, self.read.len(), self.skipped.len());
            let message =
                format!("{documents} documents came in, but {read} were read and {skipped} skipped");
            self.diagnostics.push(Diagnostic::error(message));
        }
    }

    /// Adds what is to be reported of a part of the work.
    pub(crate) fn append(&mut self, part: Self) {
        self.diagnostics.extend(part.diagnostics);
        self.patches_applied.extend(part.patches_applied);
        self.patches_left_alone.extend(part.patches_left_alone);
    }

    /// How many diagnostics are errors, for which nothing may be written.
    pub fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count()
    }

    /// How many diagnostics are warnings.
    pub fn warnings(&self) -> usize {
        self.diagnostics.len() - self.errors()
    }
}

/// One line of totals for each kind of thing.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let methods: std::collections::BTreeSet<_> =
            self.read.iter().filter_map(|read| read.method.as_ref()).collect();
        writeln!(
            f,
            "{} documents: {} read, {} skipped",
            self.documents,
            self.read.len(),
            self.skipped.len()
        )?;
        for (kind, count) in &self.kinds {
            writeln!(f, "  {count:>5} {}", kind.describe())?;
        }
        writeln!(f, "{} methods, {} errors, {} warnings", methods.len(), self.errors(), self.warnings())?;
        let (applied, alone) = (self.patches_applied.len(), self.patches_left_alone.len());
        write!(f, "{applied} patches applied, {alone} left alone")
    }
}

fn as_json<S: Serializer>(diagnostics: &[Diagnostic], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(diagnostics.iter().map(Diagnostic::to_json))
}
