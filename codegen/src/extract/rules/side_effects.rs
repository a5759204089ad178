//! Whether a method only reads, as its name and its page tell.
//!
//! A request whose answer was lost is repeated where the method only reads, so a wrong claim makes things twice, and a missing
//! one costs a repeat. It is made only where two witnesses agree and none speaks against them.

use crate::extract::lexicon::verbs;
use crate::extract::lexicon::verbs::Deed;
use crate::extract::syntax::ast::{Page, Text};

/// What the name of a method and its page say of it together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It changes nothing.
    Reads,
    /// It may change something.
    Unknown,
    /// One witness says that it reads and another speaks against it, so that it may change something.
    Disputed,
}

/// Hears the witnesses: the name, the title of the page, the first sentence below it; and every sentence above the parameters
/// on whether it speaks of something that is kept.
pub(crate) fn hear(page: &Page, method: &str) -> Effect {
    let paragraphs: Vec<String> = page
        .sections
        .first()
        .into_iter()
        .flat_map(|preamble| preamble.paragraphs())
        .map(Text::prose)
        .collect();
    let title = verbs::of_title(&page.title.prose());
    let text = paragraphs.iter().find_map(|prose| verbs::of_sentence(prose, method));
    let keeps = paragraphs.iter().flat_map(|prose| prose.split(". ")).any(verbs::keeps);
    weigh(verbs::of_name(method), title, text, keeps)
}

fn weigh(name: Option<Deed>, title: Option<Deed>, text: Option<Deed>, keeps: bool) -> Effect {
    let page = [title, text];
    let against = keeps || page.contains(&Some(Deed::Changes));
    let by_page = page.iter().filter(|deed| **deed == Some(Deed::Reads)).count();
    match name {
        Some(Deed::Reads) if by_page > 0 && !against => Effect::Reads,
        Some(Deed::Reads) => Effect::Disputed,
        // A name without a verb leaves it to the page, whose title and text must agree.
        None if by_page == 2 && !against => Effect::Reads,
        Some(Deed::Changes) if by_page == 2 => Effect::Disputed,
        _ => Effect::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_witnesses_agree_and_none_speaks_against_them() {
        let (reads, changes) = (Some(Deed::Reads), Some(Deed::Changes));
        for (name, title, text, keeps, effect) in [
            (reads, reads, reads, false, Effect::Reads),
            (reads, None, reads, false, Effect::Reads),
            (reads, reads, None, false, Effect::Reads),
            (reads, None, None, false, Effect::Disputed),
            (reads, reads, changes, false, Effect::Disputed),
            (reads, reads, reads, true, Effect::Disputed),
            (None, reads, reads, false, Effect::Reads),
            (None, reads, None, false, Effect::Unknown),
            (None, reads, reads, true, Effect::Unknown),
            (changes, reads, reads, false, Effect::Disputed),
            (changes, reads, None, false, Effect::Unknown),
            (changes, changes, changes, false, Effect::Unknown),
        ] {
            assert_eq!(weigh(name, title, text, keeps), effect, "{name:?} {title:?} {text:?} {keeps}");
        }
    }
}
