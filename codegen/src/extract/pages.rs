//! Every document extracted: of which kind it is, which speak of which method, which of the system, and which of neither.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::descriptor::{Api, SourceForm};
use crate::diagnostic::Diagnostic;
use crate::extract::classify::PageSubject;
use crate::extract::classify::features::{PageFeatures, kind_of};
use crate::extract::classify::method_name;
use crate::extract::classify::preamble::{Audience, Preamble};
use crate::extract::diagnostics::PageDiagnostics;
use crate::extract::facts;
use crate::extract::facts::PageFacts;
use crate::extract::ledger::Ledger;
use crate::extract::lexicon::headings::SectionKind;
use crate::extract::lexicon::preamble::REST_3;
use crate::extract::method_key::{Key, key};
use crate::extract::options::Options;
use crate::extract::report::{ReadDocument, Report, SkippedDocument};
use crate::extract::rules::deprecation::KnownMethods;
use crate::extract::site_index::SiteIndex;
use crate::extract::source::documents::Document;
use crate::extract::source::page_kind::PageKind;
use crate::extract::syntax::ast::Page;
use crate::extract::syntax::calls::Calls;
use crate::extract::syntax::parsed::{Content, ParsedDocument, ParsedDocuments, ReadPage};
use crate::extract::system;
use crate::extract::system::SystemFacts;

/// What all documents say.
#[derive(Default)]
pub(crate) struct Extracted {
    /// The rules that fired on pages that are not about a method.
    pub(crate) ledger: Ledger,
    pub(crate) methods: BTreeMap<Key, Vec<PageFacts>>,
    pub(crate) system: Vec<SystemFacts>,
}

/// Hears all documents, several at a time, and tells what came of them in the order of their paths.
pub(crate) fn extract_all(documents: &[Document], options: Options<'_>, report: &mut Report) -> Extracted {
    let documents = ParsedDocuments::of(documents);
    let index = SiteIndex::of(&documents);
    let extractor = Extractor { documents: &documents, index: &index, explain: options.explain };
    let results: Vec<PageResult> = documents
        .list
        .par_iter()
        .map(|document| {
            let result = extractor.extract(document);
            (options.progress)();
            result
        })
        .collect();
    let mut known = KnownMethods::default();
    for facts in results.iter().filter_map(|result| result.facts.as_ref()) {
        known.add(&facts.source.path, &facts.method);
    }
    let mut extracted = Extracted::default();
    for result in results {
        result.enter(&known, &mut extracted, report);
    }
    extracted
}

/// The pages of methods among documents, with what they include, and the method that each is about.
pub(crate) fn method_pages<T: Send>(
    documents: &[Document],
    see: impl Fn(ReadPage<'_>, PageSubject) -> T + Sync,
) -> Vec<T> {
    let documents = ParsedDocuments::of(documents);
    let of_document = |document: &ParsedDocument<'_>| {
        let content = documents.content(document);
        let read = content.read(document.document)?;
        let in_tree = documents.around(&read.source.path).0.is_some();
        let subject = classified(&read, document.of_path, in_tree).subject?;
        Some(see(read, subject))
    };
    documents.list.par_iter().filter_map(of_document).collect()
}

/// What a page is, before anything of it is extracted.
struct Classified {
    kind: PageKind,
    audience: Option<Audience>,
    /// The method, where the page is one of a method.
    subject: Option<PageSubject>,
}

struct Extractor<'a> {
    documents: &'a ParsedDocuments<'a>,
    index: &'a SiteIndex<'a>,
    /// The method whose evidence is kept.
    explain: Option<(Api, &'a str)>,
}

/// What became of one document.
struct PageResult {
    file: String,
    kind: PageKind,
    /// The line that shows why it was skipped, for one that was.
    line: usize,
    reason: &'static str,
    form: Option<SourceForm>,
    facts: Option<Box<PageFacts>>,
    system: Option<SystemFacts>,
    diagnostics: Vec<Diagnostic>,
    /// The rules that fired on the page, unless its facts have them.
    ledger: Ledger,
}

impl Extractor<'_> {
    fn extract(&self, parsed: &ParsedDocument<'_>) -> PageResult {
        let content = self.documents.content(parsed);
        match (&*content, content.read(parsed.document)) {
            (Content::NoText(diagnostic), _) => {
                let line = diagnostic.position().map_or(1, |(_, line, _)| line);
                let diagnostics = vec![diagnostic.clone()];
                let skipped = PageResult::skipped(parsed.document, PageKind::NoDocument);
                PageResult { line, reason: "not UTF-8", diagnostics, ..skipped }
            }
            (_, Some(read)) => self.extract_page(read, parsed.of_path),
            (_, None) => PageResult::skipped(parsed.document, parsed.of_path.unwrap_or(PageKind::NoDocument)),
        }
    }

    fn extract_page(&self, read: ReadPage<'_>, of_path: Option<PageKind>) -> PageResult {
        let source = Arc::clone(&read.source);
        let (revision, root) = self.documents.around(&source.path);
        let Classified { kind, audience, subject } = classified(&read, of_path, revision.is_some());
        let mut result = PageResult::of_page(&read, kind, audience);
        let mut page_diagnostics = read.page.diagnostics.clone();
        let is_explained = |subject: &PageSubject| {
            self.explain.is_some_and(|(api, method)| {
                api == subject.api && method.eq_ignore_ascii_case(&subject.method)
            })
        };
        if subject.as_ref().is_some_and(is_explained) {
            page_diagnostics.ledger.append(Ledger::keeping(&source.path));
        }
        let of_system = system::extract(&read, revision, &mut page_diagnostics);
        let is_used = match subject {
            Some(subject) => {
                let mut facts =
                    facts::extract(read, subject, revision, root, self.index, &mut page_diagnostics);
                result.system = Some(of_system.with(&facts));
                facts.ledger = std::mem::take(&mut page_diagnostics.ledger);
                result.facts = Some(Box::new(facts));
                true
            }
            None => {
                let speaks = of_system.speaks;
                result.system = Some(of_system).filter(|of_system| of_system.speaks);
                speaks || !result.diagnostics.is_empty()
            }
        };
        result.ledger = std::mem::take(&mut page_diagnostics.ledger);
        // The diagnostics of a page that gives nothing help nobody.
        if is_used {
            result.diagnostics.extend(page_diagnostics.into_diagnostics(&source));
        }
        result
    }
}

