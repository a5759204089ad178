//! The context that a method needs: whether only an application may call it.

use crate::descriptor::Context;
use crate::extract::evidence::Evidence;
use crate::extract::lexicon::headings::SectionKind;
use crate::extract::lexicon::phrases::sentences;
use crate::extract::lexicon::preamble::{
    APPLICATION_CONTEXTS, CURL_TAB, OAUTH_TAB, OF_THE_METHOD, ONLY, WEBHOOK_TAB, WHO_METHOD, WRONG_CONTEXT,
};
use crate::extract::register::page::{APPLICATION_CONTEXT_SENTENCE, OAUTH_ONLY_TABS, WRONG_CONTEXT_CODE};
use crate::extract::rules::errors::{ErrorRow, Errors};
use crate::extract::syntax::ast::{Block, Page, flat};

/// The context that a page requires.
///
/// A sentence above the first heading that limits the method to the context of an application decides, or a row of the table
/// of errors with the code for every other context. Without both, examples that are authorized by OAuth and none by a webhook
/// mean the same; except for a deprecated method, since old pages show examples of any kind.
pub(crate) fn extract(page: &Page, errors: &Errors, deprecated: bool) -> Option<Evidence<Context>> {
    let application = |rule, line| Evidence::new(rule, Context::Application, line);
    if let Some(line) = sentence(page) {
        return Some(application(&APPLICATION_CONTEXT_SENTENCE, line));
    }
    if let Some(line) = wrong_context_error(errors) {
        return Some(application(&WRONG_CONTEXT_CODE, line));
    }
    (!deprecated && shows_oauth_only(page)).then(|| application(&OAUTH_ONLY_TABS, 0))
}

/// The line of the sentence that limits the method to the context of an application.
fn sentence(page: &Page) -> Option<usize> {
    let mut paragraphs = page.sections.first()?.paragraphs();
    let found = paragraphs.find(|text| sentences(&text.prose()).any(requires_application));
    found.map(|text| text.line)
}

fn requires_application(sentence: &str) -> bool {
    APPLICATION_CONTEXTS.stand_in(sentence)
        && (WHO_METHOD.begin(sentence) || (OF_THE_METHOD.begin(sentence) && ONLY.are_words_of(sentence)))
}

/// The line of the error for every other context.
fn wrong_context_error(errors: &Errors) -> Option<usize> {
    let is_wrong_context =
        |row: &&ErrorRow| row.code.as_deref().is_some_and(|code| WRONG_CONTEXT.contains(&code));
    errors.rows.iter().flatten().find(is_wrong_context).map(|row| row.line)
}

fn shows_oauth_only(page: &Page) -> bool {
    let (mut oauth, mut webhook, mut other) = (false, false, false);
    for section in page.of_kind(SectionKind::Examples) {
        for block in flat(&section.blocks) {
            // The labels of tabs are paragraphs.
            let Block::Paragraph(text) = block else { continue };
            let label = text.prose();
            let Some(behind) = CURL_TAB.strip_from(&label) else { continue };
            oauth |= OAUTH_TAB.end(behind);
            webhook |= WEBHOOK_TAB.end(behind);
            other |= behind.is_empty();
        }
    }
    oauth && !webhook && !other
}
