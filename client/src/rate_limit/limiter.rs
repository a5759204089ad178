//! The trait that decides when requests may be sent.

use std::pin::Pin;

use bitrix24_core::rate_limit::{CallOutcome, RateLimit};

/// The error of a limiter that cannot decide. The caller of a method receives its text.
pub type LimiterError = Box<dyn std::error::Error + Send + Sync>;

/// The future of [`Limiter::acquire`]. It completes when the request may be sent.
pub type AcquireFuture<'a> = Pin<Box<dyn Future<Output = Result<(), LimiterError>> + Send + 'a>>;

/// Decides when requests may be sent, so that the portal does not reject them.
///
/// A portal counts the requests of all programs behind one IP address together. Programs that share an address can share one
/// count by implementing this trait; the crate `bitrix24-redis` does so with Redis.
///
/// ```
/// use std::sync::atomic::{AtomicUsize, Ordering};
///
/// use bitrix24_client::{AcquireFuture, CallReport, Limiter, RateLimitRequest};
///
/// /// Lets every request go and counts rejections.
/// #[derive(Default)]
/// struct RejectionCounter(AtomicUsize);
///
/// impl Limiter for RejectionCounter {
///     fn acquire<'a>(&'a self, _: RateLimitRequest<'a>) -> AcquireFuture<'a> {
///         Box::pin(std::future::ready(Ok(())))
///     }
///
///     fn record(&self, report: CallReport<'_>) {
///         if report.call().rejection().is_some() {
///             self.0.fetch_add(1, Ordering::Relaxed);
///         }
///     }
/// }
/// ```
pub trait Limiter: Send + Sync + 'static {
    /// Waits until a request may be sent; the caller sends it immediately. Each attempt acquires separately.
    ///
    /// A caller that drops the future before it completes sends nothing, and its reservation must go to others.
    ///
    /// # Errors
    /// The reason why the limiter cannot decide, for limiters that depend on something that can fail. The request is not sent; the
    /// call fails with [`ErrorKind::Limiter`](bitrix24_core::ErrorKind::Limiter), or with the failure of the attempt before.
    fn acquire<'a>(&'a self, request: RateLimitRequest<'a>) -> AcquireFuture<'a>;

    /// Records the outcome of a call. It must not block.
    fn record(&self, report: CallReport<'_>);
}

/// A limiter without limits, for programs that limit their requests by other means.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "it has no fields, and callers write it as a value")]
pub struct NoLimit;

impl Limiter for NoLimit {
    fn acquire<'a>(&'a self, _: RateLimitRequest<'a>) -> AcquireFuture<'a> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn record(&self, _: CallReport<'_>) {}
}

/// A request that is about to be sent. It contains no secret.
#[derive(Clone, Copy, Debug)]
pub struct RateLimitRequest<'a> {
    portal: &'a str,
    key: &'a str,
    method: &'a str,
    commands: &'a [&'a str],
    rate_limit: Option<RateLimit>,
}

impl<'a> RateLimitRequest<'a> {
    /// A call of `method` on the portal with this origin: `https://example.bitrix24.com`.
    ///
    /// `key` identifies the key of the call, so that the operating time is counted for each key: `user 1` or the id of an
    /// application, never the key itself.
    pub fn new(portal: &'a str, key: &'a str, method: &'a str) -> Self {
        Self { portal, key, method, commands: &[], rate_limit: None }
    }

    /// Sets the names of the methods that a batch calls.
    pub fn with_commands(mut self, commands: &'a [&'a str]) -> Self {
        self.commands = commands;
        self
    }

    /// Sets the rate limit of the method, in addition to that of the portal.
    pub fn with_rate_limit(mut self, limit: Option<RateLimit>) -> Self {
        self.rate_limit = limit;
        self
    }

    /// The portal's origin: scheme, host, and a port other than the default one. Requests are counted for each portal.
    pub fn portal(&self) -> &'a str {
        self.portal
    }

    /// The public name of the key, never the key itself.
    pub fn key(&self) -> &'a str {
        self.key
    }

    /// The name of the method; `batch` for several commands in one request, which counts as one request.
    pub fn method(&self) -> &'a str {
        self.method
    }

    /// The names of the methods that a batch calls, with repetitions; empty for any other call.
    pub fn commands(&self) -> &'a [&'a str] {
        self.commands
    }

    /// The rate limit of the method, if it has one in addition to that of the portal. A batch has none: it counts as one request,
    /// whatever it calls.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.rate_limit
    }
}

/// The outcome of a call, as far as limits are concerned. It contains no secret.
#[derive(Clone, Copy, Debug)]
pub struct CallReport<'a> {
    portal: &'a str,
    key: &'a str,
    call: CallOutcome<'a>,
    commands: &'a [CallOutcome<'a>],
}

impl<'a> CallReport<'a> {
    /// The outcome of a call; `portal` and `key` are those of its [`RateLimitRequest`].
    pub fn new(portal: &'a str, key: &'a str, call: CallOutcome<'a>) -> Self {
        Self { portal, key, call, commands: &[] }
    }

    /// Sets the outcome of each command of a batch.
    pub fn with_commands(mut self, commands: &'a [CallOutcome<'a>]) -> Self {
        self.commands = commands;
        self
    }

    /// The portal's origin, as in [`RateLimitRequest::portal`].
    pub fn portal(&self) -> &'a str {
        self.portal
    }

    /// The public name of the key, as in [`RateLimitRequest::key`].
    pub fn key(&self) -> &'a str {
        self.key
    }

    /// The outcome of the call.
    pub fn call(&self) -> CallOutcome<'a> {
        self.call
    }

    /// The outcome of each command of a batch; empty for any other call.
    pub fn commands(&self) -> &'a [CallOutcome<'a>] {
        self.commands
    }
}
