//! The parameters in the bodies of example requests.

use indexmap::IndexMap;
use serde_json::Value;

use crate::descriptor::Schema;
use crate::extract::register::Rule;
use crate::extract::register::params::{MOMENT_IN_REQUEST_BODY, PLACEHOLDER_IN_REQUEST_BODY};
use crate::schema::example;

/// The schemas of what the examples send, by name in the order of the names. `required` of an object lists the names that
/// each example sends.
pub(super) fn sent(bodies: &[Value]) -> IndexMap<String, Schema> {
    let mut all: Vec<_> = example::parameters_of(bodies).into_iter().collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    for (name, schema) in &mut all {
        let values: Vec<&Value> = bodies.iter().filter_map(|body| body.get(name.as_str())).collect();
        note_always_sent(schema, &values);
    }
    all.into_iter().collect()
}

/// The schema of what the examples send for a parameter. Its name is compared without case, as PHP code looks it up.
pub(super) fn of<'a>(name: &str, sent: &'a IndexMap<String, Schema>) -> Option<&'a Schema> {
    let same = || sent.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, schema)| schema);
    sent.get(name).or_else(same)
}

/// The rules on the values of the examples that apply to any of them.
pub(super) fn value_rules(bodies: &[Value], sent: &IndexMap<String, Schema>) -> Vec<&'static Rule> {
    let placeholder = bodies.iter().any(holds_placeholder).then_some(&PLACEHOLDER_IN_REQUEST_BODY);
    let moment = sent.values().any(holds_moment).then_some(&MOMENT_IN_REQUEST_BODY);
    placeholder.into_iter().chain(moment).collect()
}

fn holds_placeholder(value: &Value) -> bool {
    match value {
        Value::String(text) => example::is_placeholder(text),
        Value::Array(items) => items.iter().any(holds_placeholder),
        Value::Object(fields) => fields.values().any(holds_placeholder),
        _ => false,
    }
}

fn holds_moment(schema: &Schema) -> bool {
    schema.format.is_some()
        || schema.properties.values().any(holds_moment)
        || schema.items.as_deref().is_some_and(holds_moment)
}

fn note_always_sent(schema: &mut Schema, values: &[&Value]) {
    let objects: Vec<_> = values.iter().filter_map(|value| value.as_object()).collect();
    let always = |name: &&String| objects.iter().all(|object| object.contains_key(name.as_str()));
    schema.required = schema.properties.keys().filter(always).cloned().collect();
    for (name, property) in &mut schema.properties {
        let below: Vec<&Value> = objects.iter().filter_map(|object| object.get(name)).collect();
        note_always_sent(property, &below);
    }
    if let Some(items) = &mut schema.items {
        let below: Vec<&Value> = values.iter().filter_map(|value| value.as_array()).flatten().collect();
        note_always_sent(items, &below);
    }
}

/// A schema without the keys of objects: an example shows that a value is an object, but not all keys that it may have.
pub(super) fn without_keys(example: &Schema) -> Schema {
    let items = example.items.as_deref().map(|items| Box::new(without_keys(items)));
    Schema { properties: IndexMap::new(), required: Vec::new(), items, ..example.clone() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_that_every_example_sends_are_required() {
        let bodies = [
            json!({"fields": {"A": 1, "B": {"X": 1}}}),
            json!({"fields": {"A": 2, "B": {"X": 1, "Y": 2}, "C": [{"P": 1, "Q": 1}, {"P": 2}]}}),
        ];
        let sent = sent(&bodies);
        let fields = of("FIELDS", &sent).unwrap();
        assert_eq!(fields.required, ["A", "B"]);
        assert_eq!(fields.properties["B"].required, ["X"]);
        assert_eq!(fields.properties["C"].items.as_ref().unwrap().required, ["P"]);
        assert_eq!(without_keys(fields), Schema::any_object());
    }
}
