//! Extraction of all documents: classifies each one, and extracts its facts about its method or about the system.

mod result;
mod section_limits;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::descriptor::Api;
use crate::descriptor::MethodKey;
use crate::extract::classify::PageSubject;
use crate::extract::classify::features::{PageFeatures, kind_of};
use crate::extract::classify::method_name::method_name;
use crate::extract::classify::preamble::{Audience, Preamble};
use crate::extract::entities::FieldLists;
use crate::extract::entities::dictionary::{Dictionary, MIN_FIELDS};
use crate::extract::entities::kinds::NumberTable;
use crate::extract::entities::parts::Sections;
use crate::extract::facts;
use crate::extract::facts::PageFacts;
use crate::extract::facts::sent::{self, SentFacts};
use crate::extract::ledger::Ledger;
use crate::extract::lexicon::preamble::REST_3;
use crate::extract::lexicon::results::{DESCRIBING_VERBS, OF_ENVELOPE};
use crate::extract::options::Options;
use crate::extract::pages::result::PageResult;
use crate::extract::pages::section_limits::SectionLimits;
use crate::extract::recorded_results::RecordedResults;
use crate::extract::register::Rule;
use crate::extract::register::documents::REVISION_FILE;
use crate::extract::register::page::{FRONT_MATTER_METHOD, PAGE_WITHOUT_A_NAME, REST_3_ADDRESS};
use crate::extract::register::syntax::FILE_NAME;
use crate::extract::report::Report;
use crate::extract::rules::deprecation::KnownMethods;
use crate::extract::rules::limits::extract_section_rate_limit;
use crate::extract::site_index::SiteIndex;
use crate::extract::source::documents::Document;
use crate::extract::source::page_kind::PageKind;
use crate::extract::syntax::ast::{Page, Section};
use crate::extract::syntax::calls::Calls;
use crate::extract::syntax::parsed::{Content, ParsedDocument, ParsedDocuments, ReadPage};
use crate::extract::system;
use crate::extract::system::SystemFacts;
use crate::extract::tables::field_table::{FieldTable, TypedField};

/// The facts of all documents.
#[derive(Default)]
pub(crate) struct Extracted {
    /// The rules that fired on pages that are not about a method.
    pub(crate) ledger: Ledger,
    pub(crate) methods: BTreeMap<MethodKey, Vec<PageFacts>>,
    pub(crate) system: Vec<SystemFacts>,
    /// What pages say of placements and handlers.
    pub(crate) sent: Vec<SentFacts>,
    /// The tables of fields and of numbers on pages about no single method.
    pub(crate) tables: FieldLists,
}

/// Extracts all documents in parallel. The results are combined in the order of their paths.
pub(crate) fn extract_all(documents: &[Document], options: Options<'_>, report: &mut Report) -> Extracted {
    let documents = ParsedDocuments::of(documents);
    let index = SiteIndex::of(&documents);
    let recorded = RecordedResults::of(options.recorded);
    let extractor =
        Extractor { documents: &documents, index: &index, recorded: &recorded, explain: options.explain };
    let extract = |document: &ParsedDocument<'_>| {
        let result = extractor.extract(document);
        (options.progress)();
        result
    };
    let results: Vec<PageResult> = documents.list.par_iter().map(extract).collect();
    let mut known = KnownMethods::default();
    for facts in results.iter().filter_map(|result| result.facts.as_ref()) {
        known.add(&facts.source.path, &facts.method);
    }
    let sections = SectionLimits::of(&results);
    let mut extracted = Extracted::default();
    extracted.tables.types = index.type_fields();
    for mut result in results {
        sections.enter(&mut result);
        result.enter(&known, &mut extracted, report);
    }
    extracted
}

