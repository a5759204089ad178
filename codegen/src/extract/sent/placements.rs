//! Placements from the facts of their pages.

use std::collections::BTreeMap;

use crate::descriptor::{BINDING_METHOD, Deprecated, JsonType, Placement, Schema};
use crate::extract::facts::sent::SentFacts;
use crate::extract::rules::placements::{PlacementFacts, PlacementParts, Placements};
use crate::extract::sent::sources;
use crate::extract::source::links::without_ending;
use crate::extract::tables::placement_table::PlacementCode;

/// The pages about one placement, newest first.
#[derive(Default)]
struct Pages<'a> {
    /// Those that describe it.
    own: Vec<(&'a SentFacts, &'a PlacementFacts)>,
    /// Those that add to several placements.
    added: Vec<(&'a SentFacts, &'a PlacementParts)>,
    /// The page of the method that binds it.
    of_method: Vec<(&'a SentFacts, &'a Schema)>,
    /// Those that name it.
    named: Vec<&'a SentFacts>,
}

/// The placements that documents describe, by code. The facts are in the order of their documents.
pub(crate) fn draw(facts: &[SentFacts]) -> Vec<Placement> {
    let mut codes: BTreeMap<&str, (&PlacementCode, Pages<'_>)> = BTreeMap::new();
    let pages = || facts.iter().filter_map(|facts| Some((facts, facts.placements.as_ref()?)));
    for (facts, found) in pages() {
        for own in &found.own {
            let (_, pages) = codes.entry(&own.code.code).or_insert_with(|| (&own.code, Pages::default()));
            // What an older document says is outdated.
            if pages.own.first().is_none_or(|(newest, _)| newest.age == facts.age) {
                pages.own.push((facts, own));
            }
        }
    }
    for (facts, found) in pages() {
        for named in &found.named {
            let (_, pages) =
                codes.entry(&named.value.code).or_insert_with(|| (&named.value, Pages::default()));
            if pages.own.is_empty() {
                pages.named.push(facts);
            }
        }
    }
    for (code, pages) in codes.values_mut() {
        complete(code, pages, facts);
    }
    codes.into_values().map(|(code, pages)| pages.descriptor(code)).collect()
}

/// Adds the pages that are about several placements, or about the method that binds this one.
fn complete<'a>(code: &PlacementCode, pages: &mut Pages<'a>, all: &'a [SentFacts]) {
    let Some((newest, _)) = pages.own.first() else { return };
    let age = newest.age.clone();
    for facts in all.iter().filter(|facts| facts.age == age) {
        let Some(found) = &facts.placements else { continue };
        if found.meant.iter().any(|word| code.is_meant_by(word) || *word == code.code) {
            pages.added.push((facts, &found.added));
        }
        let is_linked = |(_, placements): &(&SentFacts, &Placements)| {
            placements.in_code && placements.links.contains(without_ending(&facts.source.path))
        };
        let own = pages.own.iter().filter_map(|(facts, _)| Some((*facts, facts.placements.as_ref()?)));
        if let Some(schema) = found.of_method.as_ref().filter(|_| own.into_iter().any(|own| is_linked(&own)))
        {
            pages.of_method.push((facts, schema));
        }
    }
}

impl Pages<'_> {
    fn descriptor(self, code: &PlacementCode) -> Placement {
        let facts = || {
            let own = self.own.iter().map(|(facts, _)| *facts);
            let of_method = self.of_method.iter().map(|(facts, _)| *facts);
            own.chain(self.added.iter().map(|(facts, _)| *facts))
                .chain(of_method)
                .chain(self.named.iter().copied())
        };
        let own = || self.own.iter().map(|(_, own)| *own);
        let parts = || own().map(|own| &own.parts).chain(self.added.iter().map(|(_, parts)| *parts));
        let is_reference = |page: &&String| page.starts_with("api-reference/");
        let pages = || facts().filter_map(|facts| facts.page.as_ref());
        let stated = facts().find_map(|facts| facts.placements.as_ref()?.method.as_ref());
        let of_subject = self.of_method.first().and_then(|(facts, _)| facts.subject.clone());
        let method = stated.map(|method| method.value.clone()).or(of_subject);
        let is_deprecated =
            !self.own.is_empty() && self.own.iter().all(|(facts, own)| facts.deprecated || own.deprecated);
        let of_method = self.of_method.iter().map(|(_, schema)| *schema);
        Placement {
            placement: code.code.clone(),
            pattern: code.pattern.clone(),
            scope: facts()
                .find_map(|facts| facts.scope.as_ref())
                .map(|found| found.value.clone())
                .unwrap_or_default(),
            deprecated: Deprecated::Flag(is_deprecated),
            undocumented: None,
            method: method.filter(|method| method != BINDING_METHOD),
            shown: own().find_map(|own| own.shown),
            options: parts().filter_map(|parts| parts.options.as_ref()).cloned().reduce(united),
            receives: parts()
                .filter_map(|parts| parts.receives.as_ref())
                .chain(of_method)
                .cloned()
                .reduce(united),
            page: pages().find(is_reference).or_else(|| pages().next()).cloned(),
            summary: None,
            sources: sources(facts()),
        }
    }
}

/// The object that two pages describe: the fields of both, those required that both require.
fn united(first: Schema, second: Schema) -> Schema {
    let is_null = |schema: &Schema| schema.types.0 == [JsonType::Null];
    match (is_null(&first), is_null(&second)) {
        (true, _) => return second,
        (_, true) => return first,
        _ => {}
    }
    let mut all = first;
    all.required.retain(|name| second.required.contains(name));
    for (name, schema) in second.properties {
        let of_name = all.properties.entry(name).or_default();
        if of_name.is_unknown() || is_null(of_name) {
            *of_name = schema;
        }
    }
    all
}
