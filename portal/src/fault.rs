//! Faults that are asked for: what a portal, a proxy or a network does wrong.

mod scheduled;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::check::Refusal;
use crate::spec::Api;
use scheduled::Schedule;

pub use scheduled::ScheduledFault;

/// What happens to a call instead of an answer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Fault {
    /// An error response, before the method runs.
    Error {
        /// The HTTP status.
        status: u16,
        /// The error code.
        code: String,
        /// The description.
        message: String,
    },
    /// The method runs, and the connection is closed without a response.
    LoseAnswer,
    /// The connection is closed without a response, and the method does not run.
    Close,
    /// The connection is reset without a response, and the method does not run.
    Reset,
    /// The method runs, and the connection is closed in the middle of the response.
    CutAnswer,
    /// The method runs, and the connection is closed after so many bytes of the body.
    CutAnswerAt(usize),
    /// The method runs, and the response is sent after this time.
    Delay(Duration),
    /// The method runs, and the body is sent in pieces, with a pause before each.
    Trickle {
        /// The bytes of a piece.
        bytes: usize,
        /// The pause.
        pause: Duration,
    },
    /// A page of a proxy with this status, and the method does not run.
    Html(u16),
    /// No response is sent, the connection stays open, and the method does not run.
    Silence,
    /// This response, before the method runs. In a batch, a body that is a JSON object is the response to the command, and with any
    /// other body the command is in neither results nor errors.
    Respond {
        /// The HTTP status.
        status: u16,
        /// Names and values of headers. Without `content-type`, the body is JSON.
        headers: Vec<(String, String)>,
        /// The body.
        body: Bytes,
    },
    /// These calls of REST 2 run first, as those of another user, and then the method: what the call is about changes meanwhile.
    /// Each is a method with its parameters. They count neither as calls nor as runs, and their errors are ignored.
    AfterCalls(Vec<(String, Map<String, Value>)>),
}

impl Fault {
    /// A response with JSON, before the method runs.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::Respond { status, headers: Vec::new(), body: body.to_string().into() }
    }

    /// A redirect to this address, before the method runs.
    pub fn redirect(status: u16, location: &str) -> Self {
        let headers = vec![("location".to_owned(), location.to_owned())];
        Self::Respond { status, headers, body: Bytes::new() }
    }

    /// An error response with a code.
    pub fn error(status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Error { status, code: code.into(), message: message.into() }
    }

    /// Whether the method runs.
    pub(crate) fn runs(&self) -> bool {
        matches!(
            self,
            Self::LoseAnswer
                | Self::CutAnswer
                | Self::CutAnswerAt(_)
                | Self::Delay(_)
                | Self::Trickle { .. }
                | Self::AfterCalls(_)
        )
    }

    /// Whether no complete response arrives.
    pub(crate) fn loses_answer(&self) -> bool {
        matches!(
            self,
            Self::LoseAnswer
                | Self::Close
                | Self::Reset
                | Self::CutAnswer
                | Self::CutAnswerAt(_)
                | Self::Silence
        )
    }

    /// The error of the method, if the fault is one.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        let Self::Error { status, code, message } = self else { return None };
        Some(Refusal::new(*status, code, message))
    }

    /// The status and the body of the response. `None`: those of the method.
    pub(crate) fn response(&self, api: Api) -> Option<(u16, Bytes)> {
        match self {
            Self::Error { status, .. } => Some((*status, self.refusal()?.body(api).to_string().into())),
            Self::Html(status) => Some((*status, Self::page(*status).into())),
            Self::Respond { status, body, .. } => Some((*status, body.clone())),
            _ => None,
        }
    }

    /// The response to a command of a batch; `null` if there is none. `None`: that of the method.
    pub(crate) fn command_response(&self) -> Option<Value> {
        match self {
            Self::Error { code, message, .. } => Some(error_body(code, message)),
            Self::Respond { body, .. } => {
                Some(serde_json::from_slice(body).ok().filter(Value::is_object).unwrap_or_default())
            }
            Self::Html(_) => Some(Value::Null),
            fault => fault.loses_answer().then_some(Value::Null),
        }
    }

    /// The page of a proxy.
    fn page(status: u16) -> String {
        format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>")
    }
}

