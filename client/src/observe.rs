//! Observation of calls: a hook for metrics, and `tracing` spans.
//!
//! Events contain names, numbers and kinds only: the method, how long it waited and ran, how it ended. They contain no
//! parameters, results, URLs beyond the portal's origin or texts of a portal, so they cannot contain a secret.

use std::sync::Arc;
use std::time::Duration;

use bitrix24_core::retry::RetryCause;
use bitrix24_core::wire::Mismatch;
use bitrix24_core::{ErrorKind, Failure, SystemError};
use tracing::{debug, info, warn};

/// Receives the events of calls, for counting and measuring. It is called during each call and must not block.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use bitrix24_client::{Client, Event, Observer, Step};
///
/// #[derive(Default)]
/// struct SentRequests(AtomicU64);
///
/// impl Observer for SentRequests {
///     fn observe(&self, event: &Event<'_>) {
///         if let Step::Sent { .. } = event.step() {
///             self.0.fetch_add(1, Ordering::Relaxed);
///         }
///     }
/// }
///
/// let observer = SentRequests::default();
/// let portal = Client::builder().observer(observer).webhook("https://example.bitrix24.com/rest/1/0a1b2c3d/")?;
/// # let _ = portal;
/// # Ok::<(), bitrix24_client::WebhookUrlError>(())
/// ```
pub trait Observer: Send + Sync + 'static {
    /// Receives one step of one call.
    fn observe(&self, event: &Event<'_>);

    /// Receives a field whose value had another type than documented, once for each field of a method. Default: nothing.
    fn observe_mismatch(&self, event: &MismatchEvent<'_>) {
        let _ = event;
    }
}

/// A field of a method whose value had another type than documented. It contains no value, so it may be shared: with the
/// maintainers of this crate, for example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MismatchEvent<'a> {
    portal: &'a str,
    method: &'a str,
    field: &'a str,
    expected: &'a str,
    found_type: &'static str,
}

impl<'a> MismatchEvent<'a> {
    pub(crate) fn new(portal: &'a str, method: &'a str, field: &'a str, mismatch: &'a Mismatch) -> Self {
        let (expected, found_type) = (mismatch.expected(), mismatch.found_type());
        Self { portal, method, field, expected, found_type }
    }

    /// The portal's origin: `https://example.bitrix24.com`; empty for a client of an application.
    pub fn portal(&self) -> &'a str {
        self.portal
    }

    /// The name of the method.
    pub fn method(&self) -> &'a str {
        self.method
    }

    /// The path of the field in the result, without indices and with `*` for keys that are data: `tasks.group`. Empty for the
    /// result itself.
    pub fn field(&self) -> &'a str {
        self.field
    }

    /// What the documentation leads to expect: `an integer`.
    pub fn expected(&self) -> &'a str {
        self.expected
    }

    /// The type of the value: `a text`.
    pub fn found_type(&self) -> &'static str {
        self.found_type
    }
}

/// A step of a call.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    portal: &'a str,
    method: &'a str,
    step: Step,
}

impl<'a> Event<'a> {
    /// The portal's origin: `https://example.bitrix24.com`; empty if there were no tokens with an endpoint.
    pub fn portal(&self) -> &'a str {
        self.portal
    }

    /// The name of the method.
    pub fn method(&self) -> &'a str {
        self.method
    }

    /// The step.
    pub fn step(&self) -> Step {
        self.step
    }
}

/// The steps of a call.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Step {
    /// The rate limiter permitted a request.
    #[non_exhaustive]
    Permitted {
        /// How long the request waited.
        waited: Duration,
    },
    /// A request was sent, and a response arrived or was lost.
    #[non_exhaustive]
    Sent {
        /// The number of the attempt, starting at 1.
        attempt: u32,
        /// How long the exchange took.
        elapsed: Duration,
        /// How it ended.
        outcome: StepOutcome,
    },
    /// The portal has moved, and the same request is sent to its new address.
    #[non_exhaustive]
    Redirected {
        /// The HTTP status of the redirect.
        status: u16,
    },
    /// The token had expired and was refreshed.
    TokenRefreshed,
    /// The request will be sent again.
    #[non_exhaustive]
    Retrying {
        /// The pause before it, without the wait for the rate limit.
        after: Duration,
        /// The cause.
        cause: RetryCause,
    },
    /// The traffic cannot be recorded. This is reported once for each client, by `tracing` with the reason, and no call fails
    /// because of it. The event names the method that was to be recorded, if it is known.
    RecordingFailed,
    /// The call is finished.
    #[non_exhaustive]
    Finished {
        /// How many times the request was sent.
        attempts: u32,
        /// How long the whole call took.
        elapsed: Duration,
        /// How it ended.
        outcome: StepOutcome,
    },
}

/// The outcome of an exchange or of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StepOutcome {
    /// The kind of the error; `None` if the method returned a result. The result is not decoded at this point, so a result that
    /// does not fit its type is not an error here.
    pub error: Option<ErrorKind>,
    /// The HTTP status of an error that came with a response.
    pub status: Option<u16>,
    /// The system error, if the portal returned one. An error of the method itself is visible in `error` only.
    pub system_error: Option<SystemError>,
}

impl StepOutcome {
    pub(crate) fn new(failure: Option<&Failure>) -> Self {
        Self {
            error: failure.map(Failure::kind),
            status: failure.and_then(Failure::status),
            system_error: failure.and_then(Failure::code).and_then(SystemError::from_code),
        }
    }
}

/// The receivers of events: `tracing` and the program's observer.
#[derive(Clone, Default)]
pub(crate) struct Observers(pub(crate) Option<Arc<dyn Observer>>);

impl Observers {
    pub(crate) fn notify(&self, portal: &str, method: &str, step: Step) {
        trace(portal, step);
        if let Some(observer) = &self.0 {
            observer.observe(&Event { portal, method, step });
        }
    }

    pub(crate) fn notify_mismatch(&self, event: &MismatchEvent<'_>) {
        let MismatchEvent { portal, method, field, expected, found_type } = *event;
        warn!(
            portal,
            method,
            field,
            expected,
            found = found_type,
            "a value has another type than documented"
        );
        if let Some(observer) = &self.0 {
            observer.observe_mismatch(event);
        }
    }
}

/// Writes a step into the span of its call, which names the method.
fn trace(portal: &str, step: Step) {
    match step {
        Step::Permitted { waited } => debug!(portal, ?waited, "permitted"),
        Step::Sent { attempt, elapsed, outcome } => {
            debug!(portal, attempt, ?elapsed, error = ?outcome.error, status = outcome.status, "sent");
        }
        Step::Redirected { status } => warn!(portal, status, "the portal has moved; following the redirect"),
        Step::TokenRefreshed => info!(portal, "the token had expired and was refreshed"),
        Step::Retrying { after, cause } => warn!(portal, ?after, ?cause, "retrying"),
        // The recording has written the reason.
        Step::RecordingFailed => {}
        Step::Finished { attempts, elapsed, outcome } => {
            debug!(portal, attempts, ?elapsed, error = ?outcome.error, status = outcome.status, "finished");
        }
    }
}
