//! Values as PHP reads them: bracket names of forms and queries, and casts.
//!
//! This crate reads requests on its own and uses no other crate of the project: a mistake of the client must not be hidden by the
//! same mistake here.

use indexmap::IndexMap;
use serde_json::{Map, Value};

/// How many brackets a name may have. PHP ignores deeper values.
const MAX_DEPTH: usize = 64;

/// How many values a form may have. PHP ignores further ones (`max_input_vars`, which portals raise).
pub(crate) const MAX_VALUES: usize = 10_000;

/// A value under construction.
enum Node {
    Text(String),
    Tree(IndexMap<String, Node>),
}

/// The values of a form or a query, where `a[b][]` is a list in an object.
pub(crate) fn read_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Map<String, Value> {
    let mut root = IndexMap::new();
    for (name, value) in pairs.into_iter().take(MAX_VALUES) {
        let (first, rest) = segments(&name);
        if !first.is_empty() && rest.len() <= MAX_DEPTH {
            insert(&mut root, first, &rest, value);
        }
    }
    root.into_iter().map(|(name, node)| (name, node.into_value())).collect()
}

/// The parameters of a query: `a[b]=1&c=2`.
pub(crate) fn read_query(query: &[u8]) -> Map<String, Value> {
    read_pairs(form_urlencoded::parse(query).into_owned())
}

/// The parts of `a[b][]`: `a`, then `b` and an empty one. An unclosed bracket is part of the name.
fn segments(name: &str) -> (&str, Vec<&str>) {
    let Some((first, mut rest)) = name.split_once('[') else { return (name, Vec::new()) };
    let mut parts = Vec::new();
    while let Some((part, after)) = rest.split_once(']') {
        parts.push(part);
        // It is too deep already, however long it is.
        if parts.len() > MAX_DEPTH {
            break;
        }
        match after.strip_prefix('[') {
            Some(next) => rest = next,
            None => return (first, parts),
        }
    }
    if parts.is_empty() { (name, parts) } else { (first, parts) }
}

fn insert(tree: &mut IndexMap<String, Node>, key: &str, rest: &[&str], value: String) {
    let key = if key.is_empty() { next_index(tree) } else { key.to_owned() };
    let Some((next, rest)) = rest.split_first() else {
        tree.insert(key, Node::Text(value));
        return;
    };
    let node = tree.entry(key).or_insert_with(|| Node::Tree(IndexMap::new()));
    if let Node::Text(_) = node {
        *node = Node::Tree(IndexMap::new());
    }
    if let Node::Tree(inner) = node {
        insert(inner, next, rest, value);
    }
}

/// The key of `[]`. A list of many values is built without looking at all of them each time.
fn next_index(tree: &IndexMap<String, Node>) -> String {
    let last = tree.last().and_then(|(key, _)| key.parse::<u64>().ok());
    match last {
        Some(last) if last + 1 == tree.len() as u64 => (last + 1).to_string(),
        _ => {
            let largest = tree.keys().filter_map(|key| key.parse::<u64>().ok()).max();
            largest.map_or(0, |largest| largest.saturating_add(1)).to_string()
        }
    }
}

impl Node {
    fn into_value(self) -> Value {
        match self {
            Self::Text(text) => Value::String(text),
            Self::Tree(tree) => array(tree.into_iter().map(|(key, node)| (key, node.into_value()))),
        }
    }
}

/// An array as PHP encodes it: a list if the keys are 0, 1, 2 …, and so also if it is empty.
pub(crate) fn array(entries: impl IntoIterator<Item = (String, Value)>) -> Value {
    let entries: Vec<(String, Value)> = entries.into_iter().collect();
    if entries.iter().enumerate().all(|(at, (key, _))| is_index(key, at)) {
        return entries.into_iter().map(|(_, value)| value).collect();
    }
    Value::Object(entries.into_iter().collect())
}

fn is_index(key: &str, at: usize) -> bool {
    key.parse() == Ok(at) && (key == "0" || !key.starts_with(['0', '+']))
}

/// A value as text.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(false) => String::new(),
        Value::Bool(true) => "1".to_owned(),
        other => other.to_string(),
    }
}

/// A value as a whole number: leading digits count, and anything else is 0.
pub(crate) fn integer(value: &Value) -> i64 {
    match value {
        Value::Number(number) => number.as_i64().unwrap_or_else(|| number.as_f64().unwrap_or(0.0) as i64),
        Value::Bool(flag) => i64::from(*flag),
        Value::String(text) => {
            let text = text.trim_start();
            let sign = usize::from(text.starts_with(['-', '+']));
            let digits = text[sign..].bytes().take_while(u8::is_ascii_digit).count();
            text[..sign + digits].parse().unwrap_or(0)
        }
        _ => 0,
    }
}

/// Whether a value is true as a condition.
pub(crate) fn is_true(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !matches!(text.as_str(), "" | "0" | "N" | "n" | "false"),
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::Array(items) => !items.is_empty(),
        Value::Object(map) => !map.is_empty(),
        Value::Bool(true) => true,
    }
}

/// Whether a value is one of the forms of "nothing".
pub(crate) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_with_brackets_are_trees() {
        let read = |query: &str| Value::Object(read_query(query.as_bytes()));
        assert_eq!(read("a=1&b[c]=2&b[d][]=3&b[d][]=4"), json!({"a": "1", "b": {"c": "2", "d": ["3", "4"]}}));
        assert_eq!(read("0=7&1[ID]=asc"), json!({"0": "7", "1": {"ID": "asc"}}));
        assert_eq!(read("a[2]=x&a[]=y"), json!({"a": {"2": "x", "3": "y"}}));
        assert_eq!(read("a=1&a[b]=2&a[01]=3"), json!({"a": {"b": "2", "01": "3"}}));
        assert_eq!(read("a[b=1&[x]=2&%3E%3Dc=+d%20"), json!({"a[b": "1", ">=c": " d "}));
    }

    #[test]
    fn a_hostile_form_costs_little() {
        let deep = format!("a{}=1&b=2", "[x]".repeat(100_000));
        assert_eq!(Value::Object(read_query(deep.as_bytes())), json!({"b": "2"}));
        let long = "a[]=1&".repeat(50_000);
        assert_eq!(read_query(long.as_bytes())["a"].as_array().map(Vec::len), Some(MAX_VALUES));
    }

    #[test]
    fn casts_are_those_of_php() {
        for (value, wanted) in
            [(json!(" 12 px"), 12), (json!("-3"), -3), (json!("x"), 0), (json!(true), 1), (json!(4.9), 4)]
        {
            assert_eq!(integer(&value), wanted, "{value}");
        }
        assert_eq!(text(&json!(true)) + &text(&json!(null)) + &text(&json!(1.5)), "11.5");
        assert!(
            is_true(&json!("Y")) && !is_true(&json!("N")) && !is_true(&json!("0")) && is_true(&json!([0]))
        );
    }
}
