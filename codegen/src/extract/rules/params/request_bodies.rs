//! What the bodies of example requests tell of parameters.

use indexmap::IndexMap;
use serde_json::Value;

use crate::descriptor::Schema;
use crate::schema::example;

/// What the examples send, by name in the order of the names. `required` of an object names what each of them sends.
pub(super) fn sent(bodies: &[Value]) -> IndexMap<String, Schema> {
    let mut all: Vec<_> = example::parameters_of(bodies).into_iter().collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    for (name, schema) in &mut all {
        let values: Vec<&Value> = bodies.iter().filter_map(|body| body.get(name.as_str())).collect();
        note_always_sent(schema, &values);
    }
    all.into_iter().collect()
}

/// What the examples send for a parameter; its name at the top is compared without case, as PHP code looks it up.
pub(super) fn of<'a>(name: &str, sent: &'a IndexMap<String, Schema>) -> Option<&'a Schema> {
    let same = || sent.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, schema)| schema);
    sent.get(name).or_else(same)
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

/// An example does not tell which keys an object may have, only that it is one.
pub(super) fn without_keys(example: &Schema) -> Schema {
    let items = example.items.as_deref().map(|items| Box::new(without_keys(items)));
    Schema { properties: IndexMap::new(), required: Vec::new(), items, ..example.clone() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_each_example_sends_is_told_apart_from_what_some_send() {
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
