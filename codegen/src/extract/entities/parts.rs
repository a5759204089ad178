//! What is inside of the fields of an entity: a table on the same page to which the type of the field links, or the fields that
//! other pages list for the word of its type.

use std::collections::HashMap;

use indexmap::IndexMap;

use crate::descriptor::{JsonType, Schema};
use crate::extract::evidence::Evidence;
use crate::extract::register::Rule;
use crate::extract::register::entities::{FIELDS_IN_A_LINKED_SECTION, FIELDS_OF_A_TYPE};
use crate::extract::rules::returns::resolve::letters;
use crate::extract::rules::returns::tree::{Inner, Node};
use crate::extract::tables::field_table::TypedField;
use crate::schema::accepts::is_empty_form;

/// The fields of the sections of a page, by the anchors of the sections.
pub(crate) type Sections = HashMap<String, Vec<TypedField>>;

/// The fields that belong to a word for a type, by the letters of the word.
pub(crate) type TypeFields = HashMap<String, Vec<(String, Schema)>>;

/// How many objects a field may hold inside one another.
const DEPTH: usize = 3;

/// The node of a field of the table below an anchor, with the fields of the section that its type links to. A section
/// that is open already ends the recursion: an entity does not contain itself.
pub(super) fn node<'a>(
    field: &TypedField,
    anchor: Option<&str>,
    sections: &Sections,
    rule: &'static Rule,
    rules: &mut Vec<&'static Rule>,
) -> Node<'a> {
    let mut open: Vec<&str> = anchor.into_iter().collect();
    linked(field, sections, rule, &mut open, rules)
}

fn linked<'a, 'd>(
    field: &'d TypedField,
    sections: &'d Sections,
    rule: &'static Rule,
    open: &mut Vec<&'d str>,
    rules: &mut Vec<&'static Rule>,
) -> Node<'a> {
    let from_table = field.schema.clone().map(|schema| Evidence::new(rule, schema, field.line));
    let plain = Node { from_table, ..Node::default() };
    let Some(anchor) = field.section.as_deref().filter(|anchor| !open.contains(anchor)) else { return plain };
    let Some(fields) = sections.get(anchor).filter(|_| open.len() <= DEPTH) else { return plain };
    let Some(is_list) = field.schema.as_ref().and_then(holds_objects) else { return plain };
    rules.push(&FIELDS_IN_A_LINKED_SECTION);
    open.push(anchor);
    let inside = fields
        .iter()
        .map(|field| (field.name.clone(), linked(field, sections, &FIELDS_IN_A_LINKED_SECTION, open, rules)));
    let inside: IndexMap<String, Node<'a>> = inside.collect();
    open.pop();
    Node { inner: structure(inside, is_list), ..plain }
}

/// Whether a documented type is a list of objects, or an object; `None` for any other.
fn holds_objects(schema: &Schema) -> Option<bool> {
    let of_items =
        || schema.items.as_deref().is_some_and(|items| items.types.single() == Some(JsonType::Object));
    match schema.types.single() {
        Some(JsonType::Object) => Some(false),
        Some(JsonType::Array) if of_items() => Some(true),
        _ => None,
    }
}

fn structure(fields: IndexMap<String, Node<'_>>, is_list: bool) -> Inner<'_> {
    let object = Inner::Object(fields);
    if is_list { Inner::List(Box::new(Node { inner: object, ..Node::default() })) } else { object }
}

/// Adds what is inside of a node to a field that shows nothing else there.
pub(super) fn absorb<'a>(field: &mut Node<'a>, further: Node<'a>) {
    let fits = match (&field.inner, &further.inner) {
        (_, Inner::Leaf) | (Inner::Object(_), Inner::Object(_)) => true,
        (Inner::Leaf, _) => field.samples.iter().all(|sample| is_empty_form(sample)),
        _ => false,
    };
    field.absorb(if fits { further } else { Node { inner: Inner::Leaf, ..further } });
}

/// Adds the fields that belong to the types of the fields of an entity. `name` is the entity: it does not contain itself.
pub(super) fn add_types(object: &mut Node<'_>, name: &str, types: &TypeFields) -> Vec<&'static Rule> {
    let Inner::Object(fields) = &mut object.inner else { return Vec::new() };
    let mut rules = Vec::new();
    for field in fields.values_mut() {
        let is_open = matches!(field.inner, Inner::Leaf)
            && field.samples.iter().all(|sample| is_empty_form(sample))
            && field.typed.as_ref().is_none_or(|typed| typed.types.is_empty() || is_bare_list(typed));
        let tables = field.from_table.iter().chain(&field.further_tables);
        let word = tables.map(|found| &found.value).find_map(word_of).filter(|_| is_open);
        let Some((word, is_list)) = word.filter(|(word, _)| letters(word) != letters(name)) else { continue };
        let Some(of_type) = types.get(&letters(word)) else { continue };
        let inside = of_type.iter().map(|(name, schema)| {
            let from_table = Some(Evidence::new(&FIELDS_OF_A_TYPE, schema.clone(), 0));
            (name.clone(), Node { from_table, ..Node::default() })
        });
        field.inner = structure(inside.collect(), is_list);
        rules.push(&FIELDS_OF_A_TYPE);
    }
    rules
}

/// The word of a type that JSON has no word for, and whether the type is a list of it.
fn word_of(schema: &Schema) -> Option<(&str, bool)> {
    let (schema, is_list) = match &schema.items {
        Some(items) => (items.as_ref(), true),
        None => (schema, false),
    };
    Some((schema.format.as_deref().filter(|_| schema.types.is_empty())?, is_list))
}

/// Whether a type is a list of unknown items.
fn is_bare_list(schema: &Schema) -> bool {
    schema.types.single() == Some(JsonType::Array)
        && schema.items.as_ref().is_none_or(|items| items.is_unknown())
}
