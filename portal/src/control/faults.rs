//! Faults as they are written in requests.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Wrong;
use crate::check::Refusal;
use crate::fault::Fault;

/// A fault as it is written in a request.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FaultName {
    Error(ErrorParts),
    LoseAnswer,
    Close,
    Reset,
    CutAnswer,
    CutAnswerAt(usize),
    DelayMs(u64),
    Trickle { bytes: usize, pause_ms: u64 },
    Html(u16),
    Silence,
    Respond(ResponseParts),
    AfterCalls(Vec<OtherCall>),
}

/// A call as another user of the portal sends it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OtherCall {
    pub(super) method: String,
    #[serde(default)]
    pub(super) params: Map<String, Value>,
}

/// A response. A body that is no text is JSON.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ResponseParts {
    status: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: Value,
}

/// An error response.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ErrorParts {
    status: u16,
    code: String,
    #[serde(default)]
    message: String,
}

impl ErrorParts {
    /// The error.
    ///
    /// # Errors
    /// The status is none of HTTP.
    pub(super) fn refusal(self) -> Result<Refusal, Wrong> {
        Ok(Refusal::new(status(self.status)?, self.code, self.message))
    }
}

fn status(status: u16) -> Result<u16, Wrong> {
    match status {
        200..=599 => Ok(status),
        _ => Err(Wrong::new(400, format!("{status} is no status of a response: 200 to 599"))),
    }
}

impl FaultName {
    /// The fault.
    ///
    /// # Errors
    /// The status is none of HTTP.
    pub(super) fn fault(self) -> Result<Fault, Wrong> {
        Ok(match self {
            Self::Error(parts) => Fault::error(status(parts.status)?, parts.code, parts.message),
            Self::LoseAnswer => Fault::LoseAnswer,
            Self::Close => Fault::Close,
            Self::Reset => Fault::Reset,
            Self::Trickle { bytes, pause_ms } => {
                Fault::Trickle { bytes, pause: Duration::from_millis(pause_ms) }
            }
            Self::CutAnswer => Fault::CutAnswer,
            Self::DelayMs(milliseconds) => Fault::Delay(Duration::from_millis(milliseconds)),
            Self::CutAnswerAt(bytes) => Fault::CutAnswerAt(bytes),
            Self::Html(number) => Fault::Html(status(number)?),
            Self::Silence => Fault::Silence,
            Self::Respond(parts) => Fault::Respond {
                status: status(parts.status)?,
                headers: parts.headers.into_iter().collect(),
                body: match parts.body {
                    Value::String(text) => text.into(),
                    body => body.to_string().into(),
                },
            },
            Self::AfterCalls(calls) => {
                Fault::AfterCalls(calls.into_iter().map(|call| (call.method, call.params)).collect())
            }
        })
    }
}
