//! Whether a method only reads, as its name and its page tell.
//!
//! A request whose answer was lost is repeated where the method only reads, so a wrong claim makes things twice, and a missing
//! one costs a repeat. It is made only where two witnesses agree and none speaks against them.

use crate::extract::lexicon::verbs;
use crate::extract::lexicon::verbs::VerbClass;
use crate::extract::syntax::ast::{Page, Text};

/// What the name of a method and its page say of it together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SideEffects {
    /// It changes nothing.
    None,
    /// It may change something.
    Unknown,
    /// One witness says that it reads and another speaks against it, so that it may change something.
    Disputed,
}

/// Hears the witnesses: the name, the title of the page, the first sentence below it; and every sentence above the parameters
/// on whether it speaks of something that is kept.
pub(crate) fn extract(page: &Page, method: &str) -> SideEffects {
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

fn weigh(
    name: Option<VerbClass>,
    title: Option<VerbClass>,
    text: Option<VerbClass>,
    keeps: bool,
) -> SideEffects {
    let page = [title, text];
    let against = keeps || page.contains(&Some(VerbClass::Changes));
    let by_page = page.iter().filter(|class| **class == Some(VerbClass::Reads)).count();
    match name {
        Some(VerbClass::Reads) if by_page > 0 && !against => SideEffects::None,
        Some(VerbClass::Reads) => SideEffects::Disputed,
        // A name without a verb leaves it to the page, whose title and text must agree.
        None if by_page == 2 && !against => SideEffects::None,
        Some(VerbClass::Changes) if by_page == 2 => SideEffects::Disputed,
        _ => SideEffects::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_witnesses_agree_and_none_speaks_against_them() {
        let (reads, changes) = (Some(VerbClass::Reads), Some(VerbClass::Changes));
        for (name, title, text, keeps, effect) in [
            (reads, reads, reads, false, SideEffects::None),
            (reads, None, reads, false, SideEffects::None),
            (reads, reads, None, false, SideEffects::None),
            (reads, None, None, false, SideEffects::Disputed),
            (reads, reads, changes, false, SideEffects::Disputed),
            (reads, reads, reads, true, SideEffects::Disputed),
            (None, reads, reads, false, SideEffects::None),
            (None, reads, None, false, SideEffects::Unknown),
            (None, reads, reads, true, SideEffects::Unknown),
            (changes, reads, reads, false, SideEffects::Disputed),
            (changes, reads, None, false, SideEffects::Unknown),
            (changes, changes, changes, false, SideEffects::Unknown),
        ] {
            assert_eq!(weigh(name, title, text, keeps), effect, "{name:?} {title:?} {text:?} {keeps}");
        }
    }
}
