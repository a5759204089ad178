//! The method `batch` as a portal's PHP plays it, for tests and examples: queries read by PHP's rules, references replaced where
//! they lead somewhere and left as text where they do not, `[]` for what is empty.
//!
//! It needs the crates `bitrix24_core` and `serde_json`.
#![allow(dead_code, unreachable_pub)]

use bitrix24_core::php;
use serde_json::{Map, Value, json};

/// The `result` of a batch with these parameters.
///
/// `call` carries a command: it is given a name and parameters, and gives an envelope, with `result` (and `total`, `next`,
/// `time`) or with `error` and `error_description`.
pub fn play(params: &Value, mut call: impl FnMut(&str, &Map<String, Value>) -> Value) -> Value {
    let halts = params["halt"] == 1;
    let mut parts = Map::new();
    for part in ["result", "error", "total", "next", "time"] {
        parts.insert(part.to_owned(), json!({}));
    }
    let none = Map::new();
    for (place, (name, command)) in params["cmd"].as_object().unwrap_or(&none).iter().enumerate() {
        let command = command.as_str().unwrap_or_default();
        let (method, query) = command.split_once('?').unwrap_or((command, ""));
        let params = php::decode(query).into_iter();
        let params = params.map(|(name, value)| (name, filled(value, &parts["result"]))).collect();
        let envelope = if place < 50 {
            call(method, &params)
        } else {
            json!({"error": "ERROR_BATCH_LENGTH_EXCEEDED", "error_description": "Max batch length exceeded"})
        };
        let failed = envelope.get("error").is_some();
        let told = if failed { json!({"error": envelope}) } else { envelope };
        for (part, entries) in &mut parts {
            if let Some(entry) = told.get(part) {
                entries[name] = entry.clone();
            }
        }
        if failed && halts {
            break;
        }
    }
    let part = |name: &str| if parts[name] == json!({}) { json!([]) } else { parts[name].clone() };
    json!({
        "result": part("result"),
        "result_error": part("error"),
        "result_total": part("total"),
        "result_next": part("next"),
        "result_time": part("time"),
    })
}

/// The value with references replaced by what they lead to. A text that is nothing but a reference becomes the value itself.
fn filled(value: Value, results: &Value) -> Value {
    match value {
        Value::String(text) => {
            let Some((before, path)) = text.split_once("$result[") else { return text.into() };
            let steps = path.trim_end_matches(']').split("][");
            let found = steps.into_iter().try_fold(results, |value, step| match value {
                Value::Array(items) => items.get(step.parse::<usize>().ok()?),
                value => value.get(step),
            });
            match found {
                Some(Value::Null) | None => text.into(),
                Some(found) if before.is_empty() => found.clone(),
                Some(found) => format!("{before}{}", found.as_str().unwrap_or(&found.to_string())).into(),
            }
        }
        Value::Array(items) => items.into_iter().map(|item| filled(item, results)).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, field)| (name, filled(field, results))).collect()
        }
        other => other,
    }
}
