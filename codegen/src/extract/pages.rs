//! Extraction of all documents: classifies each one, and extracts its facts about its method or about the system.

mod result;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::descriptor::Api;
use crate::extract::classify::PageSubject;
use crate::extract::classify::features::{PageFeatures, kind_of};
use crate::extract::classify::method_name::method_name;
use crate::extract::classify::preamble::{Audience, Preamble};
use crate::extract::facts;
use crate::extract::facts::PageFacts;
use crate::extract::ledger::Ledger;
use crate::extract::lexicon::preamble::REST_3;
use crate::extract::method_key::Key;
use crate::extract::options::Options;
use crate::extract::pages::result::PageResult;
use crate::extract::register::Rule;
use crate::extract::register::documents::REVISION_FILE;
use crate::extract::register::page::{FRONT_MATTER_METHOD, PAGE_WITHOUT_A_NAME, REST_3_ADDRESS};
use crate::extract::report::Report;
use crate::extract::rules::deprecation::KnownMethods;
use crate::extract::site_index::SiteIndex;
use crate::extract::source::documents::Document;
use crate::extract::source::page_kind::PageKind;
use crate::extract::source::snapshots::Snapshots;
use crate::extract::syntax::calls::Calls;
use crate::extract::syntax::format;
use crate::extract::syntax::format::ReadPage;
use crate::extract::syntax::includes::Fragments;
use crate::extract::system;
use crate::extract::system::SystemFacts;

/// The facts of all documents.
#[derive(Default)]
pub(crate) struct Extracted {
    /// The rules that fired on pages that are not about a method.
    pub(crate) ledger: Ledger,
    pub(crate) methods: BTreeMap<Key, Vec<PageFacts>>,
    pub(crate) system: Vec<SystemFacts>,
}

/// Extracts all documents in parallel. The results are combined in the order of their paths.
pub(crate) fn extract_all(documents: &[Document], options: Options<'_>, report: &mut Report) -> Extracted {
    let documents = sorted(documents);
    let snapshots = Snapshots::of(&documents);
    let fragments = Fragments::of(&documents, |path| snapshots.around(path).1.to_owned());
    let index = SiteIndex::of(&documents);
    let extractor =
        Extractor { snapshots: &snapshots, fragments: &fragments, index: &index, explain: options.explain };
    let extract = |document: &&Document| {
        let result = extractor.extract(document);
        (options.progress)();
        result
    };
    let results: Vec<PageResult> = documents.par_iter().map(extract).collect();
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
    see: impl Fn(ReadPage, PageSubject) -> T + Sync,
) -> Vec<T> {
    let documents = sorted(documents);
    let snapshots = Snapshots::of(&documents);
    let fragments = Fragments::of(&documents, |path| snapshots.around(path).1.to_owned());
    // The classification of a page does not depend on the index.
    let index = SiteIndex::default();
    let extractor = Extractor { snapshots: &snapshots, fragments: &fragments, index: &index, explain: None };
    let of_document = |document: &&Document| {
        let of_path = PageKind::of_path(&document.path);
        if matches!(of_path, Some(PageKind::NoDocument | PageKind::Revision)) {
            return None;
        }
        let mut read = format::read(document).ok()?;
        let subject = extractor.classify(&mut read, of_path).subject?;
        Some(see(read, subject))
    };
    documents.par_iter().filter_map(of_document).collect()
}

fn sorted(documents: &[Document]) -> Vec<&Document> {
    let mut documents: Vec<&Document> = documents.iter().collect();
    documents.sort_by(|a, b| (&a.path, &a.bytes).cmp(&(&b.path, &b.bytes)));
    documents
}

/// The classification of a page.
struct Classified {
    kind: PageKind,
    audience: Option<Audience>,
    /// The method, for a page about one.
    subject: Option<PageSubject>,
}

struct Extractor<'a> {
    snapshots: &'a Snapshots,
    fragments: &'a Fragments,
    index: &'a SiteIndex<'a>,
    /// The method whose evidence is kept.
    explain: Option<(Api, &'a str)>,
}

