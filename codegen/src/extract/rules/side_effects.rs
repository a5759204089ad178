//! Whether a method only reads, by its name and its page.
//!
//! A request whose response was lost is repeated if its method only reads: a wrong claim executes a change twice, a missing
//! claim costs an error. So the claim needs two sources that agree and none that contradicts.

use crate::extract::evidence::{Evidence, Leaf};
use crate::extract::lexicon::phrases::sentences;
use crate::extract::lexicon::verbs;
use crate::extract::lexicon::verbs::VerbClass;
use crate::extract::page_log::PageLog;
use crate::extract::register::Rule;
use crate::extract::register::documents::READ_ONLY_AGREEMENT;
use crate::extract::register::page::{KEEPING_VERB, VERB_IN_FIRST_SENTENCE, VERB_IN_NAME, VERB_IN_TITLE};
use crate::extract::resolve::{Decision, Verdict};
use crate::extract::syntax::ast::Page;

/// What the name of a method and its page mean together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SideEffects {
    /// The method changes nothing.
    None,
    /// It may change something.
    Unknown,
    /// One source says that it reads and another contradicts, so that it may change something.
    Disputed,
}

/// Extracts the verbs of the name, of the title and of the first sentence with one, and any verb above the first heading that
/// means keeping something.
pub(crate) fn extract(page: &Page, method: &str, log: &mut PageLog) -> SideEffects {
    let preamble = page.sections.first().into_iter().flat_map(|preamble| preamble.paragraphs());
    let paragraphs: Vec<(String, usize)> = preamble.map(|text| (text.prose(), text.line)).collect();
    let name = verbs::of_name(method);
    let title = verbs::of_title(&page.title.prose());
    let text = paragraphs
        .iter()
        .find_map(|(prose, line)| verbs::of_sentence(prose, method).map(|class| (class, *line)));
    let keeps =
        paragraphs.iter().find(|(prose, _)| sentences(prose).any(verbs::keeps)).map(|(_, line)| *line);
    let effects = weigh(name, title, text.map(|(class, _)| class), keeps.is_some());
    let verb = |rule, class, line| Evidence::new(rule, class == VerbClass::Changes, line);
    let verbs = [
        name.map(|class| verb(&VERB_IN_NAME, class, 0)),
        title.map(|class| verb(&VERB_IN_TITLE, class, page.title.line)),
        text.map(|(class, line)| verb(&VERB_IN_FIRST_SENTENCE, class, line)),
        keeps.map(|line| verb(&KEEPING_VERB, VerbClass::Changes, line)),
    ];
    claim(verbs.into_iter().flatten().collect(), effects, log);
    effects
}

/// Claims whether the method changes something; verbs of the other class are outranked.
fn claim(mut verbs: Vec<Evidence<bool>>, effects: SideEffects, log: &mut PageLog) {
    let changes = effects != SideEffects::None;
    if !changes {
        let agreement: &'static Rule = &READ_ONLY_AGREEMENT;
        verbs.insert(0, Evidence::new(agreement, false, 0));
    }
    let verdict = |verb: &Evidence<bool>| match verb.value == changes {
        true => Verdict::Chosen,
        false => Verdict::Outranked,
    };
    let verdicts = verbs.iter().map(verdict).collect();
    let chosen = verbs.iter().position(|verb| verb.value == changes);
    log.ledger.decided(&verbs, &Decision { chosen, verdicts }, || Leaf::key("changes"));
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
        // Without a verb in the name, title and text of the page have to agree.
        None if by_page == 2 && !against => SideEffects::None,
        Some(VerbClass::Changes) if by_page == 2 => SideEffects::Disputed,
        _ => SideEffects::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_verbs_have_to_agree_and_none_to_contradict() {
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
