//! What PHP reads in a query.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde_json::{Map, Value};

use super::{DEPTH, Name};

/// Reads a query, or a body of the type `application/x-www-form-urlencoded`, as PHP's `parse_str` does.
///
/// Every value is a text. An array whose keys are 0, 1, 2 and so on is a list, any other an object; a later value of the same
/// name replaces an earlier one. Bytes that are no UTF-8 become the character for what cannot be read. PHP stops at a thousand
/// values unless a server was told otherwise; this does not.
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

/// An array of PHP: keys in the order of their coming, and the number that comes next.
#[derive(Default)]
struct Array {
    entries: Vec<(String, Node)>,
    places: HashMap<String, usize>,
    /// The greatest number so far among the keys.
    last: Option<i64>,
}

enum Node {
    Text(String),
    Array(Array),
}

impl Array {
    fn register(&mut self, name: &Name<'_>, value: String) {
        if name.keys.len() > DEPTH {
            // PHP drops with the value what the parameter had before it.
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

    /// The array at a key, made where there is none.
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

    /// What is at a key, an empty text where there is nothing; `None` where there is no number left to append with.
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
        // An entry that was dropped has lost its place.
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

/// The number that PHP makes of a key: digits without a leading zero, and a minus where it is below zero.
fn canonical(key: &str) -> Option<i64> {
    key.parse::<i64>().ok().filter(|number| number.to_string() == key)
}
