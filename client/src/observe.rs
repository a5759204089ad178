//! Telling the program what calls do: a hook for metrics, and the spans of `tracing`.
//!
//! What is told are names, numbers and kinds: the method, how long it waited and took, how it ended. Parameters, results,
//! addresses below the portal's own and texts of a portal are never told, so nothing secret can be among them.

use std::sync::Arc;
use std::time::Duration;

use bitrix24_core::retry::Cause;
use bitrix24_core::{Failure, Kind, SystemError};
use tracing::{debug, info, warn};

/// Hears what calls do, to count and to measure. It is called in the midst of each call and must not block.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use bitrix24_client::{Client, Event, Observer, Step};
///
/// #[derive(Default)]
/// struct Sent(AtomicU64);
///
/// impl Observer for Sent {
///     fn observe(&self, event: &Event<'_>) {
///         if let Step::Sent { .. } = event.step() {
///             self.0.fetch_add(1, Ordering::Relaxed);
///         }
///     }
/// }
///
/// let portal = Client::builder().observer(Sent::default()).webhook("https://example.bitrix24.com/rest/1/0a1b2c3d/")?;
/// # let _ = portal;
/// # Ok::<(), bitrix24_client::AddressError>(())
/// ```
pub trait Observer: Send + Sync + 'static {
    /// Hears of one step of one call.
    fn observe(&self, event: &Event<'_>);
}

/// A step of a call.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    portal: &'a str,
    method: &'a str,
    step: Step,
}

impl<'a> Event<'a> {
    /// The portal's origin: `https://example.bitrix24.com`; empty where there were no tokens that would have told it.
    pub fn portal(&self) -> &'a str {
        self.portal
    }

    /// The name of the method.
    pub fn method(&self) -> &'a str {
        self.method
    }

    /// What has happened.
    pub fn step(&self) -> Step {
        self.step
    }
}

/// What can happen to a call.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Step {
    /// The turn of a request has come.
    #[non_exhaustive]
    Admitted {
        /// How long it has waited for that.
        waited: Duration,
    },
    /// A request was sent, and answered or lost.
    #[non_exhaustive]
    Sent {
        /// Which attempt it was; the first is 1.
        attempt: u32,
        /// How long the exchange took.
        took: Duration,
        /// How it ended.
        end: End,
    },
    /// The portal has moved, and the same request goes to its new address.
    #[non_exhaustive]
    Redirected {
        /// The HTTP status of the redirect.
        status: u16,
    },
    /// The key had run out and was renewed.
    Renewed,
    /// The request will be sent again.
    #[non_exhaustive]
    Repeating {
        /// After which pause, not counting the wait for its turn.
        after: Duration,
        /// Why.
        cause: Cause,
    },
    /// The call is over.
    #[non_exhaustive]
    Ended {
        /// How often the request was sent.
        attempts: u32,
        /// How long the call took as a whole.
        took: Duration,
        /// How it ended.
        end: End,
    },
}

/// How an exchange or a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct End {
    /// What kind of failure it was; `None` where the method gave its result. A result is not read yet at this point, so that
    /// one which its type cannot hold is no failure here.
    pub failure: Option<Kind>,
    /// The HTTP status of a failure that came with an answer.
    pub status: Option<u16>,
    /// The error of the portal itself, where it refused with one; a method's own error is told by `failure` alone.
    pub system: Option<SystemError>,
}

impl End {
    pub(crate) fn of(failure: Option<&Failure>) -> Self {
        Self {
            failure: failure.map(Failure::kind),
            status: failure.and_then(Failure::status),
            system: failure.and_then(Failure::code).and_then(SystemError::from_code),
        }
    }
}

/// Those who hear of a portal's calls: whoever listens to `tracing`, and the program's own observer.
#[derive(Clone, Default)]
pub(crate) struct Audience(pub(crate) Option<Arc<dyn Observer>>);

impl Audience {
    pub(crate) fn tell(&self, portal: &str, method: &str, step: Step) {
        trace(portal, step);
        if let Some(observer) = &self.0 {
            observer.observe(&Event { portal, method, step });
        }
    }
}

/// Writes a step into the span of its call, which names the method.
fn trace(portal: &str, step: Step) {
    match step {
        Step::Admitted { waited } => debug!(portal, ?waited, "admitted"),
        Step::Sent { attempt, took, end } => {
            debug!(portal, attempt, ?took, failure = ?end.failure, status = end.status, "sent");
        }
        Step::Redirected { status } => warn!(portal, status, "the portal has moved; following"),
        Step::Renewed => info!(portal, "the key had run out and was renewed"),
        Step::Repeating { after, cause } => warn!(portal, ?after, ?cause, "repeating"),
        Step::Ended { attempts, took, end } => {
            debug!(portal, attempts, ?took, failure = ?end.failure, status = end.status, "ended");
        }
    }
}
