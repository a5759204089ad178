//! The method `batch` as a portal's PHP plays it, for tests and examples: queries read by PHP's rules, references replaced where
//! they lead somewhere and left as text where they do not, and every part of the answer written as PHP writes an array.
//!
//! It needs the crates `form_urlencoded` and `serde_json`. How PHP reads a query is told in `php.rs` once more, on purpose: a
//! mistake of the client's must not be forgiven by the same mistake here.
#![allow(dead_code, unreachable_pub)]

use serde_json::{Map, Value, json};

#[path = "php.rs"]
pub mod php;

/// The parts of an answer, by the names that they have in the answer to a single call.
const PARTS: [(&str, &str); 5] = [
    ("result", "result"),
    ("result_error", "error"),
    ("result_total", "total"),
    ("result_next", "next"),
    ("result_time", "time"),
];

/// The `result` of a batch with these parameters.
///
/// `call` carries a command: it is given a name and parameters, and gives the answer that the method would give by itself, with
/// `result` (and `total`, `next`, `time`) or with `error` and `error_description`. A command whose answer is `null` is in none of
/// the parts, as if it had not been sent.
pub fn run(params: &Value, mut call: impl FnMut(&str, &Map<String, Value>) -> Value) -> Value {
    let halts = php::truth(params.get("halt"));
    let mut parts = PARTS.map(|_| Vec::new());
    for (key, command) in commands(params) {
        let answer = execute(&command, &parts[0], &mut call);
        let failed = answer.get("error").is_some();
        let told = if failed { json!({"error": answer}) } else { answer };
        for ((_, name), entries) in PARTS.iter().zip(&mut parts) {
            entries.extend(told.get(name).map(|entry| (key.clone(), entry.clone())));
        }
        if failed && halts {
            break;
        }
    }
    let parts = PARTS.iter().zip(parts);
    Value::Object(parts.map(|((name, _), entries)| ((*name).to_owned(), php::array(entries))).collect())
}

/// The commands by their keys; those of a list are its places.
pub fn commands(params: &Value) -> Vec<(String, String)> {
    match &params["cmd"] {
        Value::Object(map) => map.iter().map(|(key, command)| (key.clone(), php::text(command))).collect(),
        Value::Array(list) => {
            list.iter().enumerate().map(|(at, command)| (at.to_string(), php::text(command))).collect()
        }
        _ => Vec::new(),
    }
}

/// What the commands so far have given, by their keys.
type Results = [(String, Value)];

fn execute(
    command: &str,
    results: &Results,
    call: &mut impl FnMut(&str, &Map<String, Value>) -> Value,
) -> Value {
    let (method, query) = command.split_once('?').unwrap_or((command, ""));
    if method.eq_ignore_ascii_case("batch") {
        let description = "Method is not allowed for batch usage";
        return json!({"error": "ERROR_BATCH_METHOD_NOT_ALLOWED", "error_description": description});
    }
    let pairs = form_urlencoded::parse(query.as_bytes());
    let params = php::nested(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())));
    let params = params.into_iter().map(|(name, value)| (name, filled(value, results)));
    call(method, &params.collect())
}

/// The value with references replaced by what they lead to.
fn filled(value: Value, results: &Results) -> Value {
    match value {
        Value::String(text) => resolved(&text, results),
        Value::Array(items) => items.into_iter().map(|item| filled(item, results)).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, field)| (name, filled(field, results))).collect()
        }
        other => other,
    }
}

/// The text with each `$result[key][field]…` that leads to something replaced by that; all others stay as they are. A text that is
/// nothing but a reference becomes the value itself, and one with more in it takes single values alone.
fn resolved(text: &str, results: &Results) -> Value {
    let mut resolved = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("$result[") {
        let (steps, after) = steps(behind);
        let found = at(results, &steps).filter(|found| !found.is_null());
        match found {
            Some(found) if before.is_empty() && after.is_empty() && resolved.is_empty() => {
                return found.clone();
            }
            Some(found) if !found.is_array() && !found.is_object() => {
                resolved += before;
                resolved += &php::text(found);
            }
            _ => resolved += &rest[..rest.len() - after.len()],
        }
        rest = after;
    }
    (resolved + rest).into()
}

fn at<'r>(results: &'r Results, steps: &[&str]) -> Option<&'r Value> {
    let (first, rest) = steps.split_first()?;
    let result = &results.iter().find(|(key, _)| key == first)?.1;
    rest.iter().try_fold(result, |value, step| match value {
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        value => value.get(step),
    })
}

/// The steps of a reference, of which the text begins behind the first bracket, and what stands behind it.
fn steps(text: &str) -> (Vec<&str>, &str) {
    let mut steps = Vec::new();
    let mut rest = text;
    while let Some((step, behind)) = rest.split_once(']') {
        steps.push(step);
        rest = behind;
        match rest.strip_prefix('[') {
            Some(next) => rest = next,
            None => break,
        }
    }
    (steps, rest)
}
