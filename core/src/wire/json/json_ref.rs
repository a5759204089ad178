//! A value of a document.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde_json::{Map, Number, Value};

use super::node::{JsonKind, Node};
use super::tree::Tree;

/// A JSON value as it was received. It borrows from the text of the response, and is copied like a reference.
///
/// Numbers and strings are read when they are asked for: a number is its digits as they were sent, a string is borrowed unless it
/// contains escapes.
///
/// ```
/// use bitrix24_core::json;
/// use bitrix24_core::wire::Json;
///
/// let json = Json::parse(r#"{"ID": "7", "OPPORTUNITY": 12.50, "TAGS": ["a", "\u00e9"]}"#).unwrap();
/// let deal = json.get();
/// assert_eq!(deal.field("ID").and_then(|id| id.string()).as_deref(), Some("7"));
/// assert_eq!(deal.field("OPPORTUNITY").and_then(|sum| sum.number()), Some("12.50"));
/// let tags = deal.field("TAGS").unwrap();
/// assert_eq!(tags.items().last().and_then(|tag| tag.string()).as_deref(), Some("é"));
/// assert_eq!(tags.to_value(), json!(["a", "é"]));
/// ```
#[derive(Clone, Copy)]
pub struct JsonRef<'a> {
    tree: &'a Tree,
    index: usize,
}

impl<'a> JsonRef<'a> {
    pub(super) fn new(tree: &'a Tree, index: usize) -> Self {
        Self { tree, index }
    }

    /// The number of the value in its document.
    pub(in crate::wire) fn index(self) -> usize {
        self.index
    }

    #[inline]
    fn node(self) -> Node {
        self.tree.node(self.index)
    }

    /// What the value is.
    #[inline]
    pub fn kind(self) -> JsonKind {
        self.node().kind()
    }

    /// Whether the value is `null`.
    #[inline]
    pub fn is_null(self) -> bool {
        self.kind() == JsonKind::Null
    }

    /// Whether the value is an array.
    #[inline]
    pub fn is_array(self) -> bool {
        self.kind() == JsonKind::Array
    }

    /// Whether the value is an object.
    #[inline]
    pub fn is_object(self) -> bool {
        self.kind() == JsonKind::Object
    }

    /// Whether this is one of the five forms in which PHP writes "nothing": `null`, `""`, `false`, `[]` and `{}`.
    #[inline]
    pub fn is_php_empty(self) -> bool {
        let node = self.node();
        match node.kind() {
            JsonKind::Null => true,
            JsonKind::Bool => !node.is_true(),
            JsonKind::Number => false,
            JsonKind::String | JsonKind::Array | JsonKind::Object => node.len() == 0,
        }
    }

    /// Whether this stands for nothing where no text is expected: PHP's forms of it, and in the payload of an event the word that a script
    /// writes for what it does not have.
    #[inline]
    pub(crate) fn is_nothing(self) -> bool {
        self.is_php_empty() || self.tree.is_scripted() && self.is_undefined()
    }

    fn is_undefined(self) -> bool {
        let node = self.node();
        node.kind() == JsonKind::String && self.tree.is_string(node, "undefined")
    }

    /// The value as a boolean, if it is `true` or `false`.
    pub fn bool(self) -> Option<bool> {
        let node = self.node();
        (node.kind() == JsonKind::Bool).then_some(node.is_true())
    }

    /// The digits of a number, as they were sent.
    #[inline]
    pub fn number(self) -> Option<&'a str> {
        let node = self.node();
        (node.kind() == JsonKind::Number).then(|| self.tree.raw(node))
    }

    /// The text of a string.
    #[inline]
    pub fn string(self) -> Option<Cow<'a, str>> {
        let node = self.node();
        (node.kind() == JsonKind::String).then(|| self.tree.string(node))
    }

    /// The number of items of an array, or of entries of an object; 0 for other values.
    #[inline]
    pub fn len(self) -> usize {
        match self.kind() {
            JsonKind::Array | JsonKind::Object => self.node().len(),
            _ => 0,
        }
    }

    /// Whether there are no items or entries.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The items of an array; none for other values.
    #[inline]
    pub fn items(self) -> impl ExactSizeIterator<Item = JsonRef<'a>> {
        let left = if self.is_array() { self.len() } else { 0 };
        Items { tree: self.tree, next: self.index + 1, left }
    }

    /// The entries of an object in their order, each key once; none for other values.
    #[inline]
    pub fn entries(self) -> impl ExactSizeIterator<Item = (Cow<'a, str>, JsonRef<'a>)> {
        self.fields().map(|(key, value)| (key.name(), value))
    }

    /// The entries of an object with keys that are not read yet.
    #[inline]
    pub(in crate::wire) fn fields(self) -> FieldsIter<'a> {
        let left = if self.is_object() { self.len() } else { 0 };
        FieldsIter { tree: self.tree, next: self.index + 1, left }
    }

    /// The entries of this object after the value of the entry at `position`.
    #[inline]
    pub(in crate::wire) fn fields_after(self, value: JsonRef<'a>, position: usize) -> FieldsIter<'a> {
        let left = self.len().saturating_sub(position + 1);
        FieldsIter { tree: self.tree, next: self.tree.after(value.index), left }
    }

    /// The value of a field of an object.
    pub fn field(self, name: &str) -> Option<JsonRef<'a>> {
        self.fields().find(|(key, _)| key.is(name)).map(|(_, value)| value)
    }

    /// The item of an array.
    pub fn item(self, index: usize) -> Option<JsonRef<'a>> {
        self.items().nth(index)
    }

    /// A copy that does not borrow from the response.
    pub fn to_value(self) -> Value {
        let node = self.node();
        match node.kind() {
            JsonKind::Null => Value::Null,
            JsonKind::Bool => Value::Bool(node.is_true()),
            JsonKind::Number => number_value(self.tree.raw(node)),
            JsonKind::String => Value::String(self.tree.string(node).into_owned()),
            JsonKind::Array => Value::Array(self.items().map(Self::to_value).collect()),
            JsonKind::Object => Value::Object(self.to_map()),
        }
    }

    /// A copy of the entries of an object, in their order.
    pub fn to_map(self) -> Map<String, Value> {
        let mut map = Map::with_capacity(self.len());
        map.extend(self.fields().map(|(key, value)| (key.name().into_owned(), value.to_value())));
        map
    }
}

