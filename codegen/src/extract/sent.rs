//! The descriptors of what a portal sends to an application beside events: placements and handlers, each from the facts of all
//! its pages.

pub(crate) mod handlers;
pub(crate) mod placements;

use crate::descriptor::Source;
use crate::extract::facts::sent::SentFacts;

/// Facts in the order of their documents: newest first, Markdown before rendered text.
pub(crate) fn in_order(facts: &mut [SentFacts]) {
    facts.sort_by_cached_key(|facts| (facts.age.clone(), facts.form, facts.source.path.clone()));
}

/// The sources of a descriptor.
fn sources<'a>(facts: impl Iterator<Item = &'a SentFacts>) -> Vec<Source> {
    let mut sources: Vec<Source> = Vec::new();
    for facts in facts {
        let (file, revision) = (facts.source.path.clone(), facts.revision.clone());
        if sources.iter().all(|known| known.file != file) {
            sources.push(Source { form: facts.form, file, revision, decided: Vec::new() });
        }
    }
    sources
}