/// The pages of methods among documents, with what they include, and the method that each is about.
pub(crate) fn method_pages<T: Send>(
    documents: &[Document],
    see: impl Fn(ReadPage<'_>, PageSubject) -> T + Sync,
) -> Vec<T> {
    each_page(documents, |read, subject| Some(see(read, subject?))).into_iter().flatten().collect()
}

/// The pages among documents, with what they include, and the method that each is about, if it is about one.
pub(crate) fn each_page<T: Send>(
    documents: &[Document],
    see: impl Fn(ReadPage<'_>, Option<PageSubject>) -> T + Sync,
) -> Vec<T> {
    let documents = ParsedDocuments::of(documents);
    let of_document = |document: &ParsedDocument<'_>| {
        let content = documents.content(document);
        let read = content.read(document.document)?;
        let in_tree = documents.around(&read.source.path).in_tree;
        let subject = classify(&read, document.of_path, in_tree).subject;
        Some(see(read, subject))
    };
    documents.list.par_iter().filter_map(of_document).collect()
}

/// The tables on a page about no method, or about a method that describes fields.
fn field_lists(read: &ReadPage<'_>, subject: Option<&PageSubject>) -> FieldLists {
    let describes_fields = |subject: &PageSubject| {
        let verb = subject.method.rsplit('.').next().unwrap_or_default();
        DESCRIBING_VERBS.iter().any(|known| known.eq_ignore_ascii_case(verb))
    };
    let mut lists = FieldLists::default();
    if !subject.is_none_or(describes_fields) {
        return lists;
    }
    let sections = Arc::new(sections(read.page));
    for section in &read.page.sections {
        for table in section.tables() {
            lists.numbers.extend(NumberTable::of(table));
            let table = FieldTable::of(table);
            let mut fields = if table.is_typed() { table.fields() } else { Vec::new() };
            leave_out_envelope(&mut fields);
            if fields.len() >= MIN_FIELDS {
                let (file, heading) = (read.source.path.clone(), section.heading.clone());
                let (anchor, sections) = (section.anchor.clone(), Arc::clone(&sections));
                lists.dictionaries.push(Dictionary { file, heading, anchor, fields, sections });
            }
        }
    }
    lists
}

/// The fields of the sections with an anchor, by the anchor.
fn sections(page: &Page) -> Sections {
    let fields = |section: &Section| section.tables().next().map(|table| FieldTable::of(table).fields());
    let named = page.sections.iter().filter_map(|section| Some((section.anchor.clone()?, fields(section)?)));
    named.collect()
}

/// Leaves out the rows of the envelope, in a table that has one for the timing of the request.
fn leave_out_envelope(fields: &mut Vec<TypedField>) {
    let is_timing = |field: &TypedField| {
        let format = field.schema.as_ref().and_then(|schema| schema.format.as_deref());
        field.name == "time" && format == Some("time")
    };
    if fields.iter().any(is_timing) {
        fields.retain(|field| field.name != "result" && !OF_ENVELOPE.contains(&field.name.as_str()));
    }
}

/// The classification of a page.
struct Classified {
    kind: PageKind,
    /// The rule that decides the kind.
    kind_rule: Option<&'static Rule>,
    audience: Option<Audience>,
    /// The method, for a page about one.
    subject: Option<PageSubject>,
}

struct Extractor<'a> {
    documents: &'a ParsedDocuments<'a>,
    index: &'a SiteIndex<'a>,
    /// The results of recorded calls.
    recorded: &'a RecordedResults<'a>,
    /// The method whose evidence is kept, with that on its family.
    explain: Option<(Api, &'a str)>,
}

impl Extractor<'_> {
    fn extract(&self, parsed: &ParsedDocument<'_>) -> PageResult {
        let content = self.documents.content(parsed);
        match (&*content, content.read(parsed.document)) {
            (Content::NoText(diagnostic), _) => PageResult::not_text(parsed.document, diagnostic.clone()),
            (_, Some(read)) => self.extract_page(read, parsed.of_path),
            (_, None) => {
                let kind = parsed.of_path.unwrap_or(PageKind::NoDocument);
                let mut result = PageResult::skipped(parsed.document, kind);
                let in_snapshot = self.documents.around(parsed.path()).day.is_some();
                if kind == PageKind::Revision && in_snapshot {
                    result.ledger.fire(&REVISION_FILE);
                } else if kind == PageKind::NoDocument {
                    result.ledger.fire(&FILE_NAME);
                }
                result
            }
        }
    }

    fn extract_page(&self, read: ReadPage<'_>, of_path: Option<PageKind>) -> PageResult {
        let source = Arc::clone(&read.source);
        let around = self.documents.around(&source.path);
        let mut log = read.page.log.clone();
        let Classified { kind, kind_rule, audience, subject } = classify(&read, of_path, around.in_tree);
        if let Some(rule) = kind_rule {
            log.fire(rule);
        }
        let mut result = PageResult::of_page(&read, kind);
        if subject.as_ref().is_some_and(|subject| self.is_explained(subject)) {
            log.ledger.append(Ledger::keeping(&source.path));
        }
        let has_no_name = result.has_no_name(&read, audience);
        if has_no_name {
            log.fire(&PAGE_WITHOUT_A_NAME);
        }
        result.tables = field_lists(&read, subject.as_ref());
        let method = subject.as_ref().map(|subject| subject.method.as_str());
        result.sent = sent::extract(&read, kind, method, around, self.index, &mut log).map(Box::new);
        let of_system = system::extract(&read, around, subject.is_some(), &mut log);
        let is_used = subject.is_some() || has_no_name || of_system.is_about_the_system();
        match subject {
            Some(subject) => {
                let mut facts = facts::extract(read, subject, around, self.index, self.recorded, &mut log);
                result.system = Some(of_system.with(&facts));
                facts.ledger = std::mem::take(&mut log.ledger);
                result.facts = Some(Box::new(facts));
            }
            None => {
                result.system = Some(of_system).filter(SystemFacts::is_about_the_system);
                result.section_rate_limit =
                    (kind == PageKind::Overview).then(|| extract_section_rate_limit(read.page)).flatten();
                result.ledger = std::mem::take(&mut log.ledger);
            }
        }
        // The diagnostics of a page that is not used have no reader.
        if is_used {
            result.diagnostics.extend(log.into_diagnostics(&source));
        }
        result
    }

    fn is_explained(&self, subject: &PageSubject) -> bool {
        // The pages of one family say together what an entity is.
        let family =
            |method: &str| method.rsplit_once('.').map_or(method, |(family, _)| family).to_lowercase();
        self.explain
            .is_some_and(|(api, method)| api == subject.api && family(method) == family(&subject.method))
    }
}

