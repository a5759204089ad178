//! Decoding of queries.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{MAX_DEPTH, Name};

/// Decodes a query as PHP's `parse_str` does, for queries of the program itself. [`decode_form`](super::decode_form) decodes what
/// anyone may have sent.
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
        match Name::parse(&name) {
            Some(name) if name.keys.len() > MAX_DEPTH => top.drop_entry(&name.top),
            Some(name) => drop(top.insert(name, value.into_owned())),
            None => {}
        }
    }
    top.into_map()
}

/// The number of entries up to which a key is found by comparison with each of them.
const FEW: usize = 16;

/// An array of PHP: keys in insertion order, and the next free number.
#[derive(Default)]
pub(super) struct Array {
    entries: Vec<(String, Node)>,
    /// The places of the keys, once there are more than [`FEW`].
    places: HashMap<String, usize>,
    /// The greatest numeric key so far.
    last: Option<i64>,
}

enum Node {
    Text(String),
    Array(Array),
    /// A parameter that PHP has dropped.
    Dropped,
}

/// What an insertion has changed.
#[derive(Clone, Copy, Default)]
pub(super) struct Inserted {
    /// The number of values and arrays that are new.
    pub(super) new: usize,
    /// Whether an earlier value was replaced.
    pub(super) replaced: bool,
}

impl Array {
    /// Inserts a value at a name.
    pub(super) fn insert(&mut self, name: Name<'_>, value: String) -> Inserted {
        let mut inserted = Inserted::default();
        let mut array = self;
        let mut key = Some(name.top);
        for inner in name.keys {
            let Some((node, is_new)) = array.node(key.take()) else { return inserted };
            inserted.new += usize::from(is_new);
            if !matches!(node, Node::Array(_)) {
                inserted.replaced |= !is_new;
                *node = Node::Array(Self::default());
            }
            let Node::Array(opened) = node else { return inserted };
            array = opened;
            key = inner.map(str::to_owned);
        }
        if let Some((node, is_new)) = array.node(key) {
            inserted.new += usize::from(is_new);
            inserted.replaced |= !is_new;
            *node = Node::Text(value);
        }
        inserted
    }

    /// Drops an entry. A later one with the same key is a new one, after all others.
    fn drop_entry(&mut self, key: &str) {
        if let Some(place) = self.place(key) {
            self.places.remove(key);
            self.entries[place].1 = Node::Dropped;
        }
    }

    /// The node at a key, and whether it is new; `None` if there is no number left to append with.
    fn node(&mut self, key: Option<String>) -> Option<(&mut Node, bool)> {
        let key = match key {
            Some(key) => key,
            None => self.last.map_or(Some(0), |last| last.checked_add(1))?.to_string(),
        };
        if let Some(place) = self.place(&key) {
            return self.entries.get_mut(place).map(|(_, node)| (node, false));
        }
        if let Some(number) = canonical(&key) {
            self.last = self.last.max(Some(number));
        }
        let place = self.entries.len();
        if place == FEW {
            let kept =
                self.entries.iter().enumerate().filter(|(_, (_, node))| !matches!(node, Node::Dropped));
            self.places = kept.map(|(place, (key, _))| (key.clone(), place)).collect();
        }
        if place >= FEW {
            self.places.insert(key.clone(), place);
        }
        self.entries.push((key, Node::Text(String::new())));
        self.entries.last_mut().map(|(_, node)| (node, true))
    }

    fn place(&self, key: &str) -> Option<usize> {
        if self.entries.len() > FEW {
            return self.places.get(key).copied();
        }
        let is_it = |(own, node): &(String, Node)| own == key && !matches!(node, Node::Dropped);
        self.entries.iter().position(is_it)
    }

    pub(super) fn into_map(self) -> Map<String, Value> {
        let mut map = Map::with_capacity(self.entries.len());
        for (key, node) in self.entries {
            if let Some(value) = node.into_value() {
                map.insert(key, value);
            }
        }
        map
    }

    /// Whether the keys are 0, 1, 2 and so on.
    fn is_list(&self) -> bool {
        // The greatest number is found without writing the numbers as texts.
        let last = self.entries.len() as i64 - 1;
        self.last == Some(last)
            && self.entries.iter().enumerate().all(|(place, (key, _))| *key == place.to_string())
    }
}

impl Node {
    fn into_value(self) -> Option<Value> {
        match self {
            Self::Text(text) => Some(Value::String(text)),
            Self::Array(array) if array.is_list() => {
                Some(array.entries.into_iter().filter_map(|(_, node)| node.into_value()).collect())
            }
            Self::Array(array) => Some(Value::Object(array.into_map())),
            Self::Dropped => None,
        }
    }
}

/// The number that PHP makes of a key: digits without a leading zero, with a minus if it is negative.
fn canonical(key: &str) -> Option<i64> {
    if !key.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
        return None;
    }
    key.parse::<i64>().ok().filter(|number| number.to_string() == key)
}
