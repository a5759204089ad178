//! Families of events with one payload, whose names differ in a part.

use crate::extract::events::{ByName, EventFacts, Role};
use crate::extract::evidence::Evidence;
use crate::extract::lexicon::events::{family_name, numbered_family};
use crate::extract::register::events::EVENT_FAMILY;

/// The variable part of a name if no document names it.
const UNNAMED: &str = "id";

/// A name of a family in a document.
#[derive(Debug)]
pub(crate) struct FamilyMention {
    /// The name before the part that differs. Empty: the document has the part alone.
    base: String,
    /// The word for the part. `None`: the document shows a number.
    part: Option<String>,
    facts: EventFacts,
}

/// Takes the names of families out of the facts. A name with a number is of a family only if the name before it is an event's.
pub(crate) fn take(all: &mut Vec<EventFacts>) -> Vec<FamilyMention> {
    let names: Vec<String> =
        all.iter().filter_map(|facts| Some(facts.title.as_ref()?.value.to_ascii_lowercase())).collect();
    let mut families = Vec::new();
    let mut others = Vec::with_capacity(all.len());
    for facts in std::mem::take(all) {
        let title = facts.title.as_ref().map(|title| title.value.clone()).unwrap_or_default();
        let numbered = numbered_family(&title).filter(|base| names.contains(&base.to_ascii_lowercase()));
        if facts.role != Role::Mention {
            others.push(facts);
        } else if let Some((base, part)) = family_name(&title) {
            families.push(FamilyMention { base: base.to_owned(), part: Some(part.to_owned()), facts });
        } else if let Some(base) = numbered {
            families.push(FamilyMention { base: base.to_owned(), part: None, facts });
        } else {
            others.push(facts);
        }
    }
    *all = others;
    families
}

/// Gives the events of families their patterns. A family of which only the names are documented is an event too.
pub(crate) fn add(families: Vec<FamilyMention>, by_name: &mut ByName) {
    let folder = |path: &str| path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
    let parts: Vec<(String, String)> = families
        .iter()
        .filter(|family| family.base.is_empty())
        .filter_map(|family| Some((folder(&family.facts.source.path), family.part.clone()?)))
        .collect();
    let (mut named, numbered): (Vec<_>, Vec<_>) = families
        .into_iter()
        .filter(|family| !family.base.is_empty())
        .partition(|family| family.part.is_some());
    named.extend(numbered);
    for FamilyMention { base, part, mut facts } in named {
        let known = by_name.entry(base.to_ascii_lowercase()).or_default();
        if known.is_empty() {
            facts.name.clone_from(&base);
            known.push(facts);
        }
        for event in known.iter_mut().filter(|event| event.pattern.is_none()) {
            let near = parts.iter().find(|(at, _)| *at == folder(&event.source.path)).map(|(_, part)| part);
            let part = part.as_ref().or(near).map_or(UNNAMED, String::as_str);
            let pattern = format!("{}_{{{part}}}", event.name);
            event.ledger.fire(&EVENT_FAMILY);
            event.pattern = Some(Evidence::new(&EVENT_FAMILY, pattern, 0));
        }
    }
}
