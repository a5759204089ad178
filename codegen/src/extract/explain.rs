//! Explanations of single leaves of a descriptor.

use serde::Serialize;
use serde_json::Value;

use crate::descriptor::{Api, Descriptor};
use crate::diagnostic::Diagnostic;
use crate::extract::evidence::Leaf;
use crate::extract::ledger::Entry;
use crate::extract::pipeline::Import;

/// The evidence on one part of a descriptor.
#[derive(Debug, Serialize)]
pub struct Explanation<'a> {
    /// The value in the descriptor.
    pub value: Value,
    /// The evidence, by keyword, and in the order in which it was weighed.
    pub evidence: Vec<&'a Entry>,
}

/// Explains the part of a method's descriptor at a JSON Pointer, from an import that kept the evidence on the method.
///
/// # Errors
/// If the documents do not describe the method, or its descriptor has no such part.
pub fn explain<'a>(
    import: &'a Import,
    api: Api,
    method: &str,
    pointer: &str,
) -> Result<Explanation<'a>, Diagnostic> {
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
    let is_wanted = |entry: &&Entry| {
        entry.leaf.names == wanted.names && (!names_keyword || entry.leaf.keyword == wanted.keyword)
    };
    let mut evidence: Vec<&Entry> = import.evidence.iter().filter(is_wanted).collect();
    evidence.sort_by_key(|entry| (entry.leaf.keyword != "type", entry.leaf.keyword));
    Ok(Explanation { value, evidence })
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