impl Extractor<'_> {
    fn extract(&self, document: &Document) -> PageResult {
        let of_path = PageKind::of_path(&document.path);
        if let Some(kind @ (PageKind::NoDocument | PageKind::Revision)) = of_path {
            let mut result = PageResult::skipped(document, kind);
            if kind == PageKind::Revision && self.snapshots.around(&document.path).0.is_some() {
                result.ledger.fire(&REVISION_FILE);
            }
            return result;
        }
        match format::read(document) {
            Ok(read) => self.extract_page(read, of_path),
            Err(diagnostic) => {
                let line = diagnostic.position().map_or(1, |(_, line, _)| line);
                let diagnostics = vec![diagnostic];
                let skipped = PageResult::skipped(document, PageKind::NoDocument);
                PageResult { line, reason: "not UTF-8", diagnostics, ..skipped }
            }
        }
    }

    /// Expands the includes of a page and classifies it.
    fn classify(&self, read: &mut ReadPage, of_path: Option<PageKind>) -> Classified {
        let source = Arc::clone(&read.source);
        let (revision, root) = self.snapshots.around(&source.path);
        self.fragments.expand(&mut read.page, &source.path, root, revision.is_some());
        let calls = Calls::of(&read.page);
        let preamble = Preamble::of(&read.page);
        let stated = read.front_matter.as_ref().and_then(|front_matter| front_matter.method.clone());
        let is_stated = stated.is_some();
        let name = method_name(&read.page, &calls, &source.path)
            .or_else(|| stated.map(|stated| (stated, &FRONT_MATTER_METHOD)));
        let (api, api_rule) = api(read, &calls, name.as_ref().map(|(name, _)| name.as_str()));
        let (kind, kind_rule) = of_path.map(|kind| (kind, None)).unwrap_or_else(|| {
            kind_of(&PageFeatures {
                page: &read.page,
                preamble: &preamble,
                calls: &calls,
                path: &source.path,
                in_tree: revision.is_some(),
                name: name.as_ref().map(|(name, _)| name.as_str()),
                stated: is_stated,
                api,
            })
        });
        let audience = preamble.audience;
        if let Some(rule) = kind_rule {
            read.page.diagnostics.fire(rule);
        }
        let name = name.filter(|_| kind.is_method());
        let subject = name.map(|(method, name_rule)| PageSubject { method, name_rule, api, api_rule, calls });
        Classified { kind, audience, subject }
    }

    fn extract_page(&self, mut read: ReadPage, of_path: Option<PageKind>) -> PageResult {
        let source = Arc::clone(&read.source);
        let (revision, root) = self.snapshots.around(&source.path);
        let Classified { kind, audience, subject } = self.classify(&mut read, of_path);
        let mut result = PageResult::of_page(&read, kind);
        let mut page_diagnostics = std::mem::take(&mut read.page.diagnostics);
        if subject.as_ref().is_some_and(|subject| self.is_explained(subject)) {
            page_diagnostics.ledger.append(Ledger::keeping(&source.path));
        }
        let has_no_name = result.has_no_name(&read, audience);
        if has_no_name {
            page_diagnostics.fire(&PAGE_WITHOUT_A_NAME);
        }
        let of_system = system::extract(&read, revision, &mut page_diagnostics);
        let is_used = subject.is_some() || has_no_name || of_system.has_section;
        match subject {
            Some(subject) => {
                let mut facts =
                    facts::extract(read, subject, revision, root, self.index, &mut page_diagnostics);
                result.system = Some(of_system.with(&facts));
                facts.ledger = std::mem::take(&mut page_diagnostics.ledger);
                result.facts = Some(Box::new(facts));
            }
            None => {
                result.system = Some(of_system).filter(|of_system| of_system.has_section);
                result.ledger = std::mem::take(&mut page_diagnostics.ledger);
            }
        }
        // The diagnostics of a page that is not used have no reader.
        if is_used {
            result.diagnostics.extend(page_diagnostics.into_diagnostics(&source));
        }
        result
    }

    fn is_explained(&self, subject: &PageSubject) -> bool {
        self.explain
            .is_some_and(|(api, method)| api == subject.api && method.eq_ignore_ascii_case(&subject.method))
    }
}

/// The interface of the method of a page: that of its address, or else of the front matter or of the text above the first
/// heading. The rule is `None` for REST 2 without a statement.
fn api(read: &ReadPage, calls: &Calls, name: Option<&str>) -> (Api, Option<&'static Rule>) {
    match calls.is_v3(name.unwrap_or_default()) {
        Some(true) => return (Api::V3, Some(&REST_3_ADDRESS)),
        Some(false) => return (Api::V2, None),
        None => {}
    }
    if let Some(stated) = read.front_matter.as_ref().and_then(|front_matter| front_matter.api) {
        return (stated, Some(&FRONT_MATTER_METHOD));
    }
    let mut preamble = read.page.sections.iter().take(1).flat_map(|section| section.paragraphs());
    match preamble.any(|text| REST_3.stand_in(&text.prose())) {
        true => (Api::V3, Some(&REST_3_ADDRESS)),
        false => (Api::V2, None),
    }
}