/// Tells of which kind a page is and which method it is about. `in_tree` tells whether it is part of a snapshot.
fn classified(read: &ReadPage<'_>, of_path: Option<PageKind>, in_tree: bool) -> Classified {
    let (page, path) = (read.page, read.source.path.as_str());
    let calls = Calls::of(page);
    let preamble = Preamble::of(page);
    let stated = read.front_matter.and_then(|front_matter| front_matter.method.clone());
    let is_stated = stated.is_some();
    let name = method_name::method_name(page, &calls, path).or(stated);
    let api = api(read, &calls, name.as_deref());
    let kind = of_path.unwrap_or_else(|| {
        kind_of(&PageFeatures {
            page,
            preamble: &preamble,
            calls: &calls,
            path,
            in_tree,
            name: name.as_deref(),
            stated: is_stated,
            api,
        })
    });
    let subject = name.filter(|_| kind.is_method()).map(|method| PageSubject { method, api, calls });
    Classified { kind, audience: preamble.audience, subject }
}

/// The interface that the method of a page belongs to: its address tells, or else front-matter or the text above.
fn api(read: &ReadPage<'_>, calls: &Calls, name: Option<&str>) -> Api {
    if let Some(v3) = calls.is_v3(name.unwrap_or_default()) {
        return if v3 { Api::V3 } else { Api::V2 };
    }
    if let Some(stated) = read.front_matter.and_then(|front_matter| front_matter.api) {
        return stated;
    }
    let mut preamble = read.page.sections.iter().take(1).flat_map(|section| section.paragraphs());
    if preamble.any(|text| text.prose().contains(REST_3)) { Api::V3 } else { Api::V2 }
}

impl PageResult {
    fn skipped(document: &Document, kind: PageKind) -> Self {
        Self {
            file: document.path.clone(),
            kind,
            line: 1,
            reason: kind.describe(),
            form: None,
            facts: None,
            system: None,
            diagnostics: Vec::new(),
            ledger: Ledger::default(),
        }
    }

    /// A page that nothing is heard of yet. One that has the parts of a method and no name is told about.
    fn of_page(read: &ReadPage<'_>, kind: PageKind, audience: Option<Audience>) -> Self {
        let page = read.page;
        let line = page.title.line.max(1);
        let mut diagnostics = Vec::new();
        if kind == PageKind::Guide && looks_like_a_method(page, audience) {
            let diagnostic =
                Diagnostic::warning("no name of a method can be read on this page, so it was not used")
                    .expecting("the name in the heading of the page or in its examples");
            diagnostics.push(diagnostic.at_line(&read.source, line));
        }
        let empty =
            page.title.spans.is_empty() && page.sections.iter().all(|section| section.blocks.is_empty());
        let reason = if empty { "nothing in it" } else { kind.describe() };
        let (file, form) = (read.source.path.clone(), Some(read.form));
        Self {
            file,
            kind,
            line,
            reason,
            form,
            facts: None,
            system: None,
            diagnostics,
            ledger: Ledger::default(),
        }
    }

    /// Enters what was extracted, and what is to be said of the document.
    fn enter(self, known: &KnownMethods, extracted: &mut Extracted, report: &mut Report) {
        let Self { file, kind, line, reason, form, facts, system, diagnostics, ledger } = self;
        extracted.ledger.append(ledger);
        report.diagnostics.extend(diagnostics);
        *report.kinds.entry(kind).or_default() += 1;
        let used = facts.is_some() || system.is_some();
        match form.filter(|_| used) {
            Some(form) => report.read.push(ReadDocument {
                file,
                form,
                kind,
                front_matter: facts.as_ref().is_some_and(|facts| facts.front_matter.is_some()),
                method: facts.as_ref().map(|facts| facts.method.clone()),
            }),
            None => report.skipped.push(SkippedDocument { file, line, kind, reason: reason.to_owned() }),
        }
        extracted.system.extend(system);
        if let Some(mut facts) = facts {
            let mut page_diagnostics = PageDiagnostics::default();
            let deprecation = std::mem::take(&mut facts.deprecation);
            let in_tree = facts.revision.is_some();
            facts.deprecated = deprecation.resolved(&facts.method, known, in_tree, &mut page_diagnostics);
            report.diagnostics.extend(page_diagnostics.into_diagnostics(&facts.source));
            extracted.methods.entry(key(facts.api, &facts.method)).or_default().push(*facts);
        }
    }
}

/// Whether the page describes a call, as the pages of methods do.
fn looks_like_a_method(page: &Page, audience: Option<Audience>) -> bool {
    let has = |kind| page.has(kind);
    has(SectionKind::Parameters)
        && (audience == Some(Audience::Method) || has(SectionKind::Response) || has(SectionKind::ErrorCodes))
}
