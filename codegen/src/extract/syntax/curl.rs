//! Splits shell examples into `curl` calls and extracts their request bodies.

use serde_json::Value;

use crate::extract::register::Rule;
use crate::extract::register::syntax::{
    CALLER_TOKEN, NEAR_JSON_IN_SHELL, REQUEST_BODY_IN_SHELL, SHELL_QUOTES,
};
use crate::extract::syntax::json_repair::repaired;

/// The options of `curl` before a request body.
const BODIES: &[&str] = &["-d '", "--data '", "--data-raw '"];

/// The calls in a piece of code, each with its first line, counted from 0. A line that begins with `curl` begins a call.
pub(crate) fn calls_in(code: &str) -> Vec<(usize, String)> {
    let mut calls: Vec<(usize, String)> = Vec::new();
    for (index, line) in code.lines().enumerate() {
        match calls.last_mut() {
            Some((_, call)) if !line.trim_start().starts_with("curl") => {
                call.push('\n');
                call.push_str(line);
            }
            _ => calls.push((index, line.to_owned())),
        }
    }
    calls
}

/// The request bodies in the text of a call.
#[derive(Default)]
pub(crate) struct Bodies {
    /// Each body, or the error where it is not JSON, with its line relative to the call.
    pub(crate) list: Vec<(usize, Result<Value, String>)>,
    /// The bodies that are not quite JSON.
    pub(crate) repaired: Vec<Value>,
    /// The rules that extracted the bodies.
    pub(crate) rules: Vec<&'static Rule>,
}

/// Extracts the request bodies from the text of a call.
pub(crate) fn bodies_in(call: &str) -> Bodies {
    let mut bodies = Bodies::default();
    if !BODIES.iter().any(|marker| call.contains(marker)) {
        return bodies;
    }
    let quoted = call;
    let call = unquoted(call);
    bodies.rules.extend((call != quoted).then_some(&SHELL_QUOTES));
    let mut starts: Vec<usize> = BODIES
        .iter()
        .flat_map(|marker| call.match_indices(marker).map(|(at, marker)| at + marker.len()))
        .collect();
    starts.sort_unstable();
    let (mut line, mut counted, mut read) = (0, 0, 0);
    for start in starts {
        if start < read {
            continue;
        }
        line += call.get(counted..start).unwrap_or_default().matches('\n').count();
        counted = start;
        let text = call.get(start..).unwrap_or_default();
        let (mut body, length) = first_json(text);
        let mut near = if body.is_err() { near_json(text) } else { None };
        bodies.rules.extend(near.as_ref().map(|_| &NEAR_JSON_IN_SHELL));
        if let Some(body) = body.as_mut().ok().or(near.as_mut()) {
            bodies.rules.push(&REQUEST_BODY_IN_SHELL);
            let token = body.as_object_mut().and_then(|body| body.shift_remove("auth"));
            bodies.rules.extend(token.map(|_| &CALLER_TOKEN));
        }
        bodies.repaired.extend(near);
        bodies.list.push((line, body));
        read = start + length;
    }
    bodies
}

/// Undoes the quoting of a shell inside single quotes: `'\''` is an apostrophe, and a value that the shell fills in
/// (`'"$(date)"'`) becomes `0`, since the value is unknown and never part of a name. The number of lines stays the same.
fn unquoted(call: &str) -> String {
    let call = call.replace("'\\''", "'");
    let mut parts = call.split("'\"$");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once("\"'") {
            Some((filled, after)) => {
                text.push('0');
                text.push_str(&"\n".repeat(filled.matches('\n').count()));
                text.push_str(after);
            }
            None => {
                text.push_str("'\"$");
                text.push_str(part);
            }
        }
    }
    text
}

/// Parses the JSON object at the beginning of a text. Also returns how many bytes the parser consumed.
fn first_json(text: &str) -> (Result<Value, String>, usize) {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let value = match values.next() {
        Some(Ok(body @ Value::Object(_))) => Ok(body),
        Some(Ok(_)) | None => Err("not an object".to_owned()),
        Some(Err(error)) => Err(super::json::without_place(&error)),
    };
    (value, values.byte_offset())
}

/// The object in a body that is not quite JSON, which ends with the quote of the shell.
fn near_json(text: &str) -> Option<Value> {
    let (quoted, _) = text.split_once('\'')?;
    repaired(quoted).filter(Value::is_object)
}