/// The name of requests to the authorization server.
pub(crate) const TOKENS: &str = "oauth.token";

/// The fault of a call.
#[derive(Debug)]
pub(crate) struct DueFault {
    pub(crate) fault: Fault,
    /// Whether the method runs.
    pub(crate) runs: bool,
}

/// The faults that wait for calls.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    waiting: HashMap<String, VecDeque<(Fault, Arc<Schedule>)>>,
}

impl Faults {
    /// Schedules a fault for the next calls of a method. `*`: of any method.
    pub(crate) fn schedule(&mut self, method: &str, fault: Fault, calls: usize) -> ScheduledFault {
        let schedule = Arc::new(Schedule::new(calls, fault.runs()));
        let queue = self.waiting.entry(method.to_ascii_lowercase()).or_default();
        queue.push_back((fault, Arc::clone(&schedule)));
        ScheduledFault::new(schedule)
    }

    /// The fault of a call of a method, in lower case. The call is counted.
    pub(crate) fn take(&mut self, method: &str) -> Option<DueFault> {
        if self.waiting.is_empty() {
            return None;
        }
        let waits = |queue: &mut VecDeque<(Fault, Arc<Schedule>)>| {
            queue.retain(|(_, schedule)| !schedule.has_ended());
            !queue.is_empty()
        };
        self.waiting.retain(|_, queue| waits(queue));
        let key = if method == TOKENS || self.waiting.contains_key(method) { method } else { "*" };
        let (fault, schedule) = self.waiting.get(key)?.front()?;
        schedule.count().then(|| DueFault { fault: fault.clone(), runs: schedule.runs() })
    }
}

/// The body of an error response of REST 2.
pub(crate) fn error_body(code: &str, message: &str) -> serde_json::Value {
    json!({"error": code, "error_description": message})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_used_up_in_order() {
        let mut faults = Faults::default();
        faults.schedule("crm.deal.Add", Fault::Html(502), 2);
        faults.schedule("crm.deal.add", Fault::Close, 1);
        faults.schedule("*", Fault::LoseAnswer, 1);
        let mut take = |method: &str| faults.take(method).map(|due| format!("{:?}", due.fault));
        assert_eq!(take("crm.deal.add").as_deref(), Some("Html(502)"));
        assert_eq!(take("crm.lead.add").as_deref(), Some("LoseAnswer"));
        assert_eq!(take("crm.deal.add").as_deref(), Some("Html(502)"));
        assert_eq!(take("crm.deal.add").as_deref(), Some("Close"));
        assert_eq!(take("crm.deal.add"), None);
    }

    #[test]
    fn a_fault_skips_calls_counts_them_and_ends() {
        let mut faults = Faults::default();
        let scheduled = faults.schedule("crm.deal.add", Fault::Close, usize::MAX).skip(2).after_running();
        let mut take = || faults.take("crm.deal.add").map(|due| due.runs);
        assert_eq!([take(), take(), take(), take()], [None, None, Some(true), Some(true)]);
        scheduled.end();
        assert_eq!((take(), scheduled.hits()), (None, 2));
        assert!(faults.take("crm.deal.add").is_none());
    }

    #[test]
    fn a_command_of_a_batch_has_the_response_of_its_fault() {
        let response = |fault: Fault| fault.command_response();
        let page = json!({"result": [], "total": 0});
        assert_eq!(response(Fault::json(200, &page)), Some(page));
        assert_eq!(response(Fault::json(200, &json!([1]))), Some(Value::Null));
        assert_eq!(response(Fault::redirect(302, "/auth/")), Some(Value::Null));
        assert_eq!(response(Fault::error(400, "LOCKED", "No")), Some(error_body("LOCKED", "No")));
        assert_eq!(response(Fault::CutAnswerAt(1)), Some(Value::Null));
        assert_eq!(response(Fault::AfterCalls(Vec::new())), None);
    }
}
