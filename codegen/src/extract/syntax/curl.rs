//! Calls on the command line as pages show them, and the bodies of requests in them.

use serde_json::Value;

use crate::extract::register::Rule;
use crate::extract::register::syntax::{CALLER_TOKEN, REQUEST_BODY_IN_SHELL, SHELL_QUOTES};

/// What goes before the body of a request on the command line.
const BODIES: &[&str] = &["-d '", "--data '", "--data-raw '"];

/// The calls in a piece of code, each with the line in which it begins, from 0. A line that begins with `curl` begins a call.
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

/// The bodies of requests in the text of a call.
#[derive(Default)]
pub(crate) struct Bodies {
    /// Each with its line counted from that of the call, or why it is no JSON.
    pub(crate) list: Vec<(usize, Result<Value, String>)>,
    /// The rules that found them.
    pub(crate) rules: Vec<&'static Rule>,
}

/// The bodies in the text of a call.
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
        let (mut body, length) = first_json(call.get(start..).unwrap_or_default());
        if let Ok(body) = &mut body {
            bodies.rules.push(&REQUEST_BODY_IN_SHELL);
            let token = body.as_object_mut().and_then(|body| body.shift_remove("auth"));
            bodies.rules.extend(token.map(|_| &CALLER_TOKEN));
        }
        bodies.list.push((line, body));
        read = start + length;
    }
    bodies
}

/// The text inside of single quotes as a shell would hand it on: an apostrophe leaves them and comes back, and so does what
/// the shell is to fill in (`'"$(date)"'`), of which nothing is known but that it has no place in names.
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

/// The JSON object that a text begins with, and how many bytes were looked at.
fn first_json(text: &str) -> (Result<Value, String>, usize) {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let value = match values.next() {
        Some(Ok(body @ Value::Object(_))) => Ok(body),
        Some(Ok(_)) | None => Err("no object".to_owned()),
        Some(Err(error)) => Err(super::json::without_place(&error)),
    };
    (value, values.byte_offset())
}
