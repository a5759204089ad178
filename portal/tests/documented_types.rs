//! Every method of the spec over sockets: the result is what the generated types of `bitrix24` read without a mismatch.
//!
//! `schema::accepts` of codegen is true exactly where they do; `codegen/tests/accepts_matches_core.rs` compares the two.

use std::path::Path;

use bitrix24_codegen::descriptor::{Api, Descriptor, JsonType, Schema, Spec};
use bitrix24_codegen::schema::accepts;
use bitrix24_portal::Portal;
use serde_json::{Map, Value, json};

/// When a method of a family is called: rows are added first and deleted last.
fn step(method: &Descriptor) -> usize {
    let verb = method.method.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    match verb.as_str() {
        "register" | "create" | "set" => 0,
        "unregister" | "unset" | "reset" | "kill" | "terminate" | "archive" => 2,
        verb if verb.starts_with("add") => 0,
        verb if verb.starts_with("delete") || verb.starts_with("remove") => 2,
        _ => 1,
    }
}

/// A value of a schema: 1 for numbers, the same text for all texts, the first documented value.
fn value(schema: &Schema, depth: usize) -> Value {
    if let Some(first) = schema.values.iter().find(|value| !value.is_null()) {
        return first.clone();
    }
    if let Some(first) = schema.one_of.first().or(schema.any_of.first())
        && schema.properties.is_empty()
    {
        return value(first, depth);
    }
    let low = schema.minimum.as_ref().and_then(serde_json::Number::as_f64).unwrap_or(1.0).max(1.0);
    match schema.types.0.first() {
        Some(JsonType::Boolean) => json!(true),
        Some(JsonType::Integer | JsonType::Number) => json!(low as i64),
        Some(JsonType::Array) => {
            schema.items.iter().filter(|_| depth < 3).map(|items| value(items, depth + 1)).collect()
        }
        Some(JsonType::Object) => object(schema, depth),
        _ if matches!(schema.format.as_deref(), Some("date" | "date-time")) => json!("2026-11-22"),
        _ => json!("1"),
    }
}

/// An object with the required properties; with all, if none is required.
fn object(schema: &Schema, depth: usize) -> Value {
    let wanted = |name: &String| schema.required.is_empty() && depth < 3 || schema.required.contains(name);
    let properties = schema.properties.iter().filter(|(name, _)| wanted(name));
    properties.map(|(name, property)| (name.clone(), value(property, depth + 1))).collect()
}

/// The required parameters, the identifier, and all scalars of a method that adds.
fn params(method: &Descriptor) -> Map<String, Value> {
    let first = method.params.any_of.first().map(|set| set.required.clone()).unwrap_or_default();
    let wanted = |(name, schema): &(&String, &Schema)| {
        let adds =
            step(method) == 0 && matches!(schema.types.single(), Some(JsonType::Integer | JsonType::String));
        // What changes a row without a required parameter wants to know which one.
        let chooses = step(method) != 0 && method.rows.is_none() && name.eq_ignore_ascii_case("id");
        method.params.required.contains(name) || first.contains(name) || adds || chooses
    };
    let wanted = method.params.properties.iter().filter(wanted);
    let value = |(name, schema): (&String, &Schema)| {
        // What can be bound is known, and where to.
        let value = match (method.method.ends_with(".bind"), name.to_ascii_lowercase().as_str()) {
            (true, "event") => json!("onCrmDealAdd"),
            (true, "handler") => json!("http://127.0.0.1:9/"),
            _ => value(schema, 0),
        };
        (name.clone(), value)
    };
    wanted.map(value).collect()
}

/// Lists that need a condition, with the field.
const CONDITIONED: [(&str, &str); 2] =
    [("tasks.task.result.list", "taskId"), ("timeman.record.list", "userId")];

/// A portal with some rows of everything, and a token.
async fn portal() -> (Portal, String) {
    let builder = Portal::builder().sample_rows(3).rows_on_demand(true);
    let portal = builder.start().await.expect("a portal");
    let token = portal.issue_tokens().access_token;
    (portal, token)
}

/// The interface and the names before the last one.
fn group(method: &Descriptor) -> (Api, String) {
    let prefix = method.method.rsplit_once('.').map_or("", |(prefix, _)| prefix);
    (method.api, prefix.to_ascii_lowercase())
}

/// The variable `BITRIX24_PORTAL_RECORD` names a file for the recorded traffic, which `cargo conform --recorded` reads.
#[tokio::test]
async fn results_of_all_methods_are_read_without_a_mismatch() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (spec, problems) = Spec::load(&project, Path::new("spec"));
    assert!(problems.is_empty(), "{problems:?}");
    let mut methods: Vec<&Descriptor> = spec.methods.iter().map(|file| &file.content).collect();
    methods.sort_by_key(|method| (group(method), step(method)));
    let http = reqwest::Client::new();
    let mut wrong = Vec::new();
    let mut recorded = String::new();
    // Several families have the same rows: what one deletes, the others cannot read.
    for group in methods.chunk_by(|one, other| group(one) == group(other) && step(other) < 2) {
        let (portal, token) = portal().await;
        for method in group {
            let path = if method.api == Api::V3 { "rest/api" } else { "rest" };
            let url = format!("{}/{path}/{}", portal.origin(), method.method);
            let mut params = Value::Object(params(method));
            // A field that exists. All rows have identifiers, but files of tasks.
            if method.api == Api::V3 && method.method.ends_with(".field.get") {
                let of_file = method.method == "tasks.task.file.field.get";
                let documented = params["name"].as_str().filter(|name| *name != "1").map(str::to_owned);
                let field = documented.unwrap_or_else(|| if of_file { "taskId" } else { "id" }.to_owned());
                params["name"] = field.into();
            }
            let mut conditioned = CONDITIONED.iter().filter(|_| method.api == Api::V3);
            if let Some((_, field)) = conditioned.find(|(name, _)| *name == method.method.as_str()) {
                params["filter"] = json!([[field, 1]]);
            }
            let response = http.post(url).bearer_auth(&token).json(&params).send().await.expect("a response");
            let status = response.status().as_u16();
            let body: Value = response.json().await.expect("a body of JSON");
            if status != 200 || !accepts(&method.returns, &body["result"]) {
                wrong.push(format!("{:?} {} {status} {body} for {params}", method.api, method.method));
            }
        }
        recorded += &portal.recorded();
    }
    if let Some(path) = std::env::var_os("BITRIX24_PORTAL_RECORD") {
        std::fs::write(path, recorded).expect("a file");
    }
    assert!(wrong.is_empty(), "{}\n{} of {} methods", wrong.join("\n"), wrong.len(), methods.len());
    assert!(methods.len() > 1600, "{}", methods.len());
}
