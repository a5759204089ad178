//! Batches: commands as queries, references between them, and results as PHP writes arrays.

use serde_json::{Map, Value, json};

use super::access::Refusal;
use super::counter::Counter;
use super::methods::Found;
use super::php;

/// What is kept of the commands so far, in the order in which they ran.
#[derive(Default)]
struct Results {
    result: Vec<(String, Value)>,
    error: Vec<(String, Value)>,
    total: Vec<(String, Value)>,
    next: Vec<(String, Value)>,
    time: Vec<(String, Value)>,
}

/// Runs a batch.
pub fn run(counter: &mut Counter, params: &Map<String, Value>) -> Result<Found, Refusal> {
    let commands = commands(params);
    if commands.len() > 50 {
        return Err(Refusal::new(400, "ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded"));
    }
    counter.count("batch");
    counter.limits.charge("batch");
    let halts = php::truth(params.get("halt"));
    let mut results = Results::default();
    for (key, command) in commands {
        if let Err(refusal) = command_of(counter, &mut results, &key, &php::text(&command)) {
            let error = json!({"error": refusal.code, "error_description": refusal.description});
            results.error.push((key, error));
            if halts {
                break;
            }
        }
    }
    Ok(Found::of(json!({
        "result": php::array(results.result),
        "result_error": php::array(results.error),
        "result_total": php::array(results.total),
        "result_next": php::array(results.next),
        "result_time": php::array(results.time),
    })))
}

/// The commands by their keys; those of a list are its places.
fn commands(params: &Map<String, Value>) -> Vec<(String, Value)> {
    match params.get("cmd") {
        Some(Value::Object(map)) => map.iter().map(|(key, command)| (key.clone(), command.clone())).collect(),
        Some(Value::Array(list)) => {
            list.iter().enumerate().map(|(at, command)| (at.to_string(), command.clone())).collect()
        }
        _ => Vec::new(),
    }
}

fn command_of(counter: &mut Counter, results: &mut Results, key: &str, text: &str) -> Result<(), Refusal> {
    let (method, query) = text.split_once('?').unwrap_or((text, ""));
    if method.eq_ignore_ascii_case("batch") {
        return Err(Refusal::new(
            405,
            "ERROR_BATCH_METHOD_NOT_ALLOWED",
            "Method is not allowed for batch usage",
        ));
    }
    let pairs = form_urlencoded::parse(query.as_bytes());
    let pairs = pairs.map(|(name, value)| (name.into_owned(), results.resolved(&value)));
    let params = php::nested(pairs).into_iter();
    let params: Map<String, Value> = params.map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
    let mishap = counter.mishaps.take(method);
    if let Some(mishap) = mishap {
        if mishap.runs() {
            counter.run(method, &params)?;
        }
        return match mishap.fault.refusal() {
            Some((status, code, description)) => Err(Refusal::new(status, code, description)),
            // The command is in neither of the lists, as if it had not been sent.
            None => Ok(()),
        };
    }
    let found = counter.run(method, &params)?;
    results.time.push((key.to_owned(), counter.limits.time(method)));
    let count = |count: Option<usize>| count.map(|count| (key.to_owned(), count.into()));
    results.total.extend(count(found.total));
    results.next.extend(count(found.next));
    results.result.push((key.to_owned(), found.result));
    Ok(())
}

impl Results {
    /// The text with each `$result[key][field]…` that leads to a single value replaced by it. All others stay as they are.
    fn resolved(&self, text: &str) -> String {
        let mut resolved = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("$result[") {
            resolved.push_str(before);
            let (steps, after) = steps(behind);
            match self.at(&steps) {
                Some(value) => resolved.push_str(&php::text(value)),
                None => resolved.push_str(&rest[before.len()..rest.len() - after.len()]),
            }
            rest = after;
        }
        resolved + rest
    }

    fn at(&self, steps: &[&str]) -> Option<&Value> {
        let (first, rest) = steps.split_first()?;
        let mut value = &self.result.iter().find(|(key, _)| key == first)?.1;
        for step in rest {
            value = match value {
                Value::Object(map) => map.get(*step)?,
                Value::Array(items) => items.get(step.parse::<usize>().ok()?)?,
                _ => return None,
            };
        }
        (!value.is_array() && !value.is_object()).then_some(value)
    }
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
