//! What stands above the first heading of a page and tells what the page is about.

use crate::extract::lexicon::preamble::SCOPE_LABELS;
use crate::extract::lexicon::preamble::{WHO_METHOD, WHO_METHODS, WHO_SUBSCRIBES};
use crate::extract::syntax::ast::{Page, Text};

/// Of whom a page says who may use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Of the one method that it is about.
    Method,
    /// Of several methods.
    Methods,
    /// Of an event.
    Event,
}

/// The lines above the first heading that tell what a page is about.
#[derive(Debug, Default)]
pub(crate) struct Preamble<'a> {
    pub(crate) audience: Option<Audience>,
    /// The paragraph that names scopes, and the one behind it: rendering puts the scopes into a paragraph of their own.
    pub(crate) scope: Option<(&'a Text, Option<&'a Text>)>,
}

impl<'a> Preamble<'a> {
    pub(crate) fn of(page: &'a Page) -> Self {
        let mut found = Self::default();
        let Some(section) = page.sections.first() else { return found };
        let mut paragraphs = section.paragraphs().peekable();
        while let Some(text) = paragraphs.next() {
            let prose = text.prose();
            if found.scope.is_none() && SCOPE_LABELS.iter().any(|label| prose.starts_with(label)) {
                found.scope = Some((text, paragraphs.peek().copied()));
            }
            found.audience = found.audience.or_else(|| audience(&prose));
        }
        found
    }
}

/// The label stands at the head of its line, or where rendering has glued it to the scopes.
fn audience(prose: &str) -> Option<Audience> {
    let says = |labels: &[&str]| labels.iter().any(|label| prose.contains(label));
    [(WHO_METHOD, Audience::Method), (WHO_METHODS, Audience::Methods), (WHO_SUBSCRIBES, Audience::Event)]
        .into_iter()
        .find_map(|(labels, audience)| says(labels).then_some(audience))
}
