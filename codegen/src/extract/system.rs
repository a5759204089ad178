//! `spec/system.yaml`: the errors and the timing that all methods share, out of whatever pages speak of them.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use crate::descriptor::{Ran, Schema, Source, SourceForm, SystemDescriptor, SystemErrorDescriptor};
use crate::diagnostic::SourceText;
use crate::extract::diagnostics::PageDiagnostics;
use crate::extract::facts::{PageFacts, is_about_the_system, timings};
use crate::extract::rules::errors::{ErrorRow, extract_system};
use crate::extract::syntax::parsed::ReadPage;
use crate::schema::example::schema_of;
use crate::schema::join::join;

/// What one document says of what all methods share.
pub(crate) struct SystemFacts {
    source: Arc<SourceText>,
    form: SourceForm,
    revision: Option<String>,
    dated: Option<String>,
    /// Whether the page has a section on system errors.
    pub(crate) speaks: bool,
    rows: Vec<ErrorRow>,
    time: Vec<Value>,
}

/// Hears what a page says of the system.
pub(crate) fn extract(
    read: &ReadPage<'_>,
    revision: Option<&str>,
    diagnostics: &mut PageDiagnostics,
) -> SystemFacts {
    SystemFacts {
        source: Arc::clone(&read.source),
        form: read.form,
        revision: revision.map(str::to_owned),
        dated: revision.map(str::to_owned),
        speaks: is_about_the_system(read.page),
        rows: extract_system(read.page, read.form, diagnostics),
        time: Vec::new(),
    }
}

impl SystemFacts {
    /// Adds what the page says of its own method.
    pub(crate) fn with(mut self, facts: &PageFacts) -> Self {
        self.time = timings(facts).cloned().collect();
        self.dated.clone_from(&facts.dated);
        self
    }
}

/// The descriptor of the system; `None` where no document speaks of it.
pub(crate) fn merge(mut pages: Vec<SystemFacts>) -> Option<SystemDescriptor> {
    pages.retain(|told| told.speaks || !told.time.is_empty());
    pages.sort_by_cached_key(|told| {
        (told.dated.is_none(), Reverse(told.dated.clone()), told.form, told.source.path.clone())
    });
    if pages.is_empty() {
        return None;
    }
    let mut system = SystemDescriptor::default();
    for told in pages {
        let mut decided = Vec::new();
        if add_errors(&mut system.errors, &told.rows) {
            decided.push("errors".to_owned());
        }
        let time = told.time.iter().map(schema_of).fold(system.time.clone(), join);
        if time != system.time {
            system.time = time;
            decided.push("time".to_owned());
        }
        // Thousands of pages repeat the same; those that add nothing are no source.
        if !decided.is_empty() {
            let file = told.source.path.clone();
            system.sources.push(Source { form: told.form, file, revision: told.revision, decided });
        }
    }
    Some(system)
}

/// Adds the errors that are not known yet. Whether one ran is told by no table.
fn add_errors(errors: &mut Vec<SystemErrorDescriptor>, rows: &[ErrorRow]) -> bool {
    let before = errors.len();
    let mut known: HashSet<String> = errors.iter().map(|known| known.code.to_lowercase()).collect();
    for row in rows {
        let code = row.code.as_ref().filter(|code| !code.is_empty());
        if let Some(code) = code.filter(|code| known.insert(code.to_lowercase())) {
            errors.push(SystemErrorDescriptor { code: code.clone(), status: row.status, ran: Ran::Maybe });
        }
    }
    errors.len() > before
}

/// Keeps what an earlier import knew and these documents do not speak of.
pub(crate) fn keep(system: &mut SystemDescriptor, existing: &SystemDescriptor) {
    for error in &existing.errors {
        if !system.errors.iter().any(|known| known.code.eq_ignore_ascii_case(&error.code)) {
            system.errors.push(error.clone());
        }
    }
    if system.time == Schema::default() {
        system.time = existing.time.clone();
    }
}
