//! Parts of values: those that sources name, and those that a request selects.

use serde_json::Value;

use super::Call;
use super::layout::selection;
use crate::families::fold;
use crate::spec::Api;

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

/// The selected parts of fields that are objects, as `field.part`.
pub(super) struct Parts(Vec<(String, String)>);

impl Parts {
    /// The parts that a request of REST 3 selects.
    pub(super) fn of(call: &Call<'_>) -> Self {
        if call.method.api == Api::V2 {
            return Self(Vec::new());
        }
        let part = |name: &String| name.split_once('.').map(|(name, part)| (fold(name), part.to_owned()));
        Self(selection(call).iter().filter_map(part).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of a field with the parts that are selected.
    pub(super) fn only(&self, name: &str, mut value: Value) -> Value {
        let parts = self.0.iter().filter(|(field, _)| *field == fold(name));
        let parts: Vec<&String> = parts.map(|(_, part)| part).collect();
        if parts.is_empty() {
            return value;
        }
        let only = |value: &mut Value| {
            if let Some(fields) = value.as_object_mut() {
                fields.retain(|name, _| parts.contains(&name));
            }
        };
        match &mut value {
            Value::Array(items) => items.iter_mut().for_each(only),
            one => only(one),
        }
        value
    }
}
