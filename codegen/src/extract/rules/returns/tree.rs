//! The structure of a result: the objects, lists and maps that the examples and the TypeScript type show.

mod by_data;
pub(crate) mod forms;
mod keys;

use indexmap::IndexMap;
use serde_json::Value;

use crate::descriptor::{AdditionalProperties, JsonType, Schema};
use crate::extract::evidence::Evidence;
use crate::extract::register::Rule;
use crate::extract::register::returns::{
    FIELDS_OF_ALL_ROWS, KEYS_OF_DATA_ARE_A_MAP, LANGUAGE_KEYS_ARE_A_MAP, MAP_IN_TYPESCRIPT_AND_EXAMPLE,
    MAP_OF_FIELD_DESCRIPTIONS, NUMBER_KEYS_ARE_A_LIST, NUMBER_KEYS_ARE_A_MAP, TYPESCRIPT_ADDS_FIELDS,
};
use crate::extract::rules::returns::tree::forms::{Forms, forms};
use crate::extract::rules::returns::tree::keys::{
    are_descriptions, are_languages, children, describes_field, has_number_keys, have_keys_of_data,
};
use crate::schema::accepts::{accepts, is_empty_form};
use crate::schema::join::readable;

/// A value in a result, and the evidence on it.
#[derive(Debug, Default)]
pub(crate) struct Node<'a> {
    /// The values in the examples.
    pub(crate) samples: Vec<&'a Value>,
    /// The TypeScript type, with the parts of it that are nodes below this one.
    pub(crate) typed: Option<Schema>,
    /// The type in a table.
    pub(crate) from_table: Option<Evidence<Schema>>,
    /// The types in tables of other pages about the same value.
    pub(crate) further_tables: Vec<Evidence<Schema>>,
    pub(crate) inner: Inner<'a>,
    /// The rules that decide what is inside, but for the plain structure of the examples.
    pub(crate) rules: Vec<&'static Rule>,
}

impl Inner<'_> {
    /// Whether this is a list with nothing known of its items.
    fn is_blank_list(&self) -> bool {
        matches!(self, Self::List(items) if items.is_blank())
    }
}

