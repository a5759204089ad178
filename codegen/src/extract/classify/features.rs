//! What kind of page a document is, decided before anything of it is read as a method.

use crate::descriptor::Api;
use crate::extract::classify::preamble::{Audience, Preamble};
use crate::extract::lexicon::headings::SectionKind;
use crate::extract::lexicon::preamble::{
    CALLBACKS, CLIENT_CODE, DICTIONARY_TITLES, EVENT_TITLES, OVERVIEW_TITLES, PLACEMENT_CODE,
};
use crate::extract::source::page_kind::{PageKind, folders};
use crate::extract::syntax::ast::Page;
use crate::extract::syntax::calls::Calls;

/// Everything that tells the kind of a page.
pub(crate) struct PageFeatures<'a> {
    pub(crate) page: &'a Page,
    pub(crate) preamble: &'a Preamble<'a>,
    pub(crate) calls: &'a Calls,
    pub(crate) path: &'a str,
    /// Whether the page is part of a snapshot of the documentation.
    pub(crate) in_tree: bool,
    /// The name of the method that it may be about.
    pub(crate) name: Option<&'a str>,
    /// Whether front-matter says that it is about this method.
    pub(crate) stated: bool,
    pub(crate) api: Api,
}

/// The kind of a page.
pub(crate) fn kind_of(features: &PageFeatures<'_>) -> PageKind {
    let title = features.page.title.prose();
    let lower = title.to_lowercase();
    let words: Vec<&str> = title.split_whitespace().collect();
    let audience = features.preamble.audience;
    let overview = audience == Some(Audience::Methods)
        || stem(features.path) == "index"
        || OVERVIEW_TITLES.iter().any(|words| lower.contains(words));
    if overview && !features.stated {
        return PageKind::Overview;
    }
    if audience != Some(Audience::Method)
        && !features.stated
        && (audience == Some(Audience::Event) || is_event_title(&words))
    {
        return PageKind::Event;
    }
    if features.is_of_a_method() {
        return if features.api == Api::V3 { PageKind::MethodV3 } else { PageKind::MethodV2 };
    }
    let of_the_browser = features.name.is_some_and(begins_upper)
        || (features.name.is_none()
            && features.page.has(SectionKind::Parameters)
            && features.has_code(CLIENT_CODE)
            && words.iter().any(|word| is_camel(word)));
    let in_prose = |phrases: &[&str]| {
        let mut paragraphs = features.page.sections.iter().take(2).flat_map(|section| section.paragraphs());
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
            || (features.preamble.scope.is_some() && features.has_code(PLACEMENT_CODE)) =>
        {
            PageKind::Placement
        }
        () if folders(features.path).any(|folder| folder == "examples") && features.has_code(&[""]) => {
            PageKind::Examples
        }
        () if has_word(DICTIONARY_TITLES) => PageKind::Dictionary,
        () => PageKind::Guide,
    }
}

impl PageFeatures<'_> {
    /// Whether the page is about the method of that name: it says who may call it or in which scope, or its front-matter
    /// says so. Outside a tree old pages come that have lost their head; there the sections of a method are enough.
    fn is_of_a_method(&self) -> bool {
        let Some(name) = self.name.filter(|name| !begins_upper(name)) else { return false };
        let has_head = self.preamble.audience == Some(Audience::Method) || self.preamble.scope.is_some();
        let of_a_method = [SectionKind::Parameters, SectionKind::Response, SectionKind::Errors];
        let has_sections = of_a_method.into_iter().any(|kind| self.page.has(kind));
        let confirmed = || {
            crate::extract::classify::method_name::file_is_named_after(self.path, name)
                || self.calls.names().any(|called| called.eq_ignore_ascii_case(name))
        };
        self.stated
            || self.preamble.audience == Some(Audience::Method)
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

/// The name of a file without its ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
