//! The order of the documents about a method.
//!
//! They are ordered by age, newest first: by the day of their snapshot, or else by the day in the response that they show.
//! Documents without a day come last, since the oldest forms show no response. Of equal age, Markdown comes before rendered
//! text, which has lost a part of the page, and the page named after the method before others.

use crate::extract::facts::PageFacts;
use crate::extract::register::Rule;
use crate::extract::register::documents::{MAIN_PAGE, MARKDOWN_BEFORE_RENDERED};

/// The order of documents: the first one that has a key decides it.
pub(crate) fn precedence(facts: &PageFacts) -> impl Ord + use<> {
    (facts.age.clone(), facts.form, !facts.main_page, facts.source.path.clone())
}

/// The rule that puts one document before the next one of the same age.
pub(super) fn rule(first: &PageFacts, second: &PageFacts) -> Option<&'static Rule> {
    if first.age != second.age {
        return None;
    }
    match (first.form, first.main_page) {
        (form, _) if form != second.form => Some(&MARKDOWN_BEFORE_RENDERED),
        (_, true) if !second.main_page => Some(&MAIN_PAGE),
        _ => None,
    }
}
