//! What a page tells of paging outside its tables: weak signs, which decide nothing alone.

use crate::extract::lexicon::headings::SectionKind;
use crate::extract::lexicon::preamble::LIST_METHODS;
use crate::extract::syntax::ast::{Page, Section};

/// The signs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PaginationFacts {
    /// Whether an example sends the number of the row to start from. Examples are copied from page to page.
    pub(crate) sends_start: bool,
    /// Whether the page refers to the description that all methods with `start` share, instead of its own.
    pub(crate) as_all_lists: bool,
}

/// Hears the examples of requests, and the text above them.
pub(crate) fn extract(page: &Page) -> PaginationFacts {
    let examples = of_kinds(page, &[SectionKind::Examples]);
    let above = of_kinds(page, &[SectionKind::Preamble, SectionKind::Parameters]);
    let mut paragraphs = above.flat_map(Section::paragraphs).map(|text| text.prose().to_lowercase());
    PaginationFacts {
        sends_start: examples.flat_map(Section::code).any(|code| sends_start(&code.text)),
        as_all_lists: paragraphs.any(|prose| LIST_METHODS.iter().any(|words| prose.contains(words))),
    }
}

fn of_kinds<'a>(page: &'a Page, kinds: &'a [SectionKind]) -> impl Iterator<Item = &'a Section> {
    page.sections.iter().filter(|section| {
        let kind = section.topic();
        kinds.contains(&kind)
    })
}

/// Whether code gives `start` a whole number: `start: 0`, `'start' => 50`.
fn sends_start(code: &str) -> bool {
    code.match_indices("start").any(|(at, word)| {
        let (before, behind) = code.split_at(at);
        !before.ends_with(|c: char| c.is_alphanumeric() || c == '_')
            && behind.strip_prefix(word).is_some_and(is_given_a_number)
    })
}

fn is_given_a_number(behind: &str) -> bool {
    let behind = behind.trim_start_matches(['\'', '"']).trim_start();
    let value =
        behind.strip_prefix("=>").or_else(|| behind.strip_prefix(':')).unwrap_or_default().trim_start();
    let rest = value.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < value.len() && !rest.starts_with(['.', 'e', 'E'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_behind_start_is_sent() {
        for (code, sent) in [
            ("{ select: ['id'], start: 0 }", true),
            ("['start' => 50]", true),
            ("{\"start\": 0}", true),
            ("{\"start\": 1712137817.343984}", false),
            ("{ restart: 1 }", false),
            ("start: number", false),
            ("let start = 0", false),
        ] {
            assert_eq!(sends_start(code), sent, "{code}");
        }
    }
}