/// Classifies a page. `in_tree`: whether it is part of a snapshot.
fn classify(read: &ReadPage<'_>, of_path: Option<PageKind>, in_tree: bool) -> Classified {
    let (page, path) = (read.page, read.source.path.as_str());
    let calls = Calls::of(page);
    let preamble = Preamble::of(page);
    let stated = read.front_matter.and_then(|front_matter| front_matter.method.clone());
    let is_stated = stated.is_some();
    let name =
        method_name(page, &calls, path).or_else(|| stated.map(|stated| (stated, &FRONT_MATTER_METHOD)));
    let name_only = name.as_ref().map(|(name, _)| name.as_str());
    let (api, api_rule) = api(read, &calls, name_only);
    let (kind, kind_rule) = of_path.map(|kind| (kind, None)).unwrap_or_else(|| {
        kind_of(&PageFeatures {
            page,
            preamble: &preamble,
            calls: &calls,
            path,
            in_tree,
            name: name_only,
            stated: is_stated,
            api,
        })
    });
    let audience = preamble.audience;
    let name = name.filter(|_| kind.is_method());
    let subject = name.map(|(method, name_rule)| PageSubject { method, name_rule, api, api_rule, calls });
    Classified { kind, kind_rule, audience, subject }
}

/// The interface of the method of a page: that of its address, or else of the front matter or of the text above the first
/// heading. The rule is `None` for REST 2 without a statement.
fn api(read: &ReadPage<'_>, calls: &Calls, name: Option<&str>) -> (Api, Option<&'static Rule>) {
    match calls.is_v3(name.unwrap_or_default()) {
        Some(true) => return (Api::V3, Some(&REST_3_ADDRESS)),
        Some(false) => return (Api::V2, None),
        None => {}
    }
    if let Some(stated) = read.front_matter.and_then(|front_matter| front_matter.api) {
        return (stated, Some(&FRONT_MATTER_METHOD));
    }
    let mut preamble = read.page.sections.iter().take(1).flat_map(|section| section.paragraphs());
    match preamble.any(|text| REST_3.stand_in(&text.prose())) {
        true => (Api::V3, Some(&REST_3_ADDRESS)),
        false => (Api::V2, None),
    }
}