/// A number as `serde_json` parses it: an integer of 64 bits, otherwise the nearest double.
fn number_value(digits: &str) -> Value {
    let number = match digits.as_bytes() {
        [b'-', b'0'] => Number::from_f64(-0.0),
        [b'-', ..] => digits.parse::<i64>().ok().map(Number::from),
        _ => digits.parse::<u64>().ok().map(Number::from),
    };
    number.or_else(|| Number::from_f64(digits.parse().ok()?)).map_or(Value::Null, Value::Number)
}

/// The items of an array.
struct Items<'a> {
    tree: &'a Tree,
    next: usize,
    left: usize,
}

impl<'a> Iterator for Items<'a> {
    type Item = JsonRef<'a>;

    #[inline]
    fn next(&mut self) -> Option<JsonRef<'a>> {
        self.left = self.left.checked_sub(1)?;
        let item = JsonRef::new(self.tree, self.next);
        self.next = self.tree.after(self.next);
        Some(item)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Items<'_> {}

/// The entries of an object.
#[derive(Clone)]
pub(in crate::wire) struct FieldsIter<'a> {
    tree: &'a Tree,
    next: usize,
    left: usize,
}

impl<'a> Iterator for FieldsIter<'a> {
    type Item = (Key<'a>, JsonRef<'a>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let (key, value) = (self.next, self.next + 1);
        self.next = self.tree.after(value);
        Some((Key { tree: self.tree, node: self.tree.node(key) }, JsonRef::new(self.tree, value)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for FieldsIter<'_> {}

/// The key of an entry.
#[derive(Clone, Copy)]
pub(in crate::wire) struct Key<'a> {
    tree: &'a Tree,
    node: Node,
}

impl<'a> Key<'a> {
    #[inline]
    pub(in crate::wire) fn is(self, name: &str) -> bool {
        self.tree.is_string(self.node, name)
    }

    #[inline]
    pub(in crate::wire) fn name(self) -> Cow<'a, str> {
        self.tree.string(self.node)
    }
}

/// Values are equal if they are written alike, apart from white space and escapes. Objects must have the same order.
impl PartialEq for JsonRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        let kinds = (self.kind(), other.kind());
        match kinds {
            (JsonKind::Array, JsonKind::Array) => self.items().eq(other.items()),
            (JsonKind::Object, JsonKind::Object) => self.entries().eq(other.entries()),
            _ => {
                kinds.0 == kinds.1
                    && self.bool() == other.bool()
                    && self.number() == other.number()
                    && self.string() == other.string()
            }
        }
    }
}

impl Eq for JsonRef<'_> {}

impl Hash for JsonRef<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.kind().hash(state);
        match self.kind() {
            JsonKind::Null => {}
            JsonKind::Bool => self.bool().hash(state),
            JsonKind::Number => self.number().hash(state),
            JsonKind::String => self.string().hash(state),
            JsonKind::Array => {
                self.len().hash(state);
                self.items().for_each(|item| item.hash(state));
            }
            JsonKind::Object => {
                self.len().hash(state);
                self.entries().for_each(|entry| entry.hash(state));
            }
        }
    }
}

/// Compares with a [`Value`], or what a value is compared with: a text, a number.
impl<T> PartialEq<T> for JsonRef<'_>
where
    Value: PartialEq<T>,
{
    fn eq(&self, other: &T) -> bool {
        self.to_value() == *other
    }
}

/// Writes the value as JSON without white space.
impl fmt::Display for JsonRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_value().fmt(f)
    }
}

impl fmt::Debug for JsonRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
