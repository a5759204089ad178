//! What goes wrong with calls, as data.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::call::Call;
use super::response::Response;
use super::serve::locked;

/// What goes wrong with a call. Unless it is said otherwise, the method does not run; see [`Plan::having_run`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Fault {
    /// The method runs, and the connection ends without a byte of its answer.
    LoseAnswer,
    /// The method runs, and its answer breaks off after so many bytes of the body.
    CutOff(usize),
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
    Instead(Response),
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
    fn befall(self, call: &Call, run: impl FnOnce() -> Response) -> Response {
        if let Some((status, code, description)) = self.refusal() {
            return refused(call, status, code, description);
        }
        match self {
            Self::LoseAnswer => {
                run();
                Response::nothing()
            }
            Self::CutOff(bytes) => run().cut_to(bytes),
            Self::Slow(delay) => run().after(delay),
            Self::Drip(bytes, pause) => run().dripping(bytes, pause),
            Self::Reset => Response::nothing().resetting(),
            Self::Silence => Response::nothing().and_silence(),
            Self::Html(status) => Response::html(status, "<html><body><h1>Nothing here</h1></body></html>"),
            Self::Redirect(status, location) => Response::redirect(status, Some(&location)),
            Self::Moved(status, origin) => {
                Response::redirect(status, Some(&format!("{}{}", origin.trim_end_matches('/'), call.path)))
            }
            Self::Instead(response) => response,
            // Those left are refusals, which were answered above.
            _ => Response::nothing(),
        }
    }
}

/// A refusal in the form of the interface that was called.
pub fn refused(call: &Call, status: u16, code: &str, description: &str) -> Response {
    if call.v3 {
        Response::error_v3(status, code, description)
    } else {
        Response::error(status, code, description)
    }
}

/// The faults that wait for calls.
#[derive(Clone, Default)]
pub struct Faults(Arc<Mutex<Vec<Waiting>>>);

/// A fault that waits for calls of a method.
struct Waiting {
    method: String,
    fault: Fault,
    /// How many calls it still lets pass.
    skips: usize,
    /// How many calls it will still befall.
    left: usize,
    /// How many it has befallen.
    met: usize,
    having_run: bool,
}

/// A fault whose time has come.
pub struct Due {
    pub fault: Fault,
    having_run: bool,
}

impl Due {
    /// Whether the method runs all the same.
    pub fn runs(&self) -> bool {
        let spoiled = [Fault::LoseAnswer, Fault::CutOff(0)].map(|fault| std::mem::discriminant(&fault));
        self.having_run || spoiled.contains(&std::mem::discriminant(&self.fault))
    }

    /// What comes of the call.
    pub fn befall(self, call: &Call, run: impl FnOnce() -> Response) -> Response {
        if !self.having_run {
            return self.fault.befall(call, run);
        }
        let response = run();
        self.fault.befall(call, || response)
    }
}

impl Faults {
    /// Adds a fault for one call of the method.
    pub fn put(&self, method: &str, fault: Fault) -> Plan {
        let mut waiting = locked(&self.0);
        waiting.push(Waiting {
            method: method.to_owned(),
            fault,
            skips: 0,
            left: 1,
            met: 0,
            having_run: false,
        });
        Plan { faults: self.clone(), place: waiting.len() - 1 }
    }

    /// The fault that is due at a call of the method, which is thereby counted.
    pub fn take(&self, method: &str) -> Option<Due> {
        let mut waiting = locked(&self.0);
        let mut mine = waiting.iter_mut().filter(|waiting| waiting.method == method || waiting.method == "*");
        let next = mine.find(|waiting| waiting.left > 0)?;
        if next.skips > 0 {
            next.skips -= 1;
            return None;
        }
        next.left -= 1;
        next.met += 1;
        Some(Due { fault: next.fault.clone(), having_run: next.having_run })
    }
}

/// When a fault happens: at the next call and never again, unless it is said otherwise here.
pub struct Plan {
    faults: Faults,
    place: usize,
}

impl Plan {
    /// It befalls so many calls.
    pub fn times(self, calls: usize) -> Self {
        self.change(|waiting| waiting.left = calls)
    }

    /// It befalls every call.
    pub fn always(self) -> Self {
        self.times(usize::MAX)
    }

    /// It lets so many calls pass before the first that it befalls.
    pub fn skipping(self, calls: usize) -> Self {
        self.change(|waiting| waiting.skips = calls)
    }

    /// The method has run all the same, and only its answer is replaced.
    pub fn having_run(self) -> Self {
        self.change(|waiting| waiting.having_run = true)
    }

    /// It is over, even if it has not befallen all the calls that it was to.
    pub fn end(&self) {
        locked(&self.faults.0)[self.place].left = 0;
    }

    /// How many calls it has befallen so far.
    pub fn met(&self) -> usize {
        locked(&self.faults.0)[self.place].met
    }

    fn change(self, change: impl FnOnce(&mut Waiting)) -> Self {
        change(&mut locked(&self.faults.0)[self.place]);
        self
    }
}
