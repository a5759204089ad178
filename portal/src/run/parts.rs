//! Parts and items of values.

use serde_json::Value;

use crate::families::fold;

/// A part of a value, by the folded names of the parts that it is in.
pub(super) fn inside<'v>(value: &'v Value, path: &[String]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, name| {
        if let Value::Array(items) = value {
            return items.get(name.parse::<usize>().ok()?);
        }
        let mut named = value.as_object()?.iter().filter(|(given, _)| fold(given) == *name);
        named.next_back().map(|(_, value)| value)
    })
}

/// The values of a list or an object; another value is the only one.
pub(super) fn several(value: Value) -> Vec<Value> {
    match value {
        Value::Array(several) => several,
        Value::Object(several) => several.into_iter().map(|(_, value)| value).collect(),
        Value::Null => Vec::new(),
        one => vec![one],
    }
}

/// The values of a list or an object, with the names that they have there.
pub(super) fn named(value: Value) -> Vec<(Option<String>, Value)> {
    match value {
        Value::Object(several) => several.into_iter().map(|(name, value)| (Some(name), value)).collect(),
        other => several(other).into_iter().map(|value| (None, value)).collect(),
    }
}

/// The items of lists in lists.
pub(super) fn flat(value: Value) -> Vec<Value> {
    match value {
        Value::Array(several) => several.into_iter().flat_map(flat).collect(),
        one => vec![one],
    }
}

/// A value that is a whole number, in any form.
pub(super) fn whole(value: &Value) -> Option<Value> {
    match value {
        Value::Number(number) => number.as_i64().map(Value::from),
        Value::String(text) => text.trim().parse::<i64>().ok().map(Value::from),
        _ => None,
    }
}
