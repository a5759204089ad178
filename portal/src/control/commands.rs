//! What can be asked, and how requests become commands.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Wrong;
use super::faults::{FaultName, OtherCall};
use super::scripts::{RequestParts, ScriptParts};
use crate::php;

/// A command with its parameters. The tag is the path.
#[derive(Debug, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Command {
    Fail {
        method: String,
        fault: FaultName,
        #[serde(default = "once")]
        calls: usize,
        #[serde(default)]
        skip: usize,
        #[serde(default)]
        after_running: bool,
    },
    Call(OtherCall),
    Respond(ScriptParts),
    Request(RequestParts),
    Reset {},
    Rows {
        table: String,
    },
    Calls {},
    Recorded {},
    Deliveries {},
    Install {
        handler: String,
    },
    Uninstall {
        #[serde(default)]
        clean: bool,
    },
    Placement {
        placement: String,
        #[serde(default)]
        options: Value,
    },
    Event {
        event: String,
        #[serde(default)]
        data: Value,
    },
    Robot {
        code: String,
        #[serde(default)]
        properties: Value,
    },
    Message {
        bot: i64,
        #[serde(default = "first_user")]
        dialog: String,
        text: String,
    },
    Plan {
        plan: Option<String>,
    },
    Operating {
        method: String,
        seconds: f64,
    },
    Move {
        origin: Option<String>,
    },
    Tokens {},
    TokenRequests {},
    Revoke {},
    Expire {
        lifetime: Option<u64>,
    },
    Language {
        language: String,
    },
}

fn once() -> usize {
    1
}

fn first_user() -> String {
    "1".to_owned()
}

/// A path with its method.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) path: &'static str,
    pub(super) method: &'static str,
    takes: &'static str,
    does: &'static str,
}

const fn known(method: &'static str, path: &'static str, takes: &'static str, does: &'static str) -> Known {
    Known { path, method, takes, does }
}

/// All paths. README.md has the same table.
pub(super) const ALL: [Known; 23] = [
    known(
        "POST",
        "fail",
        "method, fault, calls, skip, after_running",
        "makes the next calls of a method fail",
    ),
    known("POST", "call", "method, params", "calls a method as another user of the portal does"),
    known("POST", "respond", "method, result, rows, within, error", "answers the calls of a method"),
    known("POST", "request", "kind, and what the kind takes", "a request to an application, as data"),
    known("POST", "reset", "", "removes rows, bindings, faults, scripts and records"),
    known("GET", "rows", "table", "the rows of a table"),
    known("GET", "calls", "", "the last calls of methods"),
    known("GET", "recorded", "", "the last calls as lines of recorded traffic"),
    known("GET", "deliveries", "", "the last requests to handlers, with their responses"),
    known("POST", "install", "handler", "installs the application at an address"),
    known("POST", "uninstall", "clean", "removes the application"),
    known("POST", "placement", "placement, options", "opens the widget that is bound at a place"),
    known("POST", "event", "event, data", "raises an event"),
    known("POST", "robot", "code, properties", "runs a robot or an activity"),
    known("POST", "message", "bot, dialog, text", "sends a message to a bot"),
    known("POST", "plan", "plan", "sets the limits to those of a plan; null: none"),
    known(
        "POST",
        "operating",
        "method, seconds",
        "sets the operating time that each call of a method counts",
    ),
    known("POST", "move", "origin", "renames the portal: calls are redirected to an origin; null: no longer"),
    known("POST", "tokens", "", "issues a pair of tokens"),
    known("GET", "token_requests", "", "how often tokens were asked for, granted and refused"),
    known("POST", "revoke", "", "revokes all refresh tokens and codes"),
    known(
        "POST",
        "expire",
        "lifetime",
        "expires all access tokens; sets the lifetime of further ones, in seconds",
    ),
    known("POST", "language", "language", "sets the language of messages"),
];

/// The path of this name.
pub(super) fn find(path: &str) -> Option<&'static Known> {
    ALL.iter().find(|known| known.path == path)
}

/// The description of all paths.
pub(super) fn all() -> Value {
    let described = ALL.iter().map(|known| {
        let request = format!("{} /control/{}", known.method, known.path);
        json!({"request": request, "takes": known.takes, "does": known.does})
    });
    described.collect()
}

/// The parameters: those of the query for `GET`, and the JSON object of the body for `POST`.
pub(super) fn params(known: &Known, query: &str, body: &Bytes) -> Result<Map<String, Value>, Wrong> {
    if known.method == "GET" {
        return Ok(php::read_query(query.as_bytes()));
    }
    if body.trim_ascii().is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(params)) => Ok(params),
        Ok(_) => Err(Wrong::new(400, format!("/control/{} takes a JSON object", known.path))),
        Err(error) => Err(Wrong::new(400, format!("the body is no JSON: {error}"))),
    }
}

/// The command of a path with its parameters.
///
/// # Errors
/// A parameter is missing, unknown or of another type.
pub(super) fn read(known: &Known, mut params: Map<String, Value>) -> Result<Command, Wrong> {
    params.insert("command".to_owned(), known.path.into());
    let takes = if known.takes.is_empty() { "no parameters" } else { known.takes };
    serde_json::from_value(Value::Object(params))
        .map_err(|error| Wrong::new(400, format!("/control/{} takes {takes}: {error}", known.path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_is_a_command_and_is_documented() {
        let readme = include_str!("../../README.md");
        for known in &ALL {
            let line = format!("| `{} /control/{}` |", known.method, known.path);
            assert!(readme.contains(&line), "README.md lacks {line}");
            let refused = read(known, Map::from_iter([("no_such_parameter".to_owned(), Value::Null)]));
            let message = refused.expect_err("an unknown parameter").message;
            assert!(message.contains("no_such_parameter") || message.contains("missing field"), "{message}");
        }
    }

    #[test]
    fn wrong_commands_say_what_is_wrong() {
        let message = |path: &str, body: &str| {
            let known = find(path).expect("a path");
            let params = params(known, "", &Bytes::copy_from_slice(body.as_bytes()));
            params.and_then(|params| read(known, params)).expect_err("wrong").message
        };
        assert!(message("fail", "{}").contains("missing field `method`"));
        assert!(message("fail", r#"{"method": "x", "fault": "burn"}"#).contains("unknown variant `burn`"));
        assert!(message("fail", "[]").contains("takes a JSON object"));
        assert!(message("fail", "{").contains("no JSON"));
        assert!(message("install", r#"{"handler": 7}"#).contains("expected a string"));
    }
}
