//! Faults as data.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::call::Call;
use super::response::MockResponse;
use crate::lock::lock;

/// A fault of a call. By default the method does not run; see [`FaultPlan::after_running`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Fault {
    /// The method runs, and the connection is closed without a byte of the response.
    LoseResponse,
    /// The method runs, and its response ends after this many bytes of the body.
    Truncate(usize),
    /// The method runs, and its response is delayed.
    Slow(Duration),
    /// The method runs, and its response arrives in pieces of this many bytes, with a pause before each.
    Drip(usize, Duration),
    /// The connection is closed without a byte.
    HangUp,
    /// The connection is reset.
    Reset,
    /// No response arrives, and the connection stays open.
    Silence,
    /// An HTML page with this status.
    Html(u16),
    /// A redirect with this status to this location.
    Redirect(u16, String),
    /// `expired_token`, 401.
    ExpiredToken,
    /// `QUERY_LIMIT_EXCEEDED`, 503: too many requests.
    QueryLimit,
    /// Any error: the status, the code and the description.
    Refuse(u16, String, String),
    /// Any response.
    Instead(MockResponse),
}

impl Fault {
    /// An error with this status, code and description.
    pub fn refuse(status: u16, code: &str, description: &str) -> Self {
        Self::Refuse(status, code.to_owned(), description.to_owned())
    }

    /// The status, code and description, if the fault is an error.
    pub fn refusal(&self) -> Option<(u16, &str, &str)> {
        Some(match self {
            Self::ExpiredToken => (401, "expired_token", "The access token provided has expired"),
            Self::QueryLimit => (503, "QUERY_LIMIT_EXCEEDED", "Too many requests"),
            Self::Refuse(status, code, description) => (*status, code, description),
            _ => return None,
        })
    }

    /// The response to a call with this fault; `run` returns the method's response.
    fn apply(self, call: &Call, run: impl FnOnce() -> MockResponse) -> MockResponse {
        if let Some((status, code, description)) = self.refusal() {
            return error_response(call, status, code, description);
        }
        match self {
            Self::LoseResponse => {
                run();
                MockResponse::empty()
            }
            Self::Truncate(bytes) => run().cut_to(bytes),
            Self::Slow(delay) => run().after(delay),
            Self::Drip(bytes, pause) => run().in_pieces(bytes, pause),
            Self::Reset => MockResponse::empty().then_reset(),
            Self::Silence => MockResponse::empty().then_silence(),
            Self::Html(status) => {
                MockResponse::html(status, "<html><body><h1>Nothing here</h1></body></html>")
            }
            Self::Redirect(status, location) => MockResponse::redirect(status, Some(&location)),
            Self::Instead(response) => response,
            // The remaining faults are errors, which were handled above.
            _ => MockResponse::empty(),
        }
    }
}

/// An error in the format of the interface that was called.
pub(crate) fn error_response(call: &Call, status: u16, code: &str, description: &str) -> MockResponse {
    if call.v3 {
        MockResponse::error_v3(status, code, description)
    } else {
        MockResponse::error(status, code, description)
    }
}

/// The scheduled faults.
#[derive(Clone, Default)]
pub(crate) struct Faults(Arc<Mutex<Vec<ScheduledFault>>>);

/// A fault that is scheduled for calls of a method.
struct ScheduledFault {
    method: String,
    fault: Fault,
    /// How many calls are skipped first.
    skips: usize,
    /// How many calls it still applies to.
    left: usize,
    /// How many calls it was applied to.
    hits: usize,
    after_running: bool,
}

/// A fault that applies to the current call.
pub(crate) struct DueFault {
    pub fault: Fault,
    after_running: bool,
}

impl DueFault {
    /// The response to the call.
    pub(crate) fn apply(self, call: &Call, run: impl FnOnce() -> MockResponse) -> MockResponse {
        if !self.after_running {
            return self.fault.apply(call, run);
        }
        let response = run();
        self.fault.apply(call, || response)
    }
}

impl Faults {
    /// Schedules a fault for one call of the method.
    pub(crate) fn schedule(&self, method: &str, fault: Fault) -> FaultPlan {
        let mut scheduled = lock(&self.0);
        scheduled.push(ScheduledFault {
            method: method.to_owned(),
            fault,
            skips: 0,
            left: 1,
            hits: 0,
            after_running: false,
        });
        FaultPlan { faults: self.clone(), index: scheduled.len() - 1 }
    }

    /// The fault that applies to a call of the method. The call is counted.
    pub(crate) fn take(&self, method: &str) -> Option<DueFault> {
        let mut scheduled = lock(&self.0);
        let mut matching =
            scheduled.iter_mut().filter(|scheduled| scheduled.method == method || scheduled.method == "*");
        let next = matching.find(|scheduled| scheduled.left > 0)?;
        if next.skips > 0 {
            next.skips -= 1;
            return None;
        }
        next.left -= 1;
        next.hits += 1;
        Some(DueFault { fault: next.fault.clone(), after_running: next.after_running })
    }
}

/// When a fault applies: by default to the next call, once.
pub struct FaultPlan {
    faults: Faults,
    index: usize,
}

impl fmt::Debug for FaultPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultPlan").field("hits", &self.hits()).finish_non_exhaustive()
    }
}

impl FaultPlan {
    /// Applies it to this many calls.
    pub fn times(self, calls: usize) -> Self {
        self.change(|scheduled| scheduled.left = calls)
    }

    /// Applies it to every call.
    pub fn always(self) -> Self {
        self.times(usize::MAX)
    }

    /// Skips this many calls first.
    pub fn skipping(self, calls: usize) -> Self {
        self.change(|scheduled| scheduled.skips = calls)
    }

    /// Runs the method nevertheless, and replaces only its response.
    pub fn after_running(self) -> Self {
        self.change(|scheduled| scheduled.after_running = true)
    }

    /// Ends the fault, even if it has not applied to all its calls.
    pub fn end(&self) {
        lock(&self.faults.0)[self.index].left = 0;
    }

    /// How many calls it was applied to so far.
    pub fn hits(&self) -> usize {
        lock(&self.faults.0)[self.index].hits
    }

    fn change(self, change: impl FnOnce(&mut ScheduledFault)) -> Self {
        change(&mut lock(&self.faults.0)[self.index]);
        self
    }
}
