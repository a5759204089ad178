//! The kind of a page, by its features.

use crate::descriptor::Api;
use crate::extract::classify::method_name::{METHOD_SECTIONS, file_is_named_after};
use crate::extract::classify::preamble::{Audience, Preamble};
use crate::extract::lexicon::headings::SectionKind;
use crate::extract::lexicon::preamble::{
    CALLBACKS, CLIENT_CODE, DICTIONARY_TITLES, EVENT_TITLES, OVERVIEW_TITLES, PLACEMENT_CODE,
};
use crate::extract::register::Rule;
use crate::extract::register::page::{
    BROWSER_FUNCTION_PAGE, CALLBACK_PAGE, DICTIONARY_PAGE, EVENT_PAGE, EXAMPLES_PAGE, FRONT_MATTER_METHOD,
    METHOD_PAGE, OVERVIEW_PAGE, PLACEMENT_PAGE,
};
use crate::extract::source::page_kind::{PageKind, folders};
use crate::extract::syntax::ast::{Code, Page};
use crate::extract::syntax::calls::Calls;

/// Everything that decides the kind of a page.
pub(crate) struct PageFeatures<'a> {
    pub(crate) page: &'a Page,
    pub(crate) preamble: &'a Preamble<'a>,
    pub(crate) calls: &'a Calls,
    pub(crate) path: &'a str,
    /// Whether the page is part of a snapshot of the documentation.
    pub(crate) in_tree: bool,
    /// The name of the method that it may be about.
    pub(crate) name: Option<&'a str>,
    /// Whether the front matter has this name.
    pub(crate) stated: bool,
    pub(crate) api: Api,
}

/// The kind of a page, and the rule that decided it; none for a page of no known kind.
pub(crate) fn kind_of(features: &PageFeatures<'_>) -> (PageKind, Option<&'static Rule>) {
    if !features.stated && features.is_overview() {
        return (PageKind::Overview, Some(&OVERVIEW_PAGE));
    }
    if !features.stated && features.is_event() {
        return (PageKind::Event, Some(&EVENT_PAGE));
    }
    if let Some(rule) = features.method_rule() {
        let kind = if features.api == Api::V3 { PageKind::MethodV3 } else { PageKind::MethodV2 };
        return (kind, Some(rule));
    }
    let (kind, rule) = match () {
        () if features.is_callback() => (PageKind::Callback, &CALLBACK_PAGE),
        () if features.is_browser_function() => (PageKind::ClientSide, &BROWSER_FUNCTION_PAGE),
        () if features.is_placement() => (PageKind::Placement, &PLACEMENT_PAGE),
        () if features.is_further_examples() => (PageKind::Examples, &EXAMPLES_PAGE),
        () if DICTIONARY_TITLES.are_words_of(&features.title()) => (PageKind::Dictionary, &DICTIONARY_PAGE),
        () => return (PageKind::Guide, None),
    };
    (kind, Some(rule))
}

impl PageFeatures<'_> {
    fn title(&self) -> String {
        self.page.title.prose()
    }

    fn is_overview(&self) -> bool {
        self.preamble.audience == Some(Audience::Methods)
            || stem(self.path) == "index"
            || OVERVIEW_TITLES.stand_in(&self.title())
    }

    fn is_event(&self) -> bool {
        match self.preamble.audience {
            Some(Audience::Method) => false,
            Some(Audience::Event) => true,
            _ => is_event_title(&self.title()),
        }
    }

    /// The rule that makes the page one about the method of that name: it says who may call the method or in which scope, or
    /// its front matter has the name. Outside of a snapshot there are old pages without a preamble; there the sections of a
    /// method are enough.
    fn method_rule(&self) -> Option<&'static Rule> {
        let name = self.name.filter(|name| !begins_upper(name))?;
        if self.stated {
            return Some(&FRONT_MATTER_METHOD);
        }
        let has_preamble = self.preamble.audience == Some(Audience::Method) || self.preamble.scope.is_some();
        let has_sections = METHOD_SECTIONS.into_iter().any(|kind| self.page.has(kind));
        let is_confirmed = || {
            file_is_named_after(self.path, name)
                || self.calls.names().any(|called| called.eq_ignore_ascii_case(name))
        };
        let is_method = self.preamble.audience == Some(Audience::Method)
            || (has_preamble && (has_sections || is_confirmed()))
            || (has_sections && (!self.in_tree || is_confirmed()));
        is_method.then_some(&METHOD_PAGE)
    }

    fn is_callback(&self) -> bool {
        let mut paragraphs = self.page.sections.iter().take(2).flat_map(|section| section.paragraphs());
        CALLBACKS.stand_in(&self.title()) || paragraphs.any(|text| CALLBACKS.stand_in(&text.prose()))
    }

    fn is_browser_function(&self) -> bool {
        match self.name {
            Some(name) => begins_upper(name),
            None => {
                self.page.has(SectionKind::Parameters)
                    && self.has_code_with(CLIENT_CODE)
                    && self.title().split_whitespace().any(is_camel)
            }
        }
    }

    fn is_placement(&self) -> bool {
        let has_code_name = self.title().split_whitespace().any(|word| is_upper(word) && word.contains('_'));
        has_code_name || (self.preamble.scope.is_some() && self.has_code_with(PLACEMENT_CODE))
    }

    fn is_further_examples(&self) -> bool {
        folders(self.path).any(|folder| folder == "examples") && self.code().next().is_some()
    }

    fn code(&self) -> impl Iterator<Item = &Code> {
        self.page.sections.iter().flat_map(|section| section.code())
    }

    fn has_code_with(&self, parts: &[&str]) -> bool {
        self.code().any(|code| parts.iter().any(|part| code.text.contains(part)))
    }
}

/// Whether a title begins with a word for events or ends with the name of one: `onThis`, or `ONTHIS`, without dots.
fn is_event_title(title: &str) -> bool {
    let mut words = title.split_whitespace();
    let is_event_word = words.clone().next().is_some_and(|first| EVENT_TITLES.are(first));
    let is_event_name = words.next_back().is_some_and(|last| {
        let behind = last.strip_prefix("on").or_else(|| last.strip_prefix("ON"));
        behind.is_some_and(|rest| begins_upper(rest) && rest.chars().all(|c| c.is_ascii_alphanumeric()))
    });
    is_event_word || is_event_name
}

fn begins_upper(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_uppercase())
}

/// Whether a word is written in capitals, as the codes of placements are.
fn is_upper(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    word.len() > 2 && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// Whether a word is written in camel case, as the names of functions are.
fn is_camel(word: &str) -> bool {
    let mut pairs = word.bytes().zip(word.bytes().skip(1));
    pairs.any(|(a, b)| a.is_ascii_lowercase() && b.is_ascii_uppercase())
}

/// The name of a file without its ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
