//! Extraction of all documents: classifies each one, and extracts its facts about its method or about the system.

mod result;
mod section_limits;

use std::collections::{BTreeMap, HashMap};
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
use crate::extract::events::names;
use crate::extract::events::page::Origin;
use crate::extract::events::scopes::Scopes;
use crate::extract::events::{self, ByName, EventFacts, Role};
use crate::extract::facts;
use crate::extract::facts::sent::{self, SentFacts};
use crate::extract::facts::{PageFacts, page_path};
use crate::extract::ledger::Ledger;
use crate::extract::lexicon::preamble::REST_3;
use crate::extract::lexicon::results::{DESCRIBING_VERBS, OF_ENVELOPE};
use crate::extract::options::Options;
use crate::extract::page_log::PageLog;
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
use crate::extract::rules::scope;
use crate::extract::site_index::SiteIndex;
use crate::extract::source::documents::Document;
use crate::extract::source::page_kind::PageKind;
use crate::extract::source::snapshots::Around;
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
    /// The facts on events, by their names in lower case.
    pub(crate) events: ByName,
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
    let mut results: Vec<PageResult> = documents.list.par_iter().map(extract).collect();
    let mut known = KnownMethods::default();
    for facts in results.iter().filter_map(|result| result.facts.as_ref()) {
        known.add(&facts.source.path, &facts.method);
    }
    let sections = SectionLimits::of(&results);
    let mut extracted = Extracted { events: events_of(&mut results), ..Extracted::default() };
    extracted.tables.types = index.type_fields();
    let of_files = names_by_file(&extracted.events);
    for mut result in results {
        sections.enter(&mut result);
        let events = of_files.get(&result.file);
        result.enter(&known, events, &mut extracted, report);
    }
    extracted
}

/// The events that all documents describe or name.
fn events_of(results: &mut [PageResult]) -> ByName {
    let mut scopes = Scopes::default();
    for result in &*results {
        let of_method = result.facts.as_ref().and_then(|facts| Some(facts.scope.as_ref()?.value.clone()));
        let described = result.events.iter().find(|event| event.role <= Role::Section);
        let of_event = || described.and_then(|event| Some(event.scope.as_ref()?.value.clone()));
        let scope = of_method.or_else(of_event).or_else(|| result.scope.clone());
        scope.into_iter().for_each(|scope| scopes.add(&result.file, scope));
    }
    let facts = results.iter_mut().flat_map(|result| std::mem::take(&mut result.events)).collect();
    names::resolve(facts, &scopes)
}

/// The names of the events that each document describes or is the only one to name, by its path.
fn names_by_file(events: &ByName) -> HashMap<String, Vec<String>> {
    let mut names: HashMap<String, Vec<String>> = HashMap::new();
    for facts in events.values().flatten() {
        names.entry(facts.source.path.clone()).or_default().push(facts.name.clone());
    }
    names
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

/// The pages among documents, with what they include, and their kinds.
pub(crate) fn pages_with_kind<T: Send>(
    documents: &[Document],
    see: impl Fn(ReadPage<'_>, PageKind) -> T + Sync,
) -> Vec<T> {
    let documents = ParsedDocuments::of(documents);
    let of_document = |document: &ParsedDocument<'_>| {
        let content = documents.content(document);
        let read = content.read(document.document)?;
        let in_tree = documents.around(&read.source.path).in_tree;
        let kind = classify(&read, document.of_path, in_tree).kind;
        Some(see(read, kind))
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
        result.scope = (kind == PageKind::Overview).then(|| overview_scope(read.page)).flatten();
        result.events = self.events(&read, around, kind, subject.is_some(), &mut log);
        if kind == PageKind::Event && !result.events.iter().any(|event| event.role <= Role::Section) {
            result.reason = "an event of the browser";
        }
        let describes_event = result.events.iter().any(|event| event.role <= Role::Section);
        let is_used = subject.is_some() || has_no_name || describes_event || of_system.is_about_the_system();
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

    /// The events that a page describes or names. Fragments are read with the pages that include them.
    fn events(
        &self,
        read: &ReadPage<'_>,
        around: Around<'_>,
        kind: PageKind,
        is_method: bool,
        log: &mut PageLog,
    ) -> Vec<EventFacts> {
        if kind == PageKind::Fragment {
            return Vec::new();
        }
        let page = page_path(&read.source.path, around.root, read.form, around.in_tree);
        let origin = Origin { read, around, page: page.as_deref() };
        let mut found = Vec::new();
        let mut own = PageLog::default();
        if !is_method {
            own.ledger = self.ledger_of_event(read);
            found.extend(events::sections::extract(origin, self.index, &mut own));
        }
        if kind == PageKind::Event && found.is_empty() {
            found.extend(events::page::extract(origin, self.index, &mut own));
        }
        match found.first_mut() {
            Some(first) => {
                first.claim(&mut own);
                first.ledger = std::mem::take(&mut own.ledger);
            }
            None => log.ledger.append(std::mem::take(&mut own.ledger)),
        }
        log.append(own);
        found.extend(events::mentions::extract(origin, !found.is_empty(), self.index));
        found
    }

    /// A ledger that keeps evidence if the page names the event to explain.
    fn ledger_of_event(&self, read: &ReadPage<'_>) -> Ledger {
        let name = self.explain.map(|(_, name)| name.to_ascii_lowercase());
        let is_named = |name: &String| read.source.text.to_ascii_lowercase().contains(name.as_str());
        match name.filter(|name| !name.contains('.') || name.contains(".on.")).filter(is_named) {
            Some(_) => Ledger::keeping(&read.source.path),
            None => Ledger::default(),
        }
    }

    fn is_explained(&self, subject: &PageSubject) -> bool {
        // The pages of one family say together what an entity is.
        let family =
            |method: &str| method.rsplit_once('.').map_or(method, |(family, _)| family).to_lowercase();
        self.explain
            .is_some_and(|(api, method)| api == subject.api && family(method) == family(&subject.method))
    }
}

/// The scopes above the first heading of an overview.
fn overview_scope(page: &Page) -> Option<Vec<String>> {
    scope::extract(&Preamble::of(page), &mut PageLog::default()).map(|found| found.value)
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