/// What is inside of a value.
#[derive(Debug, Default)]
pub(crate) enum Inner<'a> {
    #[default]
    Leaf,
    Object(IndexMap<String, Node<'a>>),
    List(Box<Node<'a>>),
    Map(Box<Node<'a>>),
    /// A map of field descriptions, by the names of the fields.
    Fields(Box<Node<'a>>),
    /// A scalar in some examples, and an object or a list in others.
    Forms(Box<Forms<'a>>),
}

/// A step from a value to one inside of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    /// A field of an object.
    Field(String),
    /// The items of a list, or the values of a map.
    Inside,
}

impl<'a> Node<'a> {
    /// Adds the evidence on the same value from another page.
    pub(crate) fn absorb(&mut self, other: Self) {
        let (is_shown, is_shown_there) = (self.is_shown(), other.is_shown());
        self.samples.extend(other.samples);
        self.typed = self.typed.take().or(other.typed);
        match (&mut self.from_table, other.from_table) {
            (Some(_), Some(further)) => self.further_tables.push(further),
            (known @ None, found) => *known = found,
            (Some(_), None) => {}
        }
        self.further_tables.extend(other.further_tables);
        self.rules.extend(other.rules);
        match (&mut self.inner, other.inner) {
            (Inner::Object(fields), Inner::Object(others)) => {
                for (name, other) in others {
                    fields.entry(name).or_default().absorb(other);
                }
            }
            (Inner::List(inside), Inner::List(other))
            | (Inner::Map(inside), Inner::Map(other))
            | (Inner::Fields(inside), Inner::Fields(other)) => inside.absorb(*other),
            (Inner::Forms(_), Inner::Leaf) if is_shown_there => self.rebuild(),
            (Inner::Leaf, Inner::Forms(_)) if is_shown => self.rebuild(),
            (_, Inner::Leaf) => {}
            // A page that shows a text instead of a structure says so itself.
            (inner @ Inner::Leaf, other) => *inner = other,
            _ if is_shown && is_shown_there => self.rebuild(),
            (inner, other) if is_shown_there => *inner = other,
            // An empty object of PHP is a list, as is one whose TypeScript type says nothing of its items.
            (inner, other) if !is_shown && inner.is_blank_list() => *inner = other,
            _ => {}
        }
    }

    /// Decides anew what is inside, by all samples, if they agree on a structure.
    fn rebuild(&mut self) {
        let Structure { inner, rules } = structure(&self.samples, self.typed.as_ref(), INSIDE);
        if !matches!(inner, Inner::Leaf) {
            self.inner = inner;
            self.rules = rules;
        }
    }

    /// Whether an example shows a value, and not only an empty form.
    fn is_shown(&self) -> bool {
        self.samples.iter().any(|value| !is_empty_form(value))
    }

    /// Whether a table says that a list of which only `[]` is known is an object: PHP writes an empty one as a list.
    pub(crate) fn is_documented_object(&self) -> bool {
        let mut tables = self.from_table.iter().chain(&self.further_tables);
        self.inner.is_blank_list()
            && !self.is_shown()
            && tables.any(|found| found.value.types.single() == Some(JsonType::Object))
    }

    /// Whether nothing is known of the value.
    fn is_blank(&self) -> bool {
        let has_type = self.typed.as_ref().is_some_and(|typed| !typed.is_unknown());
        matches!(self.inner, Inner::Leaf)
            && self.samples.is_empty()
            && !has_type
            && self.from_table.is_none()
            && self.further_tables.is_empty()
    }

    /// The part at a path.
    pub(crate) fn into_part(self, path: &[Step]) -> Option<Self> {
        let mut node = self;
        for step in path {
            node = match (step, node.into_structured().inner) {
                (Step::Field(name), Inner::Object(mut fields)) => fields.swap_remove(name)?,
                (Step::Inside, Inner::List(inside) | Inner::Map(inside) | Inner::Fields(inside)) => *inside,
                _ => return None,
            };
        }
        Some(node)
    }
}

/// What is inside of a value, with the rules that decide it.
#[derive(Default)]
struct Structure<'a> {
    inner: Inner<'a>,
    rules: Vec<&'static Rule>,
}

impl Structure<'_> {
    /// The same by one more rule, if it applies.
    fn by(mut self, rule: &'static Rule, applies: bool) -> Self {
        self.rules.extend(applies.then_some(rule));
        self
    }
}

/// How deep a result is read.
const DEPTH: usize = 40;

/// The depth of a value that is not the whole result.
const INSIDE: usize = 2;

/// Builds the tree that examples and a type show.
pub(super) fn build(samples: Vec<&Value>, typed: Option<Schema>, depth: usize) -> Node<'_> {
    let typed = typed.filter(|typed| !typed.is_unknown());
    let Structure { inner, rules } =
        if depth < DEPTH { structure(&samples, typed.as_ref(), depth + 1) } else { Structure::default() };
    Node { samples, typed, inner, rules, ..Node::default() }
}

/// A list, a map or an object where all examples agree on it; the type alone where no example has a value.
fn structure<'a>(samples: &[&'a Value], typed: Option<&Schema>, depth: usize) -> Structure<'a> {
    let live: Vec<&'a Value> = samples.iter().copied().filter(|value| !is_empty_form(value)).collect();
    let kind = typed.and_then(|typed| typed.types.single());
    let objects = live.iter().filter(|value| value.is_object()).count();
    let lists = live.iter().filter(|value| value.is_array()).count();
    if objects + lists < live.len() {
        return forms(samples, typed, depth).unwrap_or_default();
    }
    if live.is_empty() {
        return match kind {
            Some(JsonType::Object) => {
                object(&live, typed, depth).by(&TYPESCRIPT_ADDS_FIELDS, !samples.is_empty())
            }
            Some(JsonType::Array) => list(&live, typed, depth),
            // An empty list may be PHP's empty object, so that its kind is not known.
            _ => Structure::default(),
        };
    }
    let values = free_values(typed);
    if let Some(values) = values.filter(|values| children(&live).all(|(_, child)| fits_in_map(values, child)))
    {
        return map(&live, Some(values.clone()), depth).by(&MAP_IN_TYPESCRIPT_AND_EXAMPLE, true);
    }
    if lists == 0 {
        return object(&live, typed, depth);
    }
    if objects == 0 || live.iter().all(|value| value.is_array() || has_number_keys(value)) {
        return list(&live, typed, depth).by(&NUMBER_KEYS_ARE_A_LIST, objects > 0);
    }
    Structure::default()
}

