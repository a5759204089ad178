//! The log of a page: its problems, collected while it is read, and the rules that fired on it.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, SourceText, Topic};
use crate::extract::ledger::Ledger;
use crate::extract::register::Rule;

/// A mistake of a page, or something that it leaves open.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PageDiagnostic {
    pub(crate) line: usize,
    pub(crate) message: String,
    pub(crate) expected: Option<String>,
    pub(crate) topic: Option<Topic>,
}

/// The log of a page. Beyond a limit problems are only counted, so that a page of garbage does not fill the report.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PageLog {
    pub(crate) list: Vec<PageDiagnostic>,
    /// How many problems are beyond the limit.
    more: usize,
    /// The rules that fired, and their evidence.
    pub(crate) ledger: Ledger,
}

impl PageLog {
    const SHOWN: usize = 40;

    /// No problems yet, on a page whose rules are counted already.
    pub(crate) fn with_ledger(ledger: Ledger) -> Self {
        Self { ledger, ..Self::default() }
    }

    pub(crate) fn add(&mut self, line: usize, message: impl Into<String>, expected: impl Into<String>) {
        let expected = Some(expected.into()).filter(|expected| !expected.is_empty());
        self.push(PageDiagnostic { line, message: message.into(), expected, topic: None });
    }

    /// Adds a place where the documentation says two things.
    pub(crate) fn contradiction(
        &mut self,
        line: usize,
        message: impl Into<String>,
        expected: impl Into<String>,
    ) {
        let (message, expected) = (message.into(), Some(expected.into()));
        self.push(PageDiagnostic { line, message, expected, topic: Some(Topic::Contradiction) });
    }

    fn push(&mut self, found: PageDiagnostic) {
        if self.list.len() < Self::SHOWN {
            self.list.push(found);
        } else {
            self.more += 1;
        }
    }

    pub(crate) fn append(&mut self, other: Self) {
        other.list.into_iter().for_each(|found| self.push(found));
        self.more += other.more;
        self.ledger.append(other.ledger);
    }

    /// Counts a rule that fired without a claim on a leaf.
    pub(crate) fn fire(&mut self, rule: &'static Rule) {
        self.ledger.fire(rule);
    }

    /// The problems, with one more that counts those left out.
    pub(crate) fn into_list(mut self) -> Vec<PageDiagnostic> {
        if let (Some(last), 1..) = (self.list.last(), self.more) {
            let message = format!("{} more problems in this document", self.more);
            self.list.push(PageDiagnostic { line: last.line, message, expected: None, topic: None });
        }
        self.list
    }

    /// The problems as diagnostics of a document.
    pub(crate) fn into_diagnostics(self, source: &Arc<SourceText>) -> impl Iterator<Item = Diagnostic> {
        self.into_list().into_iter().map(move |found| found.diagnostic(source))
    }
}

impl PageDiagnostic {
    fn diagnostic(self, source: &Arc<SourceText>) -> Diagnostic {
        let Self { line, message, expected, topic } = self;
        Diagnostic { expected, topic, ..Diagnostic::warning(message).at_line(source, line) }
    }
}
