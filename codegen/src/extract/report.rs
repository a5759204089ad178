//! The report of an import: the fate of each document, diagnostics, and the patches that were applied.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::descriptor::SourceForm;
use crate::diagnostic::{Diagnostic, Severity, SourceText};
use crate::extract::source::page_kind::PageKind;

/// The report of an import.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// The number of documents.
    pub documents: usize,
    /// The documents that became part of a descriptor, by path.
    pub read: Vec<ReadDocument>,
    /// The documents that did not, by path.
    pub skipped: Vec<SkippedDocument>,
    /// The number of documents of each kind.
    pub kinds: BTreeMap<PageKind, usize>,
    /// Mistakes and open questions, by file and line.
    #[serde(serialize_with = "as_json")]
    pub diagnostics: Vec<Diagnostic>,
    /// The patches that were applied.
    pub patches_applied: Vec<PatchUse>,
    /// The patches that were not applied, since their target is not among the documents or has another form.
    pub patches_left_alone: Vec<PatchUse>,
    /// What the documents give at the places that the applied patches set.
    pub patched_values: Vec<PatchedValue>,
    /// How often each rule fired, by its name.
    pub rules: BTreeMap<&'static str, usize>,
}

/// A document that became part of a descriptor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReadDocument {
    /// Its path.
    pub file: String,
    /// Its form.
    pub form: SourceForm,
    /// Its kind.
    pub kind: PageKind,
    /// Whether it has front matter too.
    pub front_matter: bool,
    /// The method that it is about, if it is about one.
    pub method: Option<String>,
    /// The events that it describes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<String>,
    /// The placements and handlers that it is about. Without these, events and a method the page is about the system.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sent: Vec<String>,
}

/// A document that became part of nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SkippedDocument {
    /// Its path.
    pub file: String,
    /// The line with the reason.
    pub line: usize,
    /// Its kind.
    pub kind: PageKind,
    /// The reason for skipping it.
    pub reason: String,
}

/// A patch and its target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PatchUse {
    /// Its file.
    pub file: String,
    /// Its first line.
    pub line: usize,
    /// The method or the entity that it corrects; `None` for the system.
    pub target: Option<String>,
    /// The reason for the patch or, for one that was not applied, the reason for that.
    pub reason: String,
}

/// What the documents give at a place that a patch sets.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PatchedValue {
    /// The target and the path.
    pub place: String,
    /// The value without the patch. `null`: none.
    pub documented: Value,
    /// The assignment in the file of the patch.
    #[serde(skip)]
    pub location: (Arc<SourceText>, Range<usize>),
}

impl Report {
    /// Whether every document is accounted for once: each was either read or skipped.
    pub fn is_complete(&self) -> bool {
        self.documents == self.read.len() + self.skipped.len()
    }

    /// Reports a loss of documents, which is a mistake of the importer.
    pub(crate) fn check_completeness(&mut self) {
        if !self.is_complete() {
            let (documents, read, skipped) = (self.documents, self.read.len(), self.skipped.len());
            let message = format!("of {documents} documents {read} were read and {skipped} skipped");
            self.diagnostics.push(Diagnostic::error(message));
        }
    }

    /// Appends the report of a part of the import.
    pub(crate) fn append(&mut self, part: Self) {
        self.diagnostics.extend(part.diagnostics);
        self.patches_applied.extend(part.patches_applied);
        self.patches_left_alone.extend(part.patches_left_alone);
        self.patched_values.extend(part.patched_values);
    }

    /// The number of errors. With any, nothing may be written.
    pub fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count()
    }

    /// The number of warnings.
    pub fn warnings(&self) -> usize {
        self.diagnostics.len() - self.errors()
    }
}

/// Totals, one line each.
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
        let events: std::collections::BTreeSet<_> = self.read.iter().flat_map(|read| &read.events).collect();
        let events = match events.len() {
            0 => String::new(),
            count => format!("{count} events, "),
        };
        let (methods, errors, warnings) = (methods.len(), self.errors(), self.warnings());
        writeln!(f, "{methods} methods, {events}{errors} errors, {warnings} warnings")?;
        let (applied, alone) = (self.patches_applied.len(), self.patches_left_alone.len());
        write!(f, "{applied} patches applied, {alone} left alone")
    }
}

fn as_json<S: Serializer>(diagnostics: &[Diagnostic], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(diagnostics.iter().map(Diagnostic::to_json))
}
