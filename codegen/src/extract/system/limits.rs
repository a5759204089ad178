//! The limits of the system: the first document that names one decides, and one that no document names stays.

use std::sync::Arc;

use crate::descriptor::{SystemDescriptor, SystemLimits};
use crate::diagnostic::{Diagnostic, SourceText, Topic};
use crate::extract::evidence::Evidence;
use crate::extract::ledger::Ledger;
use crate::extract::register::limits::{KEPT_LIMIT, SEVERAL_LIMITS};
use crate::extract::rules::limits::LimitFacts;

/// The limits of one document, added to those of documents before it.
struct Adding<'a> {
    source: &'a Arc<SourceText>,
    ledger: &'a mut Ledger,
    diagnostics: &'a mut Vec<Diagnostic>,
    /// The paths that the document decided.
    decided: Vec<String>,
}

/// Adds the limits that are not known yet. Returns their paths.
pub(super) fn add(
    limits: &mut SystemLimits,
    facts: &LimitFacts,
    source: &Arc<SourceText>,
    ledger: &mut Ledger,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<String> {
    let some = |limit: &Vec<_>| !limit.is_empty();
    let mut adding = Adding { source, ledger, diagnostics, decided: Vec::new() };
    adding.add("requests", &mut limits.requests, some, facts.requests.as_ref(), Clone::clone);
    let some = |limit: &Vec<_>| !limit.is_empty();
    adding.add("counted_by", &mut limits.counted_by, some, facts.counted_by.as_ref(), Clone::clone);
    let (time, of_page) = (&mut limits.operating_time, facts.operating_time.as_ref());
    adding.add("operating_time", time, Option::is_some, of_page, |time| Some(*time));
    for (key, limit, of_page) in [
        ("request_seconds", &mut limits.request_seconds, &facts.request_seconds),
        ("batch_commands", &mut limits.batch_commands, &facts.batch_commands),
        ("page_rows", &mut limits.page_rows, &facts.page_rows),
    ] {
        adding.add(key, limit, Option::is_some, of_page.as_ref(), |number| Some(*number));
    }
    adding.decided
}

impl Adding<'_> {
    fn add<V: PartialEq, T>(
        &mut self,
        key: &str,
        limit: &mut V,
        is_known: impl Fn(&V) -> bool,
        of_page: Option<&Evidence<T>>,
        value: impl Fn(&T) -> V,
    ) {
        let Some(evidence) = of_page else { return };
        let found = value(&evidence.value);
        self.ledger.fire(evidence.rule);
        if !is_known(limit) {
            *limit = found;
            self.decided.push(format!("limits/{key}"));
        } else if *limit != found {
            self.ledger.fire(&SEVERAL_LIMITS);
            let message = format!("the limit `{key}` differs from that of an earlier document");
            let diagnostic =
                Diagnostic::warning(message).expecting("one value, or a patch; the first one counts");
            self.diagnostics.push(diagnostic.about(Topic::Contradiction).at_line(self.source, evidence.line));
        }
    }
}

/// Keeps the limits of an earlier import that these documents do not name, and reports them.
pub(super) fn keep(
    system: &mut SystemDescriptor,
    existing: &SystemDescriptor,
    ledger: &mut Ledger,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let (limits, known) = (&mut system.limits, &existing.limits);
    let mut kept = Vec::new();
    if limits.requests.is_empty() && !known.requests.is_empty() {
        limits.requests.clone_from(&known.requests);
        kept.push("requests");
    }
    if limits.counted_by.is_empty() && !known.counted_by.is_empty() {
        limits.counted_by.clone_from(&known.counted_by);
        kept.push("counted_by");
    }
    keep_one(&mut limits.operating_time, known.operating_time, "operating_time", &mut kept);
    keep_one(&mut limits.request_seconds, known.request_seconds, "request_seconds", &mut kept);
    keep_one(&mut limits.batch_commands, known.batch_commands, "batch_commands", &mut kept);
    keep_one(&mut limits.page_rows, known.page_rows, "page_rows", &mut kept);
    for key in kept {
        ledger.fire(&KEPT_LIMIT);
        let message = format!("no document names the limit `{key}`; it stays as in system.yaml");
        diagnostics.push(Diagnostic::warning(message).expecting("a document that names it, or a patch"));
    }
}

fn keep_one<T: Copy>(
    limit: &mut Option<T>,
    known: Option<T>,
    key: &'static str,
    kept: &mut Vec<&'static str>,
) {
    if limit.is_none() && known.is_some() {
        *limit = known;
        kept.push(key);
    }
}
