//! Queries as PHP parses them, and arrays as PHP encodes them.

use serde_json::{Map, Value};

/// The values of a query by name, where `a[b][]` is a list in an object.
pub fn parse_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Map<String, Value> {
    let mut root = Value::Object(Map::new());
    for (name, value) in pairs {
        insert(&mut root, &segments(&name), Value::String(value));
    }
    match with_lists(root) {
        Value::Object(map) => map,
        Value::Array(items) => {
            items.into_iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect()
        }
        _ => Map::new(),
    }
}

/// The segments of `a[b][]`: `a`, `b` and an empty one, which is the next index.
fn segments(name: &str) -> Vec<&str> {
    let Some((first, rest)) = name.split_once('[') else { return vec![name] };
    let rest = rest.split('[').map(|part| part.split(']').next().unwrap_or_default());
    std::iter::once(first).chain(rest).collect()
}

fn insert(target: &mut Value, segments: &[&str], value: Value) {
    let [segment, rest @ ..] = segments else {
        *target = value;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(map) = target else { return };
    let next = || map.keys().filter_map(|key| key.parse::<u64>().ok()).max().map_or(0, |last| last + 1);
    let key = if segment.is_empty() { next().to_string() } else { (*segment).to_owned() };
    insert(map.entry(key).or_insert(Value::Null), rest, value);
}

/// The value with a list in place of every object whose keys are 0, 1, 2 …
fn with_lists(value: Value) -> Value {
    match value {
        Value::Object(map) if map.is_empty() => Value::Object(map),
        Value::Object(map) => array(map.into_iter().map(|(key, value)| (key, with_lists(value))).collect()),
        other => other,
    }
}

/// An array as PHP encodes it: a list if the keys are 0, 1, 2 …, and so also if it is empty.
pub fn array(entries: Vec<(String, Value)>) -> Value {
    if entries.iter().enumerate().all(|(at, (key, _))| *key == at.to_string()) {
        return entries.into_iter().map(|(_, value)| value).collect();
    }
    Value::Object(entries.into_iter().collect())
}

/// A value as text, as PHP converts it.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(false) => String::new(),
        Value::Bool(true) => "1".to_owned(),
        other => other.to_string(),
    }
}

/// A value as a number, as a cast of PHP converts it: leading digits count, and anything else is 0.
pub fn number(value: &Value) -> f64 {
    if let Some(number) = value.as_f64() {
        return number;
    }
    let text = text(value);
    let text = text.trim();
    let digits = |c: char, at: usize| c.is_ascii_digit() || c == '.' || (c == '-' && at == 0);
    let end = text.char_indices().find(|(at, c)| !digits(*c, *at)).map_or(text.len(), |(at, _)| at);
    text[..end].parse().unwrap_or(0.0)
}

/// Whether a value is true as a condition, such as `halt`.
pub fn is_true(value: Option<&Value>) -> bool {
    value.is_some_and(|value| number(value) != 0.0)
}
