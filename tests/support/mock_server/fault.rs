//! What goes wrong with calls, as data.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::call::Call;
use super::connections::lock;
use super::response::MockResponse;

/// What goes wrong with a call. Unless it is said otherwise, the method does not run; see [`FaultPlan::after_running`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Fault {
    /// The method runs, and the connection ends without a byte of its answer.
    LoseResponse,
    /// The method runs, and its answer breaks off after so many bytes of the body.
    Truncate(usize),
    /// The method runs, and its answer comes after a while.
    Slow(Duration),
    /// The method runs, and its answer comes so many bytes at a time, with a pause before each.
    Drip(usize, Duration),
    /// The connection ends without a byte.
    HangUp,
    /// The connection is reset.
    Reset,
    /// Nothing comes, and the connection stays open.
    Silence,
    /// An HTML page with this status.
    Html(u16),
    /// A redirect with this status to this location.
    Redirect(u16, String),
    /// A redirect with this status to the same path at another origin, `https://HOST`, as when a portal is renamed.
    Moved(u16, String),
    /// `expired_token`, 401.
    ExpiredToken,
    /// `QUERY_LIMIT_EXCEEDED`, 503: too many requests just now.
    QueryLimit,
    /// `OPERATION_TIME_LIMIT`, 429: the method has used up its operating time.
    OperatingLimit,
    /// `OVERLOAD_LIMIT`, 503: the portal is blocked by hand.
    Overload,
    /// Any refusal: the status, the code and the description.
    Refuse(u16, String, String),
    /// Any response.
    Instead(MockResponse),
}

impl Fault {
    /// A refusal with this status, code and description.
    pub fn refuse(status: u16, code: &str, description: &str) -> Self {
        Self::Refuse(status, code.to_owned(), description.to_owned())
    }

    /// The status, code and description of a fault that is a refusal.
    pub fn refusal(&self) -> Option<(u16, &str, &str)> {
        Some(match self {
            Self::ExpiredToken => (401, "expired_token", "The access token provided has expired"),
            Self::QueryLimit => (503, "QUERY_LIMIT_EXCEEDED", "Too many requests"),
            Self::OperatingLimit => (429, "OPERATION_TIME_LIMIT", "Method is blocked due to operation time"),
            Self::Overload => (503, "OVERLOAD_LIMIT", "REST API is blocked due to overload"),
            Self::Refuse(status, code, description) => (*status, code, description),
            _ => return None,
        })
    }

    /// What comes of a call that meets with it, where `run` is what the method would answer.
    fn apply(self, call: &Call, run: impl FnOnce() -> MockResponse) -> MockResponse {
        if let Some((status, code, description)) = self.refusal() {
            return refused(call, status, code, description);
        }
        match self {
            Self::LoseResponse => {
                run();
                MockResponse::nothing()
            }
            Self::Truncate(bytes) => run().cut_to(bytes),
            Self::Slow(delay) => run().after(delay),
            Self::Drip(bytes, pause) => run().dripping(bytes, pause),
            Self::Reset => MockResponse::nothing().resetting(),
            Self::Silence => MockResponse::nothing().and_silence(),
            Self::Html(status) => {
                MockResponse::html(status, "<html><body><h1>Nothing here</h1></body></html>")
            }
            Self::Redirect(status, location) => MockResponse::redirect(status, Some(&location)),
            Self::Moved(status, origin) => MockResponse::redirect(
                status,
                Some(&format!("{}{}", origin.trim_end_matches('/'), call.path)),
            ),
            Self::Instead(response) => response,
            // Those left are refusals, which were answered above.
            _ => MockResponse::nothing(),
        }
    }
}

/// A refusal in the form of the interface that was called.
pub fn refused(call: &Call, status: u16, code: &str, description: &str) -> MockResponse {
    if call.v3 {
        MockResponse::error_v3(status, code, description)
    } else {
        MockResponse::error(status, code, description)
    }
}

/// The faults that wait for calls.
#[derive(Clone, Default)]
pub struct Faults(Arc<Mutex<Vec<ScheduledFault>>>);

/// A fault that waits for calls of a method.
struct ScheduledFault {
    method: String,
    fault: Fault,
    /// How many calls it still lets pass.
    skips: usize,
    /// How many calls it will still apply.
    left: usize,
    /// How many it has befallen.
    hits: usize,
    after_running: bool,
}

/// A fault whose time has come.
pub struct DueFault {
    pub fault: Fault,
    after_running: bool,
}

impl DueFault {
    /// Whether the method runs all the same.
    pub fn runs(&self) -> bool {
        let spoiled = [Fault::LoseResponse, Fault::Truncate(0)].map(|fault| std::mem::discriminant(&fault));
        self.after_running || spoiled.contains(&std::mem::discriminant(&self.fault))
    }

    /// What comes of the call.
    pub fn apply(self, call: &Call, run: impl FnOnce() -> MockResponse) -> MockResponse {
        if !self.after_running {
            return self.fault.apply(call, run);
        }
        let response = run();
        self.fault.apply(call, || response)
    }
}

impl Faults {
    /// Adds a fault for one call of the method.
    pub fn schedule(&self, method: &str, fault: Fault) -> FaultPlan {
        let mut scheduled = lock(&self.0);
        scheduled.push(ScheduledFault {
            method: method.to_owned(),
            fault,
            skips: 0,
            left: 1,
            hits: 0,
            after_running: false,
        });
        FaultPlan { faults: self.clone(), place: scheduled.len() - 1 }
    }

    /// The fault that is due at a call of the method, which is thereby counted.
    pub fn take(&self, method: &str) -> Option<DueFault> {
        let mut scheduled = lock(&self.0);
        let mut mine =
            scheduled.iter_mut().filter(|scheduled| scheduled.method == method || scheduled.method == "*");
        let next = mine.find(|scheduled| scheduled.left > 0)?;
        if next.skips > 0 {
            next.skips -= 1;
            return None;
        }
        next.left -= 1;
        next.hits += 1;
        Some(DueFault { fault: next.fault.clone(), after_running: next.after_running })
    }
}

/// When a fault happens: at the next call and never again, unless it is said otherwise here.
pub struct FaultPlan {
    faults: Faults,
    place: usize,
}

impl FaultPlan {
    /// It befalls so many calls.
    pub fn times(self, calls: usize) -> Self {
        self.change(|scheduled| scheduled.left = calls)
    }

    /// It befalls every call.
    pub fn always(self) -> Self {
        self.times(usize::MAX)
    }

    /// It lets so many calls pass before the first that it befalls.
    pub fn skipping(self, calls: usize) -> Self {
        self.change(|scheduled| scheduled.skips = calls)
    }

    /// The method has run all the same, and only its answer is replaced.
    pub fn after_running(self) -> Self {
        self.change(|scheduled| scheduled.after_running = true)
    }

    /// It is over, even if it has not befallen all the calls that it was to.
    pub fn end(&self) {
        lock(&self.faults.0)[self.place].left = 0;
    }

    /// How many calls it has befallen so far.
    pub fn hits(&self) -> usize {
        lock(&self.faults.0)[self.place].hits
    }

    fn change(self, change: impl FnOnce(&mut ScheduledFault)) -> Self {
        change(&mut lock(&self.faults.0)[self.place]);
        self
    }
}
