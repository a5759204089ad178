//! The result of extracting one document, and its entry into the report.

use crate::descriptor::method_key;
use crate::descriptor::{RateLimit, SourceForm};
use crate::diagnostic::Diagnostic;
use crate::extract::classify::preamble::Audience;
use crate::extract::entities::FieldLists;
use crate::extract::events::EventFacts;
use crate::extract::evidence::Evidence;
use crate::extract::facts::PageFacts;
use crate::extract::facts::sent::SentFacts;
use crate::extract::ledger::Ledger;
use crate::extract::lexicon::headings::SectionKind;
use crate::extract::page_log::PageLog;
use crate::extract::pages::Extracted;
use crate::extract::register::syntax::UTF8_TEXT;
use crate::extract::report::{ReadDocument, Report, SkippedDocument};
use crate::extract::rules::deprecation::KnownMethods;
use crate::extract::source::documents::Document;
use crate::extract::source::page_kind::PageKind;
use crate::extract::syntax::parsed::ReadPage;
use crate::extract::system::SystemFacts;

/// The result of extracting one document.
pub(super) struct PageResult {
    pub(super) file: String,
    pub(super) kind: PageKind,
    /// The line with the reason for skipping it, if it is skipped.
    pub(super) line: usize,
    pub(super) reason: &'static str,
    pub(super) form: Option<SourceForm>,
    pub(super) facts: Option<Box<PageFacts>>,
    /// The facts on events that the document describes or names.
    pub(super) events: Vec<EventFacts>,
    /// The scopes above the first heading of an overview.
    pub(super) scope: Option<Vec<String>>,
    pub(super) system: Option<SystemFacts>,
    /// What the page says of placements and handlers.
    pub(super) sent: Option<Box<SentFacts>>,
    /// The rate limit that an overview names for the methods of its folder.
    pub(super) section_rate_limit: Option<Evidence<RateLimit>>,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) tables: FieldLists,
    /// The rules that fired on a page without facts.
    pub(super) ledger: Ledger,
}

impl PageResult {
    pub(super) fn skipped(document: &Document, kind: PageKind) -> Self {
        Self {
            file: document.path.clone(),
            kind,
            line: 1,
            reason: kind.describe(),
            form: None,
            facts: None,
            events: Vec::new(),
            scope: None,
            system: None,
            sent: None,
            section_rate_limit: None,
            diagnostics: Vec::new(),
            tables: FieldLists::default(),
            ledger: Ledger::default(),
        }
    }

    /// A document whose bytes are no text.
    pub(super) fn not_text(document: &Document, diagnostic: Diagnostic) -> Self {
        let mut result = Self::skipped(document, PageKind::NoDocument);
        result.line = diagnostic.position().map_or(1, |(_, line, _)| line);
        result.reason = "not UTF-8";
        result.diagnostics.push(diagnostic);
        result.ledger.fire(&UTF8_TEXT);
        result
    }

    /// A page from which nothing is extracted yet.
    pub(super) fn of_page(read: &ReadPage<'_>, kind: PageKind) -> Self {
        let page = read.page;
        let empty =
            page.title.spans.is_empty() && page.sections.iter().all(|section| section.blocks.is_empty());
        Self {
            file: read.source.path.clone(),
            kind,
            line: page.title.line.max(1),
            reason: if empty { "nothing in it" } else { kind.describe() },
            form: Some(read.form),
            facts: None,
            events: Vec::new(),
            scope: None,
            system: None,
            sent: None,
            section_rate_limit: None,
            diagnostics: Vec::new(),
            tables: FieldLists::default(),
            ledger: Ledger::default(),
        }
    }

    /// Whether the page describes a call, as pages of methods do, and has no name of a method. It is reported.
    pub(super) fn has_no_name(&mut self, read: &ReadPage<'_>, audience: Option<Audience>) -> bool {
        let has = |kind| read.page.has(kind);
        let describes_call = has(SectionKind::Parameters)
            && (audience == Some(Audience::Method)
                || has(SectionKind::Response)
                || has(SectionKind::ErrorCodes));
        if self.kind != PageKind::Guide || !describes_call {
            return false;
        }
        let message = "no name of a method can be read on this page, so it was not used";
        let expected = "the name in the heading of the page or in its examples";
        let diagnostic = Diagnostic::warning(message).expecting(expected);
        self.diagnostics.push(diagnostic.at_line(&read.source, self.line));
        true
    }

    /// Enters the facts into the result of the import, and the document into the report.
    pub(super) fn enter(
        self,
        known: &KnownMethods,
        events: Option<&Vec<String>>,
        extracted: &mut Extracted,
        report: &mut Report,
    ) {
        let Self { file, kind, line, reason, form, facts, system, sent, diagnostics, tables, ledger, .. } =
            self;
        extracted.ledger.append(ledger);
        extracted.tables.dictionaries.extend(tables.dictionaries);
        extracted.tables.numbers.extend(tables.numbers);
        report.diagnostics.extend(diagnostics);
        *report.kinds.entry(kind).or_default() += 1;
        let used = facts.is_some() || system.is_some() || sent.is_some() || events.is_some();
        match form.filter(|_| used) {
            Some(form) => report.read.push(ReadDocument {
                file,
                form,
                kind,
                front_matter: facts.as_ref().is_some_and(|facts| facts.front_matter.is_some()),
                method: facts.as_ref().map(|facts| facts.method.clone()),
                events: events.cloned().unwrap_or_default(),
                sent: sent.as_ref().map(|sent| sent.names()).unwrap_or_default(),
            }),
            None => report.skipped.push(SkippedDocument { file, line, kind, reason: reason.to_owned() }),
        }
        extracted.system.extend(system);
        extracted.sent.extend(sent.map(|sent| *sent));
        if let Some(mut facts) = facts {
            resolve_deprecation(&mut facts, known, report);
            extracted.methods.entry(method_key(facts.api, &facts.method)).or_default().push(*facts);
        }
    }
}

/// Resolves the links of a note of deprecation, now that the pages of all methods are known.
fn resolve_deprecation(facts: &mut PageFacts, known: &KnownMethods, report: &mut Report) {
    let mut log = PageLog::with_ledger(std::mem::take(&mut facts.ledger));
    let deprecation = std::mem::take(&mut facts.deprecation);
    let in_tree = facts.in_tree;
    facts.deprecated = deprecation.resolve(&facts.method, known, in_tree, &mut log);
    facts.ledger = std::mem::take(&mut log.ledger);
    report.diagnostics.extend(log.into_diagnostics(&facts.source));
}
