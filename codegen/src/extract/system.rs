//! `spec/system.yaml`: the errors, the timing and the limits that all methods share, from all pages that have them.

mod limits;

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use crate::descriptor::{Ran, Schema, Source, SourceForm, SystemDescriptor, SystemErrorDescriptor};
use crate::diagnostic::{Diagnostic, SourceText};
use crate::extract::facts::{PageFacts, is_about_the_system, timings};
use crate::extract::ledger::Ledger;
use crate::extract::page_log::PageLog;
use crate::extract::register::errors::{KEPT_SYSTEM_ERROR, TIME_OF_THE_RESPONSE};
use crate::extract::rules::errors::{ErrorRow, extract_system};
use crate::extract::rules::limits::LimitFacts;
use crate::extract::rules::limits::extract_system as extract_limits;
use crate::extract::source::snapshots::{Age, Around};
use crate::extract::syntax::parsed::ReadPage;
use crate::schema::example::schema_of;
use crate::schema::join::join;

/// The facts of one document about the system.
pub(crate) struct SystemFacts {
    source: Arc<SourceText>,
    form: SourceForm,
    revision: Option<String>,
    age: Age,
    /// Whether the page has a section on system errors.
    has_section: bool,
    rows: Vec<ErrorRow>,
    limits: LimitFacts,
    time: Vec<Value>,
}

/// Extracts the facts of a page about the system.
///
/// `is_of_method`: whether the page is about a method.
pub(crate) fn extract(
    read: &ReadPage<'_>,
    around: Around<'_>,
    is_of_method: bool,
    log: &mut PageLog,
) -> SystemFacts {
    SystemFacts {
        source: Arc::clone(&read.source),
        form: read.form,
        revision: around.older_day().map(str::to_owned),
        age: around.age().unwrap_or(Age::Unknown),
        has_section: is_about_the_system(read.page),
        rows: extract_system(read.page, read.form, log),
        limits: extract_limits(read.page, is_of_method),
        time: Vec::new(),
    }
}

impl SystemFacts {
    /// Whether the page is about the system.
    pub(crate) fn is_about_the_system(&self) -> bool {
        self.has_section || !self.limits.is_empty()
    }

    /// Adds the timing and the age of the method's facts.
    pub(crate) fn with(mut self, facts: &PageFacts) -> Self {
        self.time = timings(facts).cloned().collect();
        self.age.clone_from(&facts.age);
        self
    }
}

/// The descriptor of the system; `None` without a document about it.
pub(crate) fn merge(
    mut pages: Vec<SystemFacts>,
    ledger: &mut Ledger,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<SystemDescriptor> {
    pages.retain(|facts| facts.is_about_the_system() || !facts.time.is_empty());
    pages.sort_by_cached_key(|facts| (facts.age.clone(), facts.form, facts.source.path.clone()));
    if pages.is_empty() {
        return None;
    }
    let mut system = SystemDescriptor::default();
    for facts in pages {
        let mut decided = Vec::new();
        if add_errors(&mut system.errors, &facts.rows) {
            decided.push("errors".to_owned());
        }
        let time = facts.time.iter().map(schema_of).fold(system.time.clone(), join);
        if time != system.time {
            ledger.fire(&TIME_OF_THE_RESPONSE);
            system.time = time;
            decided.push("time".to_owned());
        }
        decided.extend(limits::add(&mut system.limits, &facts.limits, &facts.source, ledger, diagnostics));
        // Most pages repeat the others; a page that adds nothing is no source.
        if !decided.is_empty() {
            let file = facts.source.path.clone();
            system.sources.push(Source { form: facts.form, file, revision: facts.revision, decided });
        }
    }
    Some(system)
}

/// Adds the errors that are not known yet. No table says whether the method ran.
fn add_errors(errors: &mut Vec<SystemErrorDescriptor>, rows: &[ErrorRow]) -> bool {
    let before = errors.len();
    let mut known: HashSet<String> = errors.iter().map(|known| known.code.to_lowercase()).collect();
    for row in rows {
        let code = row.code.as_ref().filter(|code| !code.is_empty());
        if let Some(code) = code.filter(|code| known.insert(code.to_lowercase())) {
            errors.push(SystemErrorDescriptor {
                code: code.clone(),
                status: row.status,
                other_statuses: Vec::new(),
                ran: Ran::Maybe,
            });
        }
    }
    errors.len() > before
}

/// Keeps the errors, the timing and the limits of an earlier import that these documents do not have.
pub(crate) fn keep(
    system: &mut SystemDescriptor,
    existing: &SystemDescriptor,
    ledger: &mut Ledger,
    diagnostics: &mut Vec<Diagnostic>,
) {
    limits::keep(system, existing, ledger, diagnostics);
    for error in &existing.errors {
        if !system.errors.iter().any(|known| known.code.eq_ignore_ascii_case(&error.code)) {
            ledger.fire(&KEPT_SYSTEM_ERROR);
            system.errors.push(error.clone());
        }
    }
    if system.time == Schema::default() && existing.time != Schema::default() {
        ledger.fire(&KEPT_SYSTEM_ERROR);
        system.time = existing.time.clone();
    }
}
