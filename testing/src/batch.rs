//! The method `batch` as a portal runs it in PHP, for tests and examples: queries are parsed by PHP's rules, references are
//! replaced if they resolve and left as text otherwise, and every part of the response is encoded as a PHP array.
//!
//! `php.rs` implements PHP's parsing of queries
//! independently of the client on purpose: a mistake of the client must not be hidden by the same mistake here.

use serde_json::{Map, Value, json};

use crate::php;

/// The parts of the response, with the names that they have in the response to a single call.
const PARTS: [(&str, &str); 5] = [
    ("result", "result"),
    ("result_error", "error"),
    ("result_total", "total"),
    ("result_next", "next"),
    ("result_time", "time"),
];

/// The `result` of a batch with these parameters.
///
/// `call` runs a command with its name and parameters, and returns the response of a single call: `result` (and `total`, `next`,
/// `time`), or `error` and `error_description`. A command whose response is `null` is in none of the parts, as if it had not been
/// sent.
pub fn run(params: &Value, mut call: impl FnMut(&str, &Map<String, Value>) -> Value) -> Value {
    let halt = php::is_true(params.get("halt"));
    let mut parts = PARTS.map(|_| Vec::new());
    for (key, command) in commands(params) {
        let response = execute(&command, &parts[0], &mut call);
        let failed = response.get("error").is_some();
        let parts_of_response = if failed { json!({"error": response}) } else { response };
        for ((_, name), entries) in PARTS.iter().zip(&mut parts) {
            entries.extend(parts_of_response.get(name).map(|entry| (key.clone(), entry.clone())));
        }
        if failed && halt {
            break;
        }
    }
    let parts = PARTS.iter().zip(parts);
    Value::Object(parts.map(|((name, _), entries)| ((*name).to_owned(), php::array(entries))).collect())
}

/// The commands by key; the keys of a list are its indexes.
pub(crate) fn commands(params: &Value) -> Vec<(String, String)> {
    match &params["cmd"] {
        Value::Object(map) => map.iter().map(|(key, command)| (key.clone(), php::text(command))).collect(),
        Value::Array(list) => {
            list.iter().enumerate().map(|(at, command)| (at.to_string(), php::text(command))).collect()
        }
        _ => Vec::new(),
    }
}

/// The results of the commands so far, by key.
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
    let params = php::parse_pairs(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())));
    let params = params.into_iter().map(|(name, value)| (name, resolve_value(value, results)));
    call(method, &params.collect())
}

/// The value with its references resolved.
fn resolve_value(value: Value, results: &Results) -> Value {
    match value {
        Value::String(text) => resolve_text(&text, results),
        Value::Array(items) => items.into_iter().map(|item| resolve_value(item, results)).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, field)| (name, resolve_value(field, results))).collect()
        }
        other => other,
    }
}

/// The text with each `$result[key][field]…` that resolves replaced by its value; all others stay. A text that is only a reference
/// becomes the value itself; within a longer text only scalars are replaced.
fn resolve_text(text: &str, results: &Results) -> Value {
    let mut output = String::new();
    let mut rest = text;
    while let Some((before, after_bracket)) = rest.split_once("$result[") {
        let (segments, after) = segments(after_bracket);
        let found = at(results, &segments).filter(|found| !found.is_null());
        match found {
            Some(found) if before.is_empty() && after.is_empty() && output.is_empty() => {
                return found.clone();
            }
            Some(found) if !found.is_array() && !found.is_object() => {
                output += before;
                output += &php::text(found);
            }
            _ => output += &rest[..rest.len() - after.len()],
        }
        rest = after;
    }
    (output + rest).into()
}

fn at<'r>(results: &'r Results, segments: &[&str]) -> Option<&'r Value> {
    let (first, rest) = segments.split_first()?;
    let result = &results.iter().find(|(key, _)| key == first)?.1;
    rest.iter().try_fold(result, |value, segment| match value {
        Value::Array(items) => items.get(segment.parse::<usize>().ok()?),
        value => value.get(segment),
    })
}

/// The segments of a reference whose text starts after the first bracket, and the text after the reference.
fn segments(text: &str) -> (Vec<&str>, &str) {
    let mut segments = Vec::new();
    let mut rest = text;
    while let Some((segment, after_bracket)) = rest.split_once(']') {
        segments.push(segment);
        rest = after_bracket;
        match rest.strip_prefix('[') {
            Some(next) => rest = next,
            None => break,
        }
    }
    (segments, rest)
}
