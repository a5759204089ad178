//! Recorded traffic: lines of JSON that a client has written, or that a user has sent.
//!
//! A line is one object: `{"api": "v2", "method": "user.current", "kind": "response", "status": 200, "body": {…}}`. The body of a
//! response is the whole envelope, that of a request its parameters. `bitrix24_core::recording` writes such lines.

pub(crate) mod batch;
mod portal_fields;

use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use crate::descriptor::Api;
use crate::diagnostic::{Diagnostic, SourceText};
use batch::BatchCommands;
pub use portal_fields::is_portal_field;

/// The ending of files of recorded traffic.
pub const RECORDED_ENDING: &str = "jsonl";

/// A line of recorded traffic.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The file.
    pub source: Arc<SourceText>,
    /// The line, counted from 1.
    pub line: usize,
    /// The interface of the method.
    pub api: Api,
    /// The name of the method, in any case.
    pub method: String,
    /// What the line is.
    pub kind: RecordedKind,
    /// The HTTP status of a response, if it is known.
    pub status: Option<u16>,
    /// The envelope of a response, or the parameters of a request.
    pub body: Value,
}

/// The kind of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordedKind {
    /// The parameters of a call.
    Request,
    /// The envelope that the portal returned.
    Response,
    /// The event that a portal sent.
    Event,
}

/// A line as it is written. Other keys are ignored.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    api: Api,
    method: String,
    kind: RecordedKind,
    #[serde(default)]
    status: Option<u16>,
    body: Value,
}

impl Recorded {
    /// The result of a successful call; `None` for any other line.
    pub fn result(&self) -> Option<&Value> {
        let is_success = self.status.is_none_or(|status| status < 400);
        let envelope = self.body.as_object().filter(|_| self.kind == RecordedKind::Response && is_success)?;
        let has_error =
            envelope.get("error").is_some_and(|error| !crate::schema::accepts::is_empty_form(error));
        envelope.get("result").filter(|_| !has_error)
    }
}

/// The results of successful calls in recorded lines, those of commands of a batch included.
pub(crate) fn results(lines: &[Recorded]) -> Vec<RecordedResult<'_>> {
    let mut results = Vec::new();
    let mut commands = None;
    for line in lines {
        if !batch::is_batch(line) {
            let result = line.result().map(|result| RecordedResult { line, method: &line.method, result });
            results.extend(result);
        } else if line.kind == RecordedKind::Request {
            commands = Some(BatchCommands::of(line));
        } else if let (Some(known), Some(Value::Object(maps))) = (commands.take(), line.result())
            && known.fits(line, maps)
        {
            let of_commands = batch::entries(maps.get("result"));
            results.extend(of_commands.filter_map(|(name, result)| {
                Some(RecordedResult { line, method: known.method(&name)?, result })
            }));
        }
    }
    results
}

/// The result of a successful call.
#[derive(Clone, Copy)]
pub(crate) struct RecordedResult<'a> {
    pub(crate) line: &'a Recorded,
    pub(crate) method: &'a str,
    pub(crate) result: &'a Value,
}

/// Reads the lines of a file. Lines that do not fit are reported and left out; empty lines are skipped.
pub fn read_recorded(source: &Arc<SourceText>, problems: &mut Vec<Diagnostic>) -> Vec<Recorded> {
    let mut recorded = Vec::new();
    let mut start = 0;
    for (index, text) in source.text.split_inclusive('\n').enumerate() {
        let from = start;
        start += text.len();
        if text.trim().is_empty() {
            continue;
        }
        match serde_json::from_str::<Line>(text) {
            Ok(Line { api, method, kind, status, body }) => {
                let source = Arc::clone(source);
                recorded.push(Recorded { source, line: index + 1, api, method, kind, status, body });
            }
            Err(error) => problems.push(bad_line(source, from, text, &error)),
        }
    }
    recorded
}

/// The error for a line. It shows the place and not the line, which may be long and may contain the data of a portal.
fn bad_line(source: &Arc<SourceText>, from: usize, text: &str, error: &serde_json::Error) -> Diagnostic {
    let column = error.column().saturating_sub(1).min(text.trim_end().len());
    let what = error.to_string();
    let what = what.rsplit_once(" at line ").map_or(what.as_str(), |(what, _)| what);
    let expected = r#"`{"api": "v2" or "v3", "method": …, "kind": "request", "response" or "event", "status": …, "body": …}`"#;
    Diagnostic::error(format!("this line is no recorded traffic and was left out: {what}"))
        .expecting(expected)
        .at(source, from + column..from + column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_bad_ones_reported() {
        let text = concat!(
            r#"{"method": "zoo.animal.get", "kind": "response", "status": 200, "body": {"result": 7}}"#,
            "\n\n{\"method\": \"zoo\n",
            r#"{"api": "v3", "method": "zoo.animal.get", "kind": "request", "body": {}, "more": 1}"#,
            "\r\n[]\n",
            r#"{"method": "zoo.animal.get", "kind": "answer", "body": {}}"#,
        );
        let mut problems = Vec::new();
        let recorded = read_recorded(&SourceText::new("zoo.jsonl", text), &mut problems);
        let read: Vec<_> = recorded.iter().map(|line| (line.line, line.api, line.kind)).collect();
        assert_eq!(read, [(1, Api::V2, RecordedKind::Response), (4, Api::V3, RecordedKind::Request)]);
        let lines: Vec<_> = problems.iter().map(|problem| problem.position().unwrap().1).collect();
        assert_eq!(lines, [3, 5, 6]);
        assert!(
            problems[2].message.ends_with("expected one of `request`, `response`, `event`"),
            "{}",
            problems[2]
        );
    }

    #[test]
    fn only_successful_responses_have_a_result() {
        for (kind, status, body, has_result) in [
            ("response", "200", r#"{"result": null}"#, true),
            ("response", "null", r#"{"result": 7, "error": ""}"#, true),
            ("response", "200", r#"{"error": "GONE"}"#, false),
            ("response", "200", r#"{"result": 7, "error": "GONE"}"#, false),
            ("response", "500", r#"{"result": 7}"#, false),
            ("response", "200", r#""text""#, false),
            ("request", "null", r#"{"result": 7}"#, false),
        ] {
            let text =
                format!(r#"{{"method": "zoo", "kind": "{kind}", "status": {status}, "body": {body}}}"#);
            let recorded = read_recorded(&SourceText::new("zoo.jsonl", text), &mut Vec::new());
            assert_eq!(recorded[0].result().is_some(), has_result, "{kind} {status} {body}");
        }
    }
}
