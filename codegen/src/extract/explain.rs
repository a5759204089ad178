//! Explanations of single leaves of a descriptor.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::Value;

use crate::descriptor::{Api, Descriptor, Event, Source};
use crate::diagnostic::Diagnostic;
use crate::extract::evidence::Leaf;
use crate::extract::ledger::Entry;
use crate::extract::pipeline::Import;

/// The evidence on one part of a descriptor.
#[derive(Debug, Serialize)]
pub struct Explanation<'a> {
    /// The value in the descriptor.
    pub value: Value,
    /// The entity that it is a field of. The evidence is that of all pages of the entity's methods.
    pub entity: Option<String>,
    /// The evidence, by keyword, and in the order in which it was weighed.
    pub evidence: Vec<&'a Entry>,
    /// The documents and patches of a placement or a handler, the newest first: their rules read whole tables and examples, so that there
    /// is no evidence on single values.
    pub sources: &'a [Source],
}

/// Explains the part of the descriptor of a method, an event, a placement or a handler at a JSON Pointer, from an import that kept the
/// evidence on it.
///
/// # Errors
/// If the documents describe nothing of this name, or its descriptor has no such part.
pub fn explain<'a>(
    import: &'a Import,
    api: Api,
    method: &str,
    pointer: &str,
) -> Result<Explanation<'a>, Diagnostic> {
    if let Some(event) = import.events.iter().find(|known| known.is_named(method)) {
        return explain_event(import, event, pointer);
    }
    if let Some(sent) = Sent::named(import, method) {
        return sent.explain(pointer);
    }
    let is_method = |known: &&Descriptor| known.api == api && known.method.eq_ignore_ascii_case(method);
    let Some(descriptor) = import.descriptors.iter().find(is_method) else {
        let other = if api == Api::V2 { "v3" } else { "v2" };
        return Err(Diagnostic::error(format!("no document describes {method}"))
            .expecting(format!("the name of a method as the documentation spells it, or `--api {other}`")));
    };
    let json = serde_json::to_value(descriptor).unwrap_or_default();
    let value = json.pointer(pointer).cloned().ok_or_else(|| no_such_part(&json, method, pointer))?;
    let wanted = Leaf::of_pointer(pointer);
    let names_keyword = pointer.rsplit('/').next() == Some(wanted.keyword);
    let files = |descriptor: &'a Descriptor| descriptor.sources.iter().map(|source| source.file.as_str());
    let own: HashSet<&str> = files(descriptor).collect();
    let of_others: HashSet<&str> = import.descriptors.iter().flat_map(files).collect();
    let entity = entity_above(&json, pointer);
    let is_named = |entry: &Entry| {
        // Recorded traffic is the source of no descriptor.
        let of_another = of_others.contains(entry.file.as_str()) && !own.contains(entry.file.as_str());
        let is_own = entry.leaf.names == wanted.names && !of_another;
        let field = entity.as_ref().map(|(_, field)| field.as_slice());
        is_own || field.is_some_and(|field| is_about(&entry.leaf, field))
    };
    let is_wanted =
        |entry: &&Entry| is_named(entry) && (!names_keyword || entry.leaf.keyword == wanted.keyword);
    let mut evidence: Vec<&Entry> = import.evidence.iter().filter(is_wanted).collect();
    evidence.sort_by_key(|entry| (entry.leaf.keyword != "type", entry.leaf.keyword));
    Ok(Explanation { value, entity: entity.map(|(name, _)| name), evidence, sources: &[] })
}

/// Explains a part of an event.
fn explain_event<'a>(
    import: &'a Import,
    event: &Event,
    pointer: &str,
) -> Result<Explanation<'a>, Diagnostic> {
    let json = serde_json::to_value(event).unwrap_or_default();
    let value = json.pointer(pointer).cloned().ok_or_else(|| no_such_part(&json, &event.event, pointer))?;
    let wanted = Leaf::of_pointer(pointer);
    let names_keyword = pointer.rsplit('/').next() == Some(wanted.keyword);
    let files: HashSet<&str> = event.sources.iter().map(|source| source.file.as_str()).collect();
    let is_wanted = |entry: &&Entry| {
        entry.leaf.names == wanted.names
            && files.contains(entry.file.as_str())
            && (!names_keyword || entry.leaf.keyword == wanted.keyword)
    };
    let mut evidence: Vec<&Entry> = import.evidence.iter().filter(is_wanted).collect();
    evidence.sort_by_key(|entry| (entry.leaf.keyword != "type", entry.leaf.keyword));
    Ok(Explanation { value, entity: None, evidence, sources: &[] })
}

/// A placement or a handler.
struct Sent<'a> {
    name: &'a str,
    json: Value,
    sources: &'a [Source],
}

impl<'a> Sent<'a> {
    fn named(import: &'a Import, name: &str) -> Option<Self> {
        let placements = import.placements.iter().map(|placement| {
            let name = placement.placement.as_str();
            (name, &placement.sources, serde_json::to_value(placement))
        });
        let handlers = import
            .handlers
            .iter()
            .map(|handler| (handler.handler.as_str(), &handler.sources, serde_json::to_value(handler)));
        let mut all = placements.chain(handlers);
        let (name, sources, json) = all.find(|(known, ..)| known.eq_ignore_ascii_case(name))?;
        Some(Self { name, json: json.unwrap_or_default(), sources })
    }

    fn explain(&self, pointer: &str) -> Result<Explanation<'a>, Diagnostic> {
        let value = self.json.pointer(pointer).cloned();
        let value = value.ok_or_else(|| no_such_part(&self.json, self.name, pointer))?;
        Ok(Explanation { value, entity: None, evidence: Vec::new(), sources: self.sources })
    }
}

/// The innermost entity on the way to a value, and the names from there to the value; `None` if there is no entity.
fn entity_above(json: &Value, pointer: &str) -> Option<(String, Vec<String>)> {
    let mut above = pointer;
    while let Some((parent, _)) = above.rsplit_once('/') {
        above = parent;
        if let Some(name) = json.pointer(above)?.get("entity").and_then(Value::as_str) {
            let depth = Leaf::of_pointer(above).names.len();
            let names = Leaf::of_pointer(pointer).names.split_off(depth);
            return Some((name.to_owned(), names)).filter(|(_, names)| !names.is_empty());
        }
    }
    None
}

/// Whether evidence on some page of a family is about this field of its entity.
fn is_about(leaf: &Leaf, field: &[String]) -> bool {
    let is_in_schema = leaf.names.first().is_some_and(|root| matches!(root.as_str(), "params" | "returns"));
    is_in_schema && leaf.names.len() > field.len() && leaf.names.ends_with(field)
}

/// Lists the names in the deepest part of the path that exists.
fn no_such_part(json: &Value, method: &str, pointer: &str) -> Diagnostic {
    let mut known = pointer;
    while json.pointer(known).is_none() {
        known = known.rsplit_once('/').map_or("", |(parent, _)| parent);
    }
    let names = json.pointer(known).and_then(Value::as_object);
    let names: Vec<&str> = names.into_iter().flat_map(|map| map.keys().map(String::as_str)).collect();
    let below = if known.is_empty() { "/" } else { known };
    Diagnostic::error(format!("the descriptor of {method} has no {pointer}"))
        .expecting(format!("a JSON Pointer; below {below} there are: {}", names.join(", ")))
}
