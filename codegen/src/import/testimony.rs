//! What one document says of one method: every fact with the line that it stands in.

use std::sync::Arc;

use serde_json::Value;

use super::code::Calls;
use super::dictionary::Dictionary;
use super::errors::Errors;
use super::form::ReadPage;
use super::front_matter::FrontMatter;
use super::page::{Block, Page, Troubles, flat};
use super::params::Params;
use super::returns::Answer;
use super::vocabulary::{DEPRECATED_TITLES, SCOPE_LABELS, SectionKind, WHO_LABELS};
use super::{errors, method_name, params, returns};
use crate::descriptor::{Api, Deprecated, Replacement, SourceForm};
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
    pub(super) deprecated: Deprecated,
    pub(super) params: Option<Params>,
    pub(super) answer: Answer,
    pub(super) errors: Errors,
    pub(super) page: Option<String>,
    pub(super) front_matter: Option<FrontMatter>,
}

/// Hears what a page says of its method; `None` where it is about none.
pub(super) fn hear(
    read: ReadPage,
    revision: Option<&str>,
    root: &str,
    dictionary: &Dictionary<'_>,
    troubles: &mut Troubles,
) -> Option<Testimony> {
    let ReadPage { source, form, page, front_matter } = read;
    let mut calls = Calls::default();
    page.sections.iter().flat_map(|section| section.code()).for_each(|code| calls.read(&code.text));
    let stated = front_matter.as_ref().and_then(|front_matter| front_matter.method.clone());
    let method = method_name::method_name(&page, &calls, &source.path).or(stated)?;
    let stated_api = front_matter.as_ref().and_then(|front_matter| front_matter.api);
    let answer = returns::hear(&page, troubles);
    let revision = revision.map(str::to_owned);
    Some(Testimony {
        dated: revision.clone().or_else(|| answer.day()),
        main_page: method_name::file_is_named_after(&source.path, &method),
        api: if calls.v3 { Api::V3 } else { stated_api.unwrap_or_default() },
        scope: scope(&page),
        deprecated: deprecated(&page, &method),
        params: params::hear(&page, &source.path, form, &calls, dictionary, troubles),
        errors: errors::hear(&page, form, troubles),
        page: page_path(&source.path, root, form, revision.is_some()),
        answer,
        revision,
        method,
        form,
        front_matter,
        source,
    })
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

/// The scopes: code spans behind the label, or words up to what rendering has glued to them.
fn scope(page: &Page) -> Option<Vec<String>> {
    let preamble = page.sections.first()?;
    let mut paragraphs = preamble.paragraphs();
    let label =
        |prose: &str| SCOPE_LABELS.iter().find_map(|label| prose.strip_prefix(label).map(str::to_owned));
    let (text, after) = paragraphs.find_map(|text| label(&text.prose()).map(|after| (text, after)))?;
    let code: Vec<&str> = text.code().collect();
    let words = if code.is_empty() {
        let after = if after.trim().is_empty() { paragraphs.next()?.prose() } else { after };
        let end = WHO_LABELS.iter().filter_map(|label| after.find(label)).min().unwrap_or(after.len());
        after.get(..end)?.to_owned()
    } else {
        code.join(",")
    };
    let is_scope = |word: &&str| {
        !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))
    };
    // "basic" is what the documentation calls a method that needs no scope.
    let scopes = words.split(',').map(str::trim).filter(is_scope).filter(|word| *word != "basic");
    Some(scopes.map(str::to_owned).collect())
}

/// Whether a note says that the method is deprecated, and the names of other methods in it.
fn deprecated(page: &Page, method: &str) -> Deprecated {
    let is_title = |title: &str| DEPRECATED_TITLES.contains(&title.trim().to_lowercase().as_str());
    let blocks: Vec<&Block> = page.sections.first().map(|section| flat(&section.blocks)).unwrap_or_default();
    for (index, block) in blocks.iter().enumerate() {
        let prose = match block {
            Block::Note { title, blocks } if is_title(title) => {
                flat(blocks).into_iter().filter_map(prose_of).collect::<Vec<_>>().join(" ")
            }
            Block::Paragraph(text) if is_title(&text.prose()) => {
                blocks.get(index + 1).and_then(|next| prose_of(next)).unwrap_or_default()
            }
            _ => continue,
        };
        let replaced_by = names_in(&prose, method);
        return if replaced_by.is_empty() {
            Deprecated::Flag(true)
        } else {
            Deprecated::Replaced(Replacement { replaced_by })
        };
    }
    Deprecated::Flag(false)
}

fn prose_of(block: &Block) -> Option<String> {
    match block {
        Block::Paragraph(text) => Some(text.prose()),
        _ => None,
    }
}

/// The names of other methods, or of families of them as in `crm.item.*`.
fn names_in(prose: &str, method: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for word in prose.split_whitespace() {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '*');
        let stem = word.strip_suffix(".*").unwrap_or(word);
        let is_name = word.contains('.')
            && super::code::is_method_name(stem)
            && stem.starts_with(|c: char| c.is_ascii_lowercase());
        if is_name && word != method && !names.iter().any(|name| name == word) {
            names.push(word.to_owned());
        }
    }
    names
}

/// Whether the page speaks of the errors that every method shares.
pub(super) fn is_about_the_system(page: &Page) -> bool {
    page.has(SectionKind::SystemErrors)
}
