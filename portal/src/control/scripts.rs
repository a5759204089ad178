//! Scripts of fixed results, and requests to an application, as they are written in requests.

use serde::Deserialize;
use serde_json::{Value, json};

use super::Wrong;
use super::faults::ErrorParts;
use crate::application;
use crate::exchange::Answer;
use crate::script::{ScriptedCall, Scripts};
use crate::state::State;

/// What a method answers. Nothing: what the portal answers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScriptParts {
    method: String,
    #[serde(default, deserialize_with = "given")]
    result: Option<Value>,
    rows: Option<Vec<Value>>,
    /// The member of the result that has the rows.
    within: Option<String>,
    error: Option<ErrorParts>,
}

/// A request of a portal to an application.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum RequestParts {
    Event {
        event: String,
        #[serde(default)]
        data: Value,
    },
    Install {},
    Uninstall {
        #[serde(default)]
        clean: bool,
    },
    Placement {
        placement: String,
        #[serde(default)]
        options: Value,
    },
    Robot {
        code: String,
        #[serde(default)]
        properties: Value,
    },
}

impl ScriptParts {
    /// Adds the script, or ends those of the method.
    ///
    /// # Errors
    /// There are several answers, or the status is none of HTTP.
    pub(super) fn add_to(self, scripts: &mut Scripts) -> Result<(), Wrong> {
        let Self { method, result, rows, within, error } = self;
        if within.is_some() && rows.is_none() {
            return Err(Wrong::new(400, "`within` is the name of the member that has `rows`"));
        }
        match (result, rows, error) {
            (Some(result), None, None) => {
                scripts.add(&method, Box::new(move |_| Ok(Answer::of(result.clone()))));
            }
            (None, Some(rows), None) => {
                let page = move |call: &ScriptedCall<'_>| match &within {
                    Some(name) => call.page(&rows).within(name),
                    None => call.page(&rows),
                };
                scripts.add(&method, Box::new(move |call| Ok(page(call))));
            }
            (None, None, Some(error)) => {
                let refusal = error.refusal()?;
                scripts.add(&method, Box::new(move |_| Err(refusal.clone())));
            }
            (None, None, None) => scripts.end(&method),
            _ => return Err(Wrong::new(400, "a method has one of `result`, `rows` and `error`")),
        }
        Ok(())
    }
}

impl RequestParts {
    /// The query and the body of the request.
    pub(super) fn request(self, state: &mut State) -> Value {
        let request = match self {
            Self::Event { event, data } => state.event_request(&event, data),
            Self::Install {} => application::install_request(state),
            Self::Uninstall { clean } => application::uninstall_request(state, clean),
            Self::Placement { placement, options } => application::page_request(state, &placement, &options),
            Self::Robot { code, properties } => application::robot_request(state, &code, &properties),
        };
        json!({"query": request.query(), "body": request.body()})
    }
}

/// A value that is there, also if it is null.
fn given<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(value).map(Some)
}
