//! How PHP reads a query and writes an array.

use serde_json::{Map, Value};

/// The values of a query by their names, where `a[b][]` is a list in an object.
pub fn nested(pairs: impl IntoIterator<Item = (String, String)>) -> Map<String, Value> {
    let mut root = Value::Object(Map::new());
    for (name, value) in pairs {
        put(&mut root, &steps(&name), Value::String(value));
    }
    match listed(root) {
        Value::Object(map) => map,
        Value::Array(items) => {
            items.into_iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect()
        }
        _ => Map::new(),
    }
}

/// The parts of `a[b][]`: `a`, `b` and the empty one, which is the next place.
fn steps(name: &str) -> Vec<&str> {
    let Some((first, rest)) = name.split_once('[') else { return vec![name] };
    let rest = rest.split('[').map(|part| part.split(']').next().unwrap_or_default());
    std::iter::once(first).chain(rest).collect()
}

fn put(into: &mut Value, steps: &[&str], value: Value) {
    let [step, rest @ ..] = steps else {
        *into = value;
        return;
    };
    if !into.is_object() {
        *into = Value::Object(Map::new());
    }
    let Value::Object(map) = into else { return };
    let next = || map.keys().filter_map(|key| key.parse::<u64>().ok()).max().map_or(0, |last| last + 1);
    let key = if step.is_empty() { next().to_string() } else { (*step).to_owned() };
    put(map.entry(key).or_insert(Value::Null), rest, value);
}

/// The same value with a list for every object whose keys are 0, 1, 2 …
fn listed(value: Value) -> Value {
    match value {
        Value::Object(map) if map.is_empty() => Value::Object(map),
        Value::Object(map) => array(map.into_iter().map(|(key, value)| (key, listed(value))).collect()),
        other => other,
    }
}

/// An array of PHP's as it writes it: a list where the keys are 0, 1, 2 …, so also where there are none.
pub fn array(entries: Vec<(String, Value)>) -> Value {
    if entries.iter().enumerate().all(|(at, (key, _))| *key == at.to_string()) {
        return entries.into_iter().map(|(_, value)| value).collect();
    }
    Value::Object(entries.into_iter().collect())
}

/// The text of a value, as PHP puts it into another text.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(false) => String::new(),
        Value::Bool(true) => "1".to_owned(),
        other => other.to_string(),
    }
}

/// The number that a value is or begins with, as a cast reads it; 0 where it is none.
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

/// Whether a value is true where a condition is wanted: `halt`, say.
pub fn truth(value: Option<&Value>) -> bool {
    value.is_some_and(|value| number(value) != 0.0)
}