/// The type of the values of a map, if one type reads them all. Otherwise the fields of the examples are more exact.
fn free_values(typed: Option<&Schema>) -> Option<&Schema> {
    match &typed?.additional {
        Some(AdditionalProperties::Of(values)) => Some(&**values).filter(|values| readable(values).is_some()),
        _ => None,
    }
}

/// Whether a value may be one of such a map. Its structure is compared later, and the type is dropped where it does not fit.
fn fits_in_map(values: &Schema, child: &Value) -> bool {
    match values.types.single() {
        Some(JsonType::Object) => child.is_object() || is_empty_form(child),
        Some(JsonType::Array) => child.is_array() || is_empty_form(child),
        _ => is_empty_form(child) || accepts(values, child),
    }
}

fn list<'a>(live: &[&'a Value], typed: Option<&Schema>, depth: usize) -> Structure<'a> {
    let items = typed.and_then(|typed| typed.items.as_deref().cloned());
    let rows: Vec<&Value> = children(live).map(|(_, child)| child).collect();
    let are_several = rows.iter().filter(|row| row.is_object()).count() > 1;
    let inner = Inner::List(Box::new(build(rows, items, depth)));
    Structure { inner, rules: Vec::new() }.by(&FIELDS_OF_ALL_ROWS, are_several)
}

fn map<'a>(live: &[&'a Value], values: Option<Schema>, depth: usize) -> Structure<'a> {
    let values = build(children(live).map(|(_, child)| child).collect(), values, depth);
    let describes = describes_field(&values);
    let inner = if describes { Inner::Fields(Box::new(values)) } else { Inner::Map(Box::new(values)) };
    Structure { inner, rules: Vec::new() }.by(&MAP_OF_FIELD_DESCRIPTIONS, describes)
}

fn object<'a>(live: &[&'a Value], typed: Option<&Schema>, depth: usize) -> Structure<'a> {
    if live.is_empty()
        && let Some(values) = free_values(typed)
    {
        return map(live, Some(values.clone()), depth);
    }
    if !live.is_empty() && live.iter().all(|value| has_number_keys(value)) {
        let is_list = typed.and_then(|typed| typed.types.single()) == Some(JsonType::Array);
        return if is_list {
            list(live, typed, depth).by(&NUMBER_KEYS_ARE_A_LIST, true)
        } else {
            map(live, None, depth).by(&NUMBER_KEYS_ARE_A_MAP, true)
        };
    }
    if are_descriptions(live) {
        return map(live, free_values(typed).cloned(), depth);
    }
    if are_languages(live) {
        return map(live, None, depth).by(&LANGUAGE_KEYS_ARE_A_MAP, true);
    }
    // A whole result of one key names what it holds.
    let is_wrapped =
        depth <= 1 && live.iter().all(|value| value.as_object().is_some_and(|object| object.len() == 1));
    if !is_wrapped && have_keys_of_data(live) {
        return map(live, None, depth).by(&KEYS_OF_DATA_ARE_A_MAP, true);
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
    let shown = fields.len();
    for (name, of_field) in types {
        if !fields.contains_key(name) {
            fields.insert(name.clone(), build(Vec::new(), Some(of_field.clone()), depth));
        }
    }
    if fields.is_empty() {
        return Structure::default();
    }
    let has_more = shown > 0 && fields.len() > shown;
    Structure { inner: Inner::Object(fields), rules: Vec::new() }.by(&TYPESCRIPT_ADDS_FIELDS, has_more)
}
