//! What one document says of one method: every fact with the line that it stands in.

use std::sync::Arc;

use serde_json::Value;

use crate::descriptor::{Api, Context, Deprecated, SourceForm};
use crate::diagnostic::SourceText;
use crate::extract::classify::Subject;
use crate::extract::classify::method_name;
use crate::extract::classify::preamble::Head;
use crate::extract::diagnostics::Troubles;
use crate::extract::lexicon::SectionKind;
use crate::extract::rules::deprecation::Deprecation;
use crate::extract::rules::errors::Errors;
use crate::extract::rules::keyset;
use crate::extract::rules::keyset::Conditions;
use crate::extract::rules::pagination;
use crate::extract::rules::pagination::Paging;
use crate::extract::rules::params::Params;
use crate::extract::rules::returns::Answer;
use crate::extract::rules::side_effects;
use crate::extract::rules::side_effects::Effect;
use crate::extract::rules::{aliases, context, deprecation, errors, params, positional, returns, scope};
use crate::extract::site_index::Dictionary;
use crate::extract::syntax::ast::Page;
use crate::extract::syntax::format::ReadPage;
use crate::extract::syntax::front_matter::FrontMatter;

/// What one document says of one method.
pub(crate) struct Testimony {
    pub(crate) source: Arc<SourceText>,
    pub(crate) form: SourceForm,
    /// The day of the snapshot that the document is part of.
    pub(crate) revision: Option<String>,
    /// The day that speaks for the age of the document: that of the snapshot, or of the answer it shows.
    pub(crate) dated: Option<String>,
    /// Whether the file is named after the method; a page of further examples is not.
    pub(crate) main_page: bool,
    pub(crate) api: Api,
    pub(crate) method: String,
    pub(crate) scope: Option<Vec<String>>,
    /// What the page says of its deprecation, until `deprecated` is known.
    pub(crate) deprecation: Deprecation,
    pub(crate) deprecated: Deprecated,
    pub(crate) aliases: Vec<String>,
    pub(crate) context: Context,
    pub(crate) positional: bool,
    pub(crate) effect: Effect,
    /// The line of the heading of the page.
    pub(crate) title_line: usize,
    pub(crate) paging: Paging,
    pub(crate) params: Option<Params>,
    pub(crate) conditions: Conditions,
    pub(crate) answer: Answer,
    pub(crate) errors: Errors,
    pub(crate) page: Option<String>,
    pub(crate) front_matter: Option<FrontMatter>,
}

/// Hears what a page says of its method.
pub(crate) fn hear(
    read: ReadPage,
    subject: Subject,
    revision: Option<&str>,
    root: &str,
    dictionary: &Dictionary<'_>,
    troubles: &mut Troubles,
) -> Testimony {
    let ReadPage { source, form, page, front_matter } = read;
    let Subject { method, api, calls } = subject;
    let answer = returns::hear(&page, &method, dictionary, troubles);
    let revision = revision.map(str::to_owned);
    let errors = errors::hear(&page, form, troubles);
    let deprecation = deprecation::hear(&page, &source, root);
    Testimony {
        dated: revision.clone().or_else(|| answer.day()),
        main_page: method_name::is_main_page(&source.path, &method),
        api,
        scope: scope::hear(&Head::of(&page), troubles),
        aliases: aliases::hear(&page, &method),
        context: context::hear(&page, &errors, deprecation.deprecated),
        positional: positional::hear(&page),
        effect: side_effects::hear(&page, &method),
        title_line: page.title.line.max(1),
        paging: pagination::hear(&page),
        conditions: keyset::hear(&page, &calls.bodies_of(&method)),
        deprecated: Deprecated::default(),
        deprecation,
        params: params::hear(&page, &source.path, form, &method, &calls, dictionary, troubles),
        errors,
        page: page_path(&source.path, root, form, revision.is_some()),
        answer,
        revision,
        method,
        form,
        front_matter,
        source,
    }
}

/// The objects of timing that the answers on the page show.
pub(crate) fn timings(testimony: &Testimony) -> impl Iterator<Item = &Value> {
    testimony.answer.time.iter()
}

/// The path of the page in the documentation, for a document that stands in a tree of it.
fn page_path(path: &str, root: &str, form: SourceForm, in_tree: bool) -> Option<String> {
    let page = path.strip_suffix(".md").filter(|_| form == SourceForm::Yfm)?;
    match page.find("api-reference/") {
        Some(at) if at == 0 || page.get(..at).is_some_and(|before| before.ends_with('/')) => page.get(at..),
        _ => page.strip_prefix(root).filter(|_| in_tree),
    }
    .map(str::to_owned)
}

/// Whether the page speaks of the errors that every method shares.
pub(crate) fn is_about_the_system(page: &Page) -> bool {
    page.has(SectionKind::SystemErrors)
}
