//! The method `batch`: commands with references to the results of earlier ones.
//!
//! References are resolved here independently of the client; see `php.rs`.

use serde_json::{Map, Value, json};

use crate::check::Refusal;
use crate::exchange::Params;
use crate::families::find;
use crate::php;
use crate::spec::System;

/// The parts of the response, with the names that they have in the response to a single call.
const PARTS: [(&str, &str); 5] = [
    ("result", "result"),
    ("result_error", "error"),
    ("result_total", "total"),
    ("result_next", "next"),
    ("result_time", "time"),
];

/// The results of the commands so far, by key.
type Results = [(String, Value)];

/// The `result` of a batch. `call` runs a command and returns the response of a single call; `null` if the command is to be in none
/// of the parts.
///
/// # Errors
/// Too many commands.
pub(crate) fn run(
    system: &System,
    params: &Params,
    mut call: impl FnMut(&str, Params) -> Value,
) -> Result<Value, Refusal> {
    let commands = commands(find(params, "cmd"));
    if commands.len() > system.limits.batch_commands.unwrap_or(50) {
        return Err(Refusal::system(system, "ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded"));
    }
    let halt = find(params, "halt").is_some_and(php::is_true);
    let mut parts = PARTS.map(|_| Vec::new());
    for (key, command) in commands {
        let response = execute(system, &command, &parts[0], &mut call);
        let failed = response.get("error").is_some();
        let response = if failed { json!({"error": response}) } else { response };
        for ((_, name), entries) in PARTS.iter().zip(&mut parts) {
            entries.extend(response.get(name).map(|entry| (key.clone(), entry.clone())));
        }
        if failed && halt {
            break;
        }
    }
    let parts = PARTS.iter().zip(parts).map(|((name, _), entries)| ((*name).to_owned(), php::array(entries)));
    Ok(Value::Object(parts.collect()))
}

/// The commands by key; the keys of a list are its indexes.
fn commands(given: Option<&Value>) -> Vec<(String, String)> {
    match given {
        Some(Value::Object(map)) => {
            map.iter().map(|(key, command)| (key.clone(), php::text(command))).collect()
        }
        Some(Value::Array(list)) => {
            list.iter().enumerate().map(|(at, command)| (at.to_string(), php::text(command))).collect()
        }
        _ => Vec::new(),
    }
}

fn execute(
    system: &System,
    command: &str,
    results: &Results,
    call: &mut impl FnMut(&str, Params) -> Value,
) -> Value {
    let (method, query) = command.split_once('?').unwrap_or((command, ""));
    let method = method.trim_matches('/');
    if method.eq_ignore_ascii_case("batch") {
        let refusal = Refusal::system(
            system,
            "ERROR_BATCH_METHOD_NOT_ALLOWED",
            "Method is not allowed for batch usage",
        );
        return json!({"error": refusal.code, "error_description": refusal.message});
    }
    let params = php::read_query(query.as_bytes());
    let resolved: Map<String, Value> =
        params.into_iter().map(|(name, value)| (name, resolve(value, results))).collect();
    call(method, resolved)
}

/// The value with its references resolved.
fn resolve(value: Value, results: &Results) -> Value {
    match value {
        Value::String(text) => resolve_text(&text, results),
        Value::Array(items) => items.into_iter().map(|item| resolve(item, results)).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, field)| (name, resolve(field, results))).collect()
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
        let (path, after) = path(after_bracket);
        match at(results, &path).filter(|found| !found.is_null()) {
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

fn at<'r>(results: &'r Results, path: &[&str]) -> Option<&'r Value> {
    let (first, rest) = path.split_first()?;
    let result = &results.iter().find(|(key, _)| key == first)?.1;
    rest.iter().try_fold(result, |value, step| match value {
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        value => value.get(step),
    })
}

/// The steps of a reference whose text starts after the first bracket, and the text after the reference.
fn path(text: &str) -> (Vec<&str>, &str) {
    let mut steps = Vec::new();
    let mut rest = text;
    while let Some((step, after_bracket)) = rest.split_once(']') {
        steps.push(step);
        rest = after_bracket;
        match rest.strip_prefix('[') {
            Some(next) => rest = next,
            None => break,
        }
    }
    (steps, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(params: Value) -> Value {
        let system = System::default();
        let params = params.as_object().cloned().unwrap_or_default();
        let echo = |method: &str, params: Params| match method {
            "fail" => json!({"error": "", "error_description": "Not found"}),
            "lost" => Value::Null,
            _ => json!({"result": params, "total": 1, "time": {}}),
        };
        run(&system, &params, echo).expect("a result")
    }

    #[test]
    fn references_are_replaced_if_they_resolve() {
        let result = batch(json!({"cmd": {
            "a": "echo?x[y]=7",
            "b": "echo?id=$result[a][x][y]&text=no $result[a][x][y]!&all=$result[a][x]&none=$result[c][x]",
        }}));
        assert_eq!(
            result["result"]["b"],
            json!({"id": "7", "text": "no 7!", "all": {"y": "7"}, "none": "$result[c][x]"})
        );
    }

    #[test]
    fn parts_are_arrays_of_php() {
        let result = batch(json!({"cmd": ["echo?x=1", "fail", "echo"]}));
        assert_eq!(result["result"], json!({"0": {"x": "1"}, "2": {}}));
        assert_eq!(result["result_error"]["1"]["error_description"], "Not found");
        assert_eq!(result["result_next"], json!([]));
        let all = batch(json!({"cmd": {"0": "echo", "1": "echo"}}));
        assert!(all["result"].is_array());
    }

    #[test]
    fn a_halted_batch_ends_with_the_failure() {
        let result = batch(json!({"halt": "1", "cmd": {"a": "lost", "b": "fail", "c": "echo"}}));
        assert_eq!((&result["result"], result["result_error"].get("c")), (&json!([]), None));
        let inner = batch(json!({"cmd": {"a": "batch?cmd[x]=echo"}}));
        assert_eq!(inner["result_error"]["a"]["error"], "ERROR_BATCH_METHOD_NOT_ALLOWED");
        let many: Vec<String> = (0..51).map(|_| "echo".to_owned()).collect();
        let params = json!({"cmd": many}).as_object().cloned().unwrap_or_default();
        let refusal = run(&System::default(), &params, |_, _| Value::Null).expect_err("too many");
        assert_eq!(refusal.code, "ERROR_BATCH_LENGTH_EXCEEDED");
    }
}
