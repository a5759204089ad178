//! Whether a method can be called by an application alone.

use crate::descriptor::Context;
use crate::extract::evidence::Evidence;
use crate::extract::lexicon::headings::SectionKind;
use crate::extract::lexicon::preamble::{
    APPLICATION_CONTEXTS, OAUTH_TAB, OF_THE_METHOD, ONLY, WEBHOOK_TAB, WHO_METHOD, WRONG_CONTEXT,
};
use crate::extract::register::page::{APPLICATION_CONTEXT_SENTENCE, OAUTH_ONLY_TABS, WRONG_CONTEXT_CODE};
use crate::extract::rules::errors::{ErrorRow, Errors};
use crate::extract::syntax::ast::{Block, Page, flat};

/// The context that a page asks for.
///
/// A sentence above the first heading decides: that the method works only in the context of an application, or that those
/// who may call it do so in one, or a row of the table of errors with the code that every other context is answered with.
/// Without such a sentence, examples that are authorized as an application, and none by a
/// webhook, say the same; but not those of a deprecated method, for old pages show whatever was at hand.
pub(crate) fn extract(page: &Page, errors: &Errors, deprecated: bool) -> Option<Evidence<Context>> {
    let by_sentence =
        || Some(Evidence::new(&APPLICATION_CONTEXT_SENTENCE, Context::Application, sentence(page)?));
    let by_code = || Some(Evidence::new(&WRONG_CONTEXT_CODE, Context::Application, refusal(errors)?));
    let by_tabs = || {
        let only_oauth = !deprecated && shows_oauth_only(page);
        only_oauth.then(|| Evidence::new(&OAUTH_ONLY_TABS, Context::Application, 0))
    };
    by_sentence().or_else(by_code).or_else(by_tabs)
}

/// The line of the sentence that limits the method to the context of an application.
fn sentence(page: &Page) -> Option<usize> {
    let mut paragraphs = page.sections.first()?.paragraphs();
    let found = paragraphs.find(|text| text.prose().to_lowercase().split(". ").any(is_such_a_sentence));
    found.map(|text| text.line)
}

/// The line of the error that every other context is answered with.
fn refusal(errors: &Errors) -> Option<usize> {
    let is_refusal = |row: &&ErrorRow| row.code.as_deref().is_some_and(|code| WRONG_CONTEXT.contains(&code));
    errors.rows.iter().flatten().find(is_refusal).map(|row| row.line)
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

fn shows_oauth_only(page: &Page) -> bool {
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
