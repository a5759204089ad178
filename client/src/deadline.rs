//! The timeout of a request and the deadline of a call.

use std::time::Duration;

use bitrix24_core::retry::RetryPolicy;
use tokio::time::{Instant, timeout_at};

/// The time limits and retries of calls. Clients of the same portal may have different limits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timeouts {
    /// The limit of one HTTP request, from the connection to the last byte of the response.
    pub(crate) request: Duration,
    /// The limit of a whole call, including all waits and retries.
    pub(crate) call: Option<Duration>,
    /// The retry policy of calls, if it differs from that of the client.
    pub(crate) retry_policy: Option<RetryPolicy>,
    /// Whether the caller has declared that its calls are safe to repeat.
    pub(crate) safe_to_repeat: bool,
}

/// The start and the deadline of a call, and the timeout of each of its requests.
pub(crate) struct Deadline {
    start: Instant,
    request_timeout: Duration,
    end: Option<Instant>,
}

impl Deadline {
    pub(crate) fn start(timeouts: &Timeouts) -> Self {
        let start = Instant::now();
        // A deadline beyond the range of the clock is no deadline.
        let end = timeouts.call.and_then(|limit| start.checked_add(limit));
        Self { start, request_timeout: timeouts.request, end }
    }

    /// The time since the call started.
    pub(crate) fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// The time that is left; `None` without a deadline.
    pub(crate) fn left(&self) -> Option<Duration> {
        self.end.map(|end| end.saturating_duration_since(Instant::now()))
    }

    /// The timeout of a request that starts now.
    pub(crate) fn request_timeout(&self) -> Duration {
        self.left().map_or(self.request_timeout, |left| left.min(self.request_timeout))
    }

    /// Whether the call may continue after this pause.
    pub(crate) fn allows(&self, pause: Duration) -> bool {
        self.end.is_none_or(|end| pause < end.saturating_duration_since(Instant::now()))
    }

    /// Awaits the future; `None` if the deadline passes first.
    pub(crate) async fn limit<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        match self.end {
            // `timeout_at` polls the future first, so one that is ready would win over a deadline that has passed.
            Some(end) if end <= Instant::now() => None,
            Some(end) => timeout_at(end, future).await.ok(),
            None => Some(future.await),
        }
    }
}
