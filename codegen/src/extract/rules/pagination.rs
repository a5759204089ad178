//! The evidence on pagination outside of the tables of a page. It is weak: none of it decides alone.

use crate::extract::lexicon::headings::SectionKind;
use crate::extract::lexicon::preamble::LIST_METHODS;
use crate::extract::syntax::ast::{Page, Section};

/// The lines that mention pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PaginationFacts {
    /// The code that sends the number of the row to start from. Examples are copied from page to page.
    pub(crate) start_sent: Option<usize>,
    /// The paragraph that refers to the description of all methods with `start`.
    pub(crate) list_methods_link: Option<usize>,
}

/// Reads the example requests, and the text above them.
pub(crate) fn extract(page: &Page) -> PaginationFacts {
    let mut examples = of_kinds(page, &[SectionKind::Examples]).flat_map(Section::code);
    let above = of_kinds(page, &[SectionKind::Preamble, SectionKind::Parameters]);
    let mut paragraphs = above.flat_map(Section::paragraphs);
    PaginationFacts {
        start_sent: examples.find(|code| sends_start(&code.text)).map(|code| code.line),
        list_methods_link: paragraphs.find(|text| LIST_METHODS.stand_in(&text.prose())).map(|text| text.line),
    }
}

fn of_kinds<'a>(page: &'a Page, kinds: &'a [SectionKind]) -> impl Iterator<Item = &'a Section> {
    page.sections.iter().filter(|section| {
        let kind = section.topic();
        kinds.contains(&kind)
    })
}

/// Whether code sets `start` to a whole number: `start: 0`, `'start' => 50`.
fn sends_start(code: &str) -> bool {
    code.match_indices("start").any(|(at, word)| {
        let (before, behind) = code.split_at(at);
        !before.ends_with(|c: char| c.is_alphanumeric() || c == '_')
            && behind.strip_prefix(word).is_some_and(is_set_to_a_number)
    })
}

fn is_set_to_a_number(behind: &str) -> bool {
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
