//! Decoding of queries.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde_json::{Map, Value};

use super::{MAX_DEPTH, Name};

/// Decodes a query, or a body of the type `application/x-www-form-urlencoded`, as PHP's `parse_str` does.
///
/// Every value is a string. An array whose keys are 0, 1, 2 and so on is a list, any other an object; a later value with the
/// same name replaces an earlier one. Bytes that are not UTF-8 become the replacement character. PHP stops at a thousand values
/// by default; this function does not.
///
/// ```
/// use bitrix24_core::{Value, json, php};
/// let params = php::decode("event=ONCRMDEALADD&data[FIELDS][ID]=7&ids[]=1&ids[]=2");
/// assert_eq!(
///     Value::Object(params),
///     json!({"event": "ONCRMDEALADD", "data": {"FIELDS": {"ID": "7"}}, "ids": ["1", "2"]}),
/// );
/// ```
pub fn decode(query: &str) -> Map<String, Value> {
    let mut top = Array::default();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if let Some(name) = Name::parse(&name) {
            top.register(&name, value.into_owned());
        }
    }
    top.into_map()
}

/// An array of PHP: keys in insertion order, and the next free number.
#[derive(Default)]
struct Array {
    entries: Vec<(String, Node)>,
    places: HashMap<String, usize>,
    /// The greatest numeric key so far.
    last: Option<i64>,
}

enum Node {
    Text(String),
    Array(Array),
}

impl Array {
    fn register(&mut self, name: &Name<'_>, value: String) {
        if name.keys.len() > MAX_DEPTH {
            // PHP also drops the earlier value of the parameter.
            self.places.remove(&name.top);
            return;
        }
        let mut array = self;
        let mut key = Some(name.top.as_str());
        for inner in &name.keys {
            match array.open(key) {
                Some(opened) => array = opened,
                None => return,
            }
            key = *inner;
        }
        if let Some(node) = array.node(key) {
            *node = Node::Text(value);
        }
    }

    /// The array at a key; creates it if it is missing.
    fn open(&mut self, key: Option<&str>) -> Option<&mut Self> {
        let node = self.node(key)?;
        if let Node::Text(_) = node {
            *node = Node::Array(Self::default());
        }
        match node {
            Node::Array(array) => Some(array),
            Node::Text(_) => None,
        }
    }

    /// The node at a key, an empty string if it is new; `None` if there is no number left to append with.
    fn node(&mut self, key: Option<&str>) -> Option<&mut Node> {
        let key = match key {
            Some(key) => key.to_owned(),
            None => self.last.map_or(Some(0), |last| last.checked_add(1))?.to_string(),
        };
        let place = match self.places.entry(key) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(vacant) => {
                if let Some(number) = canonical(vacant.key()) {
                    self.last = self.last.max(Some(number));
                }
                self.entries.push((vacant.key().clone(), Node::Text(String::new())));
                *vacant.insert(self.entries.len() - 1)
            }
        };
        self.entries.get_mut(place).map(|(_, node)| node)
    }

    fn into_map(self) -> Map<String, Value> {
        let Self { entries, places, .. } = self;
        // A dropped entry has lost its place.
        let kept = |place: usize, key: &str| places.get(key) == Some(&place);
        let entries = entries.into_iter().enumerate().filter(|(place, (key, _))| kept(*place, key));
        entries.map(|(_, (key, node))| (key, node.into_value())).collect()
    }
}

impl Node {
    fn into_value(self) -> Value {
        let array = match self {
            Self::Text(text) => return Value::String(text),
            Self::Array(array) => array,
        };
        let mut keys = array.entries.iter().enumerate();
        if keys.all(|(place, (key, _))| *key == place.to_string()) {
            return array.entries.into_iter().map(|(_, node)| node.into_value()).collect();
        }
        Value::Object(array.into_map())
    }
}

/// The number that PHP makes of a key: digits without a leading zero, with a minus if it is negative.
fn canonical(key: &str) -> Option<i64> {
    key.parse::<i64>().ok().filter(|number| number.to_string() == key)
}
