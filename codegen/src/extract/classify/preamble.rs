//! The lines above the first heading that classify a page.

use crate::extract::lexicon::preamble::{SCOPE_LABELS, WHO_METHOD, WHO_METHODS, WHO_SUBSCRIBES};
use crate::extract::syntax::ast::{Page, Text};

/// The subject of the line on who may use something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// The one method of the page.
    Method,
    /// Several methods.
    Methods,
    /// An event.
    Event,
}

/// The lines above the first heading that classify a page.
#[derive(Debug, Default)]
pub(crate) struct Preamble<'a> {
    pub(crate) audience: Option<Audience>,
    /// The paragraph that begins with the label of scopes, and the next one: rendered pages have the scopes there.
    pub(crate) scope: Option<(&'a Text, Option<&'a Text>)>,
}

impl<'a> Preamble<'a> {
    pub(crate) fn of(page: &'a Page) -> Self {
        let mut found = Self::default();
        let Some(section) = page.sections.first() else { return found };
        let mut paragraphs = section.paragraphs().peekable();
        while let Some(text) = paragraphs.next() {
            let prose = text.prose();
            if found.scope.is_none() && SCOPE_LABELS.strip_from(&prose).is_some() {
                found.scope = Some((text, paragraphs.peek().copied()));
            }
            found.audience = found.audience.or_else(|| audience(&prose));
        }
        found
    }
}

/// The label begins its line, except where rendering has joined it to the scopes.
fn audience(prose: &str) -> Option<Audience> {
    [(WHO_METHOD, Audience::Method), (WHO_METHODS, Audience::Methods), (WHO_SUBSCRIBES, Audience::Event)]
        .into_iter()
        .find_map(|(labels, audience)| labels.stand_in(prose).then_some(audience))
}
