//! What stands above the first heading of a page and tells what the page is about.

use crate::extract::lexicon::SCOPE_LABELS;
use crate::extract::lexicon::preamble::{WHO_METHOD, WHO_METHODS, WHO_SUBSCRIBES};
use crate::extract::syntax::ast::{Page, Text};

/// Of whom a page says who may use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Of the one method that it is about.
    Method,
    /// Of several methods.
    Methods,
    /// Of an event.
    Event,
}

/// The lines above the first heading that tell what a page is about.
#[derive(Debug, Default)]
pub(crate) struct Head<'a> {
    pub(crate) who: Option<Who>,
    /// The paragraph that names scopes, and the one behind it: rendering puts the scopes into a paragraph of their own.
    pub(crate) scope: Option<(&'a Text, Option<&'a Text>)>,
}

impl<'a> Head<'a> {
    pub(crate) fn of(page: &'a Page) -> Self {
        let mut head = Self::default();
        let Some(preamble) = page.sections.first() else { return head };
        let mut paragraphs = preamble.paragraphs().peekable();
        while let Some(text) = paragraphs.next() {
            let prose = text.prose();
            if head.scope.is_none() && SCOPE_LABELS.iter().any(|label| prose.starts_with(label)) {
                head.scope = Some((text, paragraphs.peek().copied()));
            }
            head.who = head.who.or_else(|| who(&prose));
        }
        head
    }
}

/// The label stands at the head of its line, or where rendering has glued it to the scopes.
fn who(prose: &str) -> Option<Who> {
    let says = |labels: &[&str]| labels.iter().any(|label| prose.contains(label));
    [(WHO_METHOD, Who::Method), (WHO_METHODS, Who::Methods), (WHO_SUBSCRIBES, Who::Event)]
        .into_iter()
        .find_map(|(labels, who)| says(labels).then_some(who))
}
