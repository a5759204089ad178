//! The shape of a result: what examples and type together show of its objects, lists and maps.

use indexmap::IndexMap;
use serde_json::Value;

use crate::descriptor::{AdditionalProperties, JsonType, Schema};
use crate::extract::evidence::Evidence;
use crate::extract::lexicon::results::OF_A_FIELD;
use crate::schema::accepts::{accepts, is_empty_form};
use crate::schema::join::readable;

/// A place in a result, and what is told of it.
#[derive(Debug, Default)]
pub(super) struct Node<'a> {
    /// What the examples show there.
    pub(super) samples: Vec<&'a Value>,
    /// The type that TypeScript gives it; parts of it that are nodes of their own stand there as well.
    pub(super) typed: Option<Schema>,
    /// The type that a table gives it.
    pub(super) from_table: Option<Evidence<Schema>>,
    pub(super) inner: Inner<'a>,
}

/// What is inside of a place.
#[derive(Debug, Default)]
pub(super) enum Inner<'a> {
    #[default]
    Leaf,
    Object(IndexMap<String, Node<'a>>),
    List(Box<Node<'a>>),
    Map(Box<Node<'a>>),
    /// A map of descriptions of fields, by their names.
    Fields(Box<Node<'a>>),
}

/// How deep a result is looked into.
const DEPTH: usize = 40;

/// The shape that examples and a type show.
pub(super) fn build(samples: Vec<&Value>, typed: Option<Schema>, depth: usize) -> Node<'_> {
    let typed = typed.filter(|typed| !typed.is_unknown());
    let inner = if depth < DEPTH { inner(&samples, typed.as_ref(), depth + 1) } else { Inner::Leaf };
    Node { samples, typed, from_table: None, inner }
}

/// A list or an object, as far as the examples agree on it; the type alone where they show nothing.
fn inner<'a>(samples: &[&'a Value], typed: Option<&Schema>, depth: usize) -> Inner<'a> {
    let live: Vec<&'a Value> = samples.iter().copied().filter(|value| !is_empty_form(value)).collect();
    let kind = typed.and_then(|typed| typed.types.single());
    let objects = live.iter().filter(|value| value.is_object()).count();
    let lists = live.iter().filter(|value| value.is_array()).count();
    if objects + lists < live.len() {
        return Inner::Leaf;
    }
    if live.is_empty() {
        return match kind {
            Some(JsonType::Object) => object(&live, typed, depth),
            Some(JsonType::Array) => list(&live, typed, depth),
            // An empty list may be PHP's empty object, and says nothing.
            _ => Inner::Leaf,
        };
    }
    let values = free_values(typed);
    if let Some(values) = values.filter(|values| children(&live).all(|(_, child)| fits_in_map(values, child)))
    {
        return map(&live, Some(values.clone()), depth);
    }
    if lists == 0 {
        return object(&live, typed, depth);
    }
    if objects == 0 || live.iter().all(|value| value.is_array() || has_number_keys(value)) {
        return list(&live, typed, depth);
    }
    Inner::Leaf
}

/// The type of the values of a map, if one type reads them all. The fields of the examples say more than several types do.
fn free_values(typed: Option<&Schema>) -> Option<&Schema> {
    match &typed?.additional {
        Some(AdditionalProperties::Of(values)) => Some(&**values).filter(|values| readable(values).is_some()),
        _ => None,
    }
}

/// Whether a value may be one of such a map; structure is looked at later, and without the type where it does not fit.
fn fits_in_map(values: &Schema, child: &Value) -> bool {
    match values.types.single() {
        Some(JsonType::Object) => child.is_object() || is_empty_form(child),
        Some(JsonType::Array) => child.is_array() || is_empty_form(child),
        _ => is_empty_form(child) || accepts(values, child),
    }
}

/// The children of lists and objects with their keys, those of lists without.
fn children<'a>(live: &[&'a Value]) -> impl Iterator<Item = (Option<&'a str>, &'a Value)> {
    live.iter().copied().flat_map(|value| {
        let of_object =
            value.as_object().into_iter().flatten().map(|(key, child)| (Some(key.as_str()), child));
        let of_list = value.as_array().into_iter().flatten().map(|child| (None, child));
        of_object.chain(of_list)
    })
}

fn has_number_keys(value: &Value) -> bool {
    value.as_object().is_some_and(|map| map.keys().all(|key| key.parse::<i64>().is_ok()))
}

fn list<'a>(live: &[&'a Value], typed: Option<&Schema>, depth: usize) -> Inner<'a> {
    let items = typed.and_then(|typed| typed.items.as_deref().cloned());
    Inner::List(Box::new(build(children(live).map(|(_, child)| child).collect(), items, depth)))
}

fn map<'a>(live: &[&'a Value], values: Option<Schema>, depth: usize) -> Inner<'a> {
    let values = build(children(live).map(|(_, child)| child).collect(), values, depth);
    if describes_field(&values) { Inner::Fields(Box::new(values)) } else { Inner::Map(Box::new(values)) }
}

fn object<'a>(live: &[&'a Value], typed: Option<&Schema>, depth: usize) -> Inner<'a> {
    if live.is_empty()
        && let Some(values) = free_values(typed)
    {
        return map(live, Some(values.clone()), depth);
    }
    if !live.is_empty() && live.iter().all(|value| has_number_keys(value)) {
        let is_list = typed.and_then(|typed| typed.types.single()) == Some(JsonType::Array);
        return if is_list { list(live, typed, depth) } else { map(live, None, depth) };
    }
    if are_descriptions(live) {
        return map(live, free_values(typed).cloned(), depth);
    }
    let mut samples: IndexMap<&str, Vec<&'a Value>> = IndexMap::new();
    for (name, child) in children(live) {
        samples.entry(name.unwrap_or_default()).or_default().push(child);
    }
    let empty = IndexMap::new();
    let types = typed.map_or(&empty, |typed| &typed.properties);
    let mut fields = IndexMap::new();
    for (name, samples) in samples {
        fields.insert(name.to_owned(), build(samples, types.get(name).cloned(), depth));
    }
    for (name, of_field) in types {
        if !fields.contains_key(name) {
            fields.insert(name.clone(), build(Vec::new(), Some(of_field.clone()), depth));
        }
    }
    if fields.is_empty() { Inner::Leaf } else { Inner::Object(fields) }
}

/// Whether objects hold nothing but descriptions of fields under the names of the fields.
fn are_descriptions(live: &[&Value]) -> bool {
    let mut count = 0;
    for (_, child) in children(live) {
        count += 1;
        let says = |key| child.get(key).is_some();
        let has_type = child.get("type").or_else(|| child.get("TYPE")).is_some_and(Value::is_string);
        if !has_type || !OF_A_FIELD.iter().any(|key| says(*key)) {
            return false;
        }
    }
    count > 1
}

/// Whether a node is the description of a field.
fn describes_field(node: &Node<'_>) -> bool {
    let Inner::Object(fields) = &node.inner else { return false };
    let names: Vec<&str> = fields.keys().map(String::as_str).collect();
    let has_type = names.iter().any(|name| name.eq_ignore_ascii_case("type"));
    has_type && names.iter().any(|name| OF_A_FIELD.contains(name))
}
