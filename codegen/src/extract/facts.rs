//! The facts of one document about one method, each with its line.

pub(crate) mod sent;

use std::sync::Arc;

use serde_json::Value;

use crate::descriptor::{Api, Context, Deprecated, RateLimit, SourceForm};
use crate::diagnostic::SourceText;
use crate::extract::classify::PageSubject;
use crate::extract::classify::method_name::is_main_page;
use crate::extract::classify::preamble::Preamble;
use crate::extract::evidence::{Evidence, Leaf};
use crate::extract::ledger::Ledger;
use crate::extract::lexicon::headings::SectionKind;
use crate::extract::page_log::PageLog;
use crate::extract::recorded_results::RecordedResults;
use crate::extract::register::documents::RESPONSE_DATE;
use crate::extract::register::page::PAGE_PATH;
use crate::extract::register::syntax::CALL_OF_ANOTHER_METHOD;
use crate::extract::rules::deprecation::Deprecation;
use crate::extract::rules::errors::Errors;
use crate::extract::rules::keyset::FilterFacts;
use crate::extract::rules::pagination::PaginationFacts;
use crate::extract::rules::params::param::Params;
use crate::extract::rules::returns::ResponseFacts;
use crate::extract::rules::side_effects::SideEffects;
use crate::extract::rules::{
    aliases, context, deprecation, errors, keyset, limits, pagination, params, positional, returns, scope,
    side_effects,
};
use crate::extract::site_index::SiteIndex;
use crate::extract::source::snapshots::{Age, Around};
use crate::extract::syntax::ast::Page;
use crate::extract::syntax::front_matter::FrontMatter;
use crate::extract::syntax::parsed::ReadPage;

/// The facts of one document about one method.
pub(crate) struct PageFacts {
    pub(crate) source: Arc<SourceText>,
    pub(crate) form: SourceForm,
    /// Whether the document is part of a snapshot.
    pub(crate) in_tree: bool,
    /// The day of that snapshot, if a newer one is imported with it.
    pub(crate) revision: Option<String>,
    /// The age of the document: that of its snapshot, or of the response that it shows.
    pub(crate) age: Age,
    /// Whether the file is named after the method; a page of further examples is not.
    pub(crate) main_page: bool,
    pub(crate) api: Api,
    pub(crate) method: String,
    pub(crate) scope: Option<Evidence<Vec<String>>>,
    /// The note of deprecation, until its links are resolved into `deprecated`.
    pub(crate) deprecation: Deprecation,
    pub(crate) deprecated: Deprecated,
    pub(crate) aliases: Option<Evidence<Vec<String>>>,
    pub(crate) context: Option<Evidence<Context>>,
    pub(crate) positional: Option<Evidence<bool>>,
    /// The rate limit that the page names.
    pub(crate) rate_limit: Option<Evidence<RateLimit>>,
    /// The rate limit that the overview of its section names.
    pub(crate) section_rate_limit: Option<Evidence<RateLimit>>,
    pub(crate) side_effects: SideEffects,
    /// The line of the heading of the page.
    pub(crate) title_line: usize,
    pub(crate) paging: PaginationFacts,
    pub(crate) params: Option<Params>,
    pub(crate) filters: FilterFacts,
    pub(crate) answer: ResponseFacts,
    pub(crate) errors: Errors,
    pub(crate) page: Option<Evidence<String>>,
    pub(crate) front_matter: Option<FrontMatter>,
    /// The rules that fired on the page, and their evidence.
    pub(crate) ledger: Ledger,
}

/// Extracts the facts of a page about its method.
pub(crate) fn extract(
    read: ReadPage<'_>,
    subject: PageSubject,
    around: Around<'_>,
    index: &SiteIndex<'_>,
    recorded: &RecordedResults<'_>,
    log: &mut PageLog,
) -> PageFacts {
    claim_subject(&subject, read.page, log);
    let ReadPage { source, form, page, front_matter } = read;
    let PageSubject { method, api, calls, .. } = subject;
    calls.rules.iter().for_each(|rule| log.fire(rule));
    if calls.has_body_of_another(&method) {
        log.fire(&CALL_OF_ANOTHER_METHOD);
    }
    let answer = returns::extract(page, &source.path, &method, index, recorded.of_method(api, &method), log);
    let errors = errors::extract(page, form, log);
    let deprecation = deprecation::extract(page, &source.path, around.root, log);
    let response_day = answer.day().filter(|_| !around.in_tree);
    if response_day.is_some() {
        log.fire(&RESPONSE_DATE);
    }
    PageFacts {
        age: around.age().unwrap_or_else(|| Age::of_response(response_day)),
        main_page: is_main_page(&source.path, &method),
        api,
        scope: scope::extract(&Preamble::of(page), log),
        aliases: aliases::extract(page, &method),
        context: context::extract(page, &errors, deprecation.deprecated),
        positional: positional::extract(page),
        rate_limit: limits::extract_rate_limit(page),
        section_rate_limit: None,
        side_effects: side_effects::extract(page, &method, log),
        title_line: page.title.line.max(1),
        paging: pagination::extract(page),
        filters: keyset::extract(page, &calls.bodies_of(&method)),
        deprecated: Deprecated::default(),
        deprecation,
        params: params::extract(page, &source.path, form, &method, &calls, index, log),
        errors,
        page: page_path(&source.path, around.root, form, around.in_tree)
            .map(|path| Evidence::new(&PAGE_PATH, path, 0)),
        answer,
        in_tree: around.in_tree,
        revision: around.older_day().map(str::to_owned),
        method,
        form,
        front_matter: front_matter.cloned(),
        source,
        ledger: Ledger::default(),
    }
}

/// Claims the name and the interface of the method, which the classification of the page has read.
fn claim_subject(subject: &PageSubject, page: &Page, log: &mut PageLog) {
    let PageSubject { method, name_rule, api, api_rule, .. } = subject;
    let ledger = &mut log.ledger;
    ledger.claim(name_rule, page.title.line, || Leaf::key("method"), method);
    if let Some(rule) = api_rule {
        ledger.claim(rule, 0, || Leaf::key("api"), api);
    }
}

/// The timing objects of the responses on the page.
pub(crate) fn timings(facts: &PageFacts) -> impl Iterator<Item = &Value> {
    facts.answer.time.iter()
}

/// The path of the page in the documentation, for a document that is part of a snapshot.
pub(crate) fn page_path(path: &str, root: &str, form: SourceForm, in_tree: bool) -> Option<String> {
    let page = path.strip_suffix(".md").filter(|_| form == SourceForm::Yfm)?;
    match page.find("api-reference/") {
        Some(at) if at == 0 || page.get(..at).is_some_and(|before| before.ends_with('/')) => page.get(at..),
        _ => page.strip_prefix(root).filter(|_| in_tree),
    }
    .map(str::to_owned)
}

/// Whether the page has a section on the errors that every method shares.
pub(crate) fn is_about_the_system(page: &Page) -> bool {
    page.has(SectionKind::SystemErrors)
}
