//! What one document says of one method: every fact with the line that it stands in.

use std::sync::Arc;

use serde_json::Value;

use super::code::Calls;
use super::deprecation::Deprecation;
use super::dictionary::Dictionary;
use super::effect::{self, Effect};
use super::errors::Errors;
use super::form::ReadPage;
use super::front_matter::FrontMatter;
use super::head::Head;
use super::keyset::{self, Conditions};
use super::page::{Page, Troubles};
use super::paging::{self, Paging};
use super::params::Params;
use super::returns::Answer;
use super::vocabulary::SectionKind;
use super::{aliases, context, deprecation, errors, method_name, params, positional, returns, scopes};
use crate::descriptor::{Api, Context, Deprecated, SourceForm};
use crate::diagnostic::SourceText;

/// What one document says of one method.
pub(super) struct Testimony {
    pub(super) source: Arc<SourceText>,
    pub(super) form: SourceForm,
    /// The day of the snapshot that the document is part of.
    pub(super) revision: Option<String>,
    /// The day that speaks for the age of the document: that of the snapshot, or of the answer it shows.
    pub(super) dated: Option<String>,
    /// Whether the file is named after the method; a page of further examples is not.
    pub(super) main_page: bool,
    pub(super) api: Api,
    pub(super) method: String,
    pub(super) scope: Option<Vec<String>>,
    /// What the page says of its deprecation, until `deprecated` is known.
    pub(super) deprecation: Deprecation,
    pub(super) deprecated: Deprecated,
    pub(super) aliases: Vec<String>,
    pub(super) context: Context,
    pub(super) positional: bool,
    pub(super) effect: Effect,
    /// The line of the heading of the page.
    pub(super) title_line: usize,
    pub(super) paging: Paging,
    pub(super) params: Option<Params>,
    pub(super) conditions: Conditions,
    pub(super) answer: Answer,
    pub(super) errors: Errors,
    pub(super) page: Option<String>,
    pub(super) front_matter: Option<FrontMatter>,
}

/// The method that a page is about, and the code on the page.
pub(super) struct Subject {
    pub(super) method: String,
    pub(super) api: Api,
    pub(super) calls: Calls,
}

/// Hears what a page says of its method.
pub(super) fn hear(
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
        scope: scopes::hear(&Head::of(&page), troubles),
        aliases: aliases::hear(&page, &method),
        context: context::hear(&page, &errors, deprecation.deprecated),
        positional: positional::hear(&page),
        effect: effect::hear(&page, &method),
        title_line: page.title.line.max(1),
        paging: paging::hear(&page),
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
pub(super) fn timings(testimony: &Testimony) -> impl Iterator<Item = &Value> {
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
pub(super) fn is_about_the_system(page: &Page) -> bool {
    page.has(SectionKind::SystemErrors)
}
