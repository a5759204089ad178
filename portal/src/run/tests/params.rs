//! The parameters with which methods are called.

use serde_json::{Value, json};

use crate::answer::{Form, Maker, Seed};
use crate::exchange::Params;
use crate::families::fold;
use crate::spec::{Api, Method, Schema};

/// The order of a family's methods: rows are added before they are read, and deleted last.
pub(super) fn step(method: &Method) -> usize {
    let verb = method.verb();
    let of = |words: &[&str]| words.contains(&verb.as_str());
    if of(&["register", "create", "set", "uploadfile"]) || verb.starts_with("add") {
        0
    } else if of(&["unregister", "unset", "reset", "kill", "terminate", "archive"])
        || verb.starts_with("delete")
        || verb.starts_with("remove")
    {
        2
    } else {
        1
    }
}

/// The value of a parameter, which is the same wherever the name is the same; identifiers are 1.
fn value(schema: &Schema, method: &Method, name: &str) -> Value {
    let form = Form::of(Api::V3, "");
    let maker = Maker { defs: &method.params.defs, form };
    if method.name.ends_with(".bind") {
        match fold(name).as_str() {
            "event" => return "onCrmDealAdd".into(),
            "handler" => return "http://127.0.0.1:9/".into(),
            _ => {}
        }
    }
    let made = maker.value(schema, name, Seed::new(7).part(name));
    ones(made, schema, name)
}

/// A value with 1 for every identifier without documented values.
fn ones(value: Value, schema: &Schema, name: &str) -> Value {
    match value {
        Value::Object(fields) => {
            let none = Schema::default();
            let part = |name: &String| schema.properties.get(name).unwrap_or(&none);
            fields.into_iter().map(|(name, value)| (name.clone(), ones(value, part(&name), &name))).collect()
        }
        // No page says the type.
        Value::Null if schema.is_open() && fold(name).ends_with("id") => json!(1),
        Value::Array(_) if fold(name).ends_with("ids") => json!([1]),
        Value::Array(items) if schema.items.is_some() => {
            let none = Schema::default();
            let of_item = schema.items.as_deref().unwrap_or(&none);
            items.into_iter().map(|item| ones(item, of_item, "")).collect()
        }
        Value::Number(_) if (fold(name).ends_with("id") || name == "block") && schema.values.is_empty() => {
            json!(1)
        }
        Value::String(_) if fold(name) == "ownertype" => json!("D"),
        Value::String(_) if fold(name).ends_with("id") && schema.values.is_empty() => json!("1"),
        other => other,
    }
}

fn is_list(method: &Method) -> bool {
    method.rows.is_some()
}

/// The parameters that a method requires.
pub(crate) fn required(method: &Method) -> Params {
    let mut first = method.params.any_of.first().map(|set| set.required.clone()).unwrap_or_default();
    if step(method) == 0 {
        let lists_rows = |schema: &Schema| schema.items.as_ref().is_some_and(|item| item.is_object());
        let wanted =
            |name: &str, schema: &Schema| schema.is_scalar() || lists_rows(schema) || name == "fileContent";
        let properties = method.params.properties.iter().filter(|(name, schema)| wanted(name, schema));
        first.extend(properties.map(|(name, _)| name.clone()));
    }
    let is_id = |name: &&String| step(method) != 0 && fold(name) == "id";
    let id =
        method.params.properties.keys().filter(is_id).filter(|name| !method.params.required.contains(name));
    let names = method.params.required.iter().chain(&first).chain(id.filter(|_| !is_list(method)));
    let known = names.filter_map(|name| Some((name, method.params.properties.get(name)?)));
    known.map(|(name, schema)| (name.clone(), value(schema, method, name))).collect()
}
