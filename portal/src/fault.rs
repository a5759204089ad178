//! Faults that are asked for: what a portal, a proxy or a network does wrong.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use serde_json::json;

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
    /// The method runs, and the connection is closed in the middle of the response.
    CutAnswer,
    /// The method runs, and the response is sent after this time.
    Delay(Duration),
    /// A page of a proxy with this status, and the method does not run.
    Html(u16),
}

impl Fault {
    /// An error response with a code.
    pub fn error(status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Error { status, code: code.into(), message: message.into() }
    }

    /// Whether the method runs.
    pub(crate) fn runs(&self) -> bool {
        matches!(self, Self::LoseAnswer | Self::CutAnswer | Self::Delay(_))
    }

    /// The body of the response, if the method does not run.
    pub(crate) fn page(status: u16) -> String {
        format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>")
    }
}

/// The faults that wait for calls.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    waiting: HashMap<String, VecDeque<(Fault, usize)>>,
}

impl Faults {
    /// Schedules a fault for the next calls of a method. `*`: of any method.
    pub(crate) fn schedule(&mut self, method: &str, fault: Fault, calls: usize) {
        if calls > 0 {
            self.waiting.entry(method.to_ascii_lowercase()).or_default().push_back((fault, calls));
        }
    }

    /// The fault of a call of a method, in lower case.
    pub(crate) fn take(&mut self, method: &str) -> Option<Fault> {
        let key = if self.waiting.contains_key(method) { method } else { "*" };
        let queue = self.waiting.get_mut(key)?;
        let (fault, calls) = queue.front_mut()?;
        let fault = fault.clone();
        *calls -= 1;
        if *calls == 0 {
            queue.pop_front();
        }
        if queue.is_empty() {
            self.waiting.remove(key);
        }
        Some(fault)
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
        let mut take = |method: &str| faults.take(method).map(|fault| format!("{fault:?}"));
        assert_eq!(take("crm.deal.add").as_deref(), Some("Html(502)"));
        assert_eq!(take("crm.lead.add").as_deref(), Some("LoseAnswer"));
        assert_eq!(take("crm.deal.add").as_deref(), Some("Html(502)"));
        assert_eq!(take("crm.deal.add").as_deref(), Some("Close"));
        assert_eq!(take("crm.deal.add"), None);
    }
}
