//! What kind of page a document is, decided before anything of it is read as a method.

use serde::Serialize;

use super::code::Calls;
use super::head::{Head, Who};
use super::page::Page;
use super::vocabulary::SectionKind;
use super::vocabulary::heads::{
    CALLBACKS, CLIENT_CODE, DICTIONARY_TITLES, EVENT_TITLES, OVERVIEW_TITLES, PLACEMENT_CODE,
};
use crate::descriptor::Api;

/// What a document is about. Only the pages of methods become descriptors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PageKind {
    /// A method below `/rest/`.
    MethodV2,
    /// A method of REST 3, below `/rest/api/`.
    MethodV3,
    /// An event that the portal sends to applications.
    Event,
    /// A place in the interface into which an application is put.
    Placement,
    /// A list of fields or types.
    Dictionary,
    /// An overview of a section.
    Overview,
    /// A function that exists in the browser alone.
    ClientSide,
    /// A request that the portal sends to an application.
    Callback,
    /// Further examples of a method that has a page of its own.
    Examples,
    /// A part that other pages include.
    Fragment,
    /// Running text.
    Guide,
    /// The file that names the revision of its tree.
    Revision,
    /// No document.
    NoDocument,
}

impl PageKind {
    /// What a page of this kind is, as the report says it.
    pub fn describe(self) -> &'static str {
        match self {
            Self::MethodV2 => "a method",
            Self::MethodV3 => "a method of REST 3",
            Self::Event => "an event",
            Self::Placement => "a place in the interface",
            Self::Dictionary => "a list of fields or types",
            Self::Overview => "an overview",
            Self::ClientSide => "a function of the browser",
            Self::Callback => "a request to the application",
            Self::Examples => "more examples of a method",
            Self::Fragment => "a part of other pages",
            Self::Guide => "about no method",
            Self::Revision => "names the revision of its tree",
            Self::NoDocument => "not a document",
        }
    }

    /// Whether pages of this kind become descriptors.
    pub fn is_method(self) -> bool {
        matches!(self, Self::MethodV2 | Self::MethodV3)
    }
}

/// Everything that tells the kind of a page.
pub(super) struct Signs<'a> {
    pub(super) page: &'a Page,
    pub(super) head: &'a Head<'a>,
    pub(super) calls: &'a Calls,
    pub(super) path: &'a str,
    /// Whether the page is part of a snapshot of the documentation.
    pub(super) in_tree: bool,
    /// The name of the method that it may be about.
    pub(super) name: Option<&'a str>,
    /// Whether front-matter says that it is about this method.
    pub(super) stated: bool,
    pub(super) api: Api,
}

/// The kind that the path alone tells, if it does.
pub(super) fn of_path(path: &str) -> Option<PageKind> {
    if path == "REVISION" || path.ends_with("/REVISION") {
        return Some(PageKind::Revision);
    }
    if !super::documents::may_be_page(path) {
        return Some(PageKind::NoDocument);
    }
    folders(path).any(|folder| folder.starts_with("_include")).then_some(PageKind::Fragment)
}

/// The kind of a page.
pub(super) fn of_page(signs: &Signs<'_>) -> PageKind {
    let title = signs.page.title.prose();
    let lower = title.to_lowercase();
    let words: Vec<&str> = title.split_whitespace().collect();
    let who = signs.head.who;
    let overview = who == Some(Who::Methods)
        || stem(signs.path) == "index"
        || OVERVIEW_TITLES.iter().any(|words| lower.contains(words));
    if overview && !signs.stated {
        return PageKind::Overview;
    }
    if who != Some(Who::Method) && !signs.stated && (who == Some(Who::Event) || is_event_title(&words)) {
        return PageKind::Event;
    }
    if signs.is_of_a_method() {
        return if signs.api == Api::V3 { PageKind::MethodV3 } else { PageKind::MethodV2 };
    }
    let of_the_browser = signs.name.is_some_and(begins_upper)
        || (signs.name.is_none()
            && signs.page.has(SectionKind::Parameters)
            && signs.has_code(CLIENT_CODE)
            && words.iter().any(|word| is_camel(word)));
    let in_prose = |phrases: &[&str]| {
        let mut paragraphs = signs.page.sections.iter().take(2).flat_map(|section| section.paragraphs());
        paragraphs.any(|text| {
            let prose = text.prose().to_lowercase();
            phrases.iter().any(|phrase| prose.contains(phrase))
        })
    };
    let has_word =
        |known: &[&str]| lower.split(|c: char| !c.is_alphanumeric()).any(|word| known.contains(&word));
    match () {
        () if CALLBACKS.iter().any(|phrase| lower.contains(phrase)) || in_prose(CALLBACKS) => {
            PageKind::Callback
        }
        () if of_the_browser => PageKind::ClientSide,
        () if words.iter().any(|word| is_upper(word) && word.contains('_'))
            || (signs.head.scope.is_some() && signs.has_code(PLACEMENT_CODE)) =>
        {
            PageKind::Placement
        }
        () if folders(signs.path).any(|folder| folder == "examples") && signs.has_code(&[""]) => {
            PageKind::Examples
        }
        () if has_word(DICTIONARY_TITLES) => PageKind::Dictionary,
        () => PageKind::Guide,
    }
}

impl Signs<'_> {
    /// Whether the page is about the method of that name: it says who may call it or in which scope, or its front-matter
    /// says so. Outside a tree old pages come that have lost their head; there the sections of a method are enough.
    fn is_of_a_method(&self) -> bool {
        let Some(name) = self.name.filter(|name| !begins_upper(name)) else { return false };
        let has_head = self.head.who == Some(Who::Method) || self.head.scope.is_some();
        let of_a_method = [SectionKind::Parameters, SectionKind::Response, SectionKind::Errors];
        let has_sections = of_a_method.into_iter().any(|kind| self.page.has(kind));
        let confirmed = || {
            super::method_name::file_is_named_after(self.path, name)
                || self.calls.names().any(|called| called.eq_ignore_ascii_case(name))
        };
        self.stated
            || self.head.who == Some(Who::Method)
            || (has_head && (has_sections || confirmed()))
            || (has_sections && (!self.in_tree || confirmed()))
    }

    fn has_code(&self, parts: &[&str]) -> bool {
        let mut code = self.page.sections.iter().flat_map(|section| section.code());
        code.any(|code| parts.iter().any(|part| code.text.contains(part)))
    }
}

fn is_event_title(words: &[&str]) -> bool {
    let first = words.first().map(|word| word.to_lowercase()).unwrap_or_default();
    // The names of events are `onThis`, or `ONTHIS`, without dots.
    let named = words.last().is_some_and(|word| {
        let behind = word.strip_prefix("on").or_else(|| word.strip_prefix("ON"));
        behind.is_some_and(|rest| begins_upper(rest) && rest.chars().all(|c| c.is_ascii_alphanumeric()))
    });
    EVENT_TITLES.contains(&first.as_str()) || named
}

fn begins_upper(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_uppercase())
}

/// Whether a word is written in capitals, as the codes of places in the interface are.
fn is_upper(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    word.len() > 2 && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// Whether a word is written like the name of a function.
fn is_camel(word: &str) -> bool {
    let mut pairs = word.bytes().zip(word.bytes().skip(1));
    pairs.any(|(a, b)| a.is_ascii_lowercase() && b.is_ascii_uppercase())
}

fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.rsplit('/').skip(1)
}

/// The name of a file without its ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
