//! Whether a method can be called by an application alone.

use crate::descriptor::Context;
use crate::extract::lexicon::SectionKind;
use crate::extract::lexicon::preamble::{
    APPLICATION_CONTEXTS, OAUTH_TAB, OF_THE_METHOD, ONLY, WEBHOOK_TAB, WHO_METHOD, WRONG_CONTEXT,
};
use crate::extract::rules::errors::Errors;
use crate::extract::syntax::ast::{Block, Page, flat};

/// The context that a page asks for.
///
/// A sentence above the first heading decides: that the method works only in the context of an application, or that those
/// who may call it do so in one, or a row of the table of errors with the code that every other context is answered with.
/// Without such a sentence, examples that are authorized as an application, and none by a
/// webhook, say the same; but not those of a deprecated method, for old pages show whatever was at hand.
pub(crate) fn extract(page: &Page, errors: &Errors, deprecated: bool) -> Context {
    if matches(page) || refuses_others(errors) || (!deprecated && shows_so(page)) {
        Context::Application
    } else {
        Context::Any
    }
}

fn matches(page: &Page) -> bool {
    let Some(preamble) = page.sections.first() else { return false };
    let mut paragraphs = preamble.paragraphs();
    paragraphs.any(|text| text.prose().to_lowercase().split(". ").any(is_such_a_sentence))
}

fn refuses_others(errors: &Errors) -> bool {
    let mut codes = errors.rows.iter().flatten().filter_map(|row| row.code.as_deref());
    codes.any(|code| WRONG_CONTEXT.contains(&code))
}

fn is_such_a_sentence(sentence: &str) -> bool {
    if !APPLICATION_CONTEXTS.iter().any(|context| sentence.contains(context)) {
        return false;
    }
    let sentence = sentence.trim_start();
    let who = WHO_METHOD.iter().any(|label| sentence.starts_with(&label.to_lowercase()));
    let method = OF_THE_METHOD.iter().any(|subject| sentence.starts_with(subject));
    who || (method && sentence.split(|c: char| !c.is_alphanumeric()).any(|word| ONLY.contains(&word)))
}

fn shows_so(page: &Page) -> bool {
    let (mut oauth, mut webhook, mut other) = (false, false, false);
    for section in page.of_kind(SectionKind::Examples) {
        for block in flat(&section.blocks) {
            // The labels of tabs are lines of their own.
            let Block::Paragraph(text) = block else { continue };
            let label = text.prose().to_lowercase();
            oauth |= label.starts_with("curl") && label.ends_with(OAUTH_TAB);
            webhook |= label.starts_with("curl") && label.ends_with(WEBHOOK_TAB);
            other |= label == "curl";
        }
    }
    oauth && !webhook && !other
}
