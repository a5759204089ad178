//! How much time a call has left.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

/// How long calls may take; each client may have its own for the same portal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// How long one exchange may take, from the connection to the last byte of the answer.
    pub(crate) timeout: Duration,
    /// How long a call may take as a whole, with all waiting and all repeats.
    pub(crate) deadline: Option<Duration>,
}

/// The moments at which a call began and must be over, and how long each exchange may take until then.
pub(crate) struct Clock {
    start: Instant,
    timeout: Duration,
    end: Option<Instant>,
}

impl Clock {
    pub(crate) fn start(patience: Patience) -> Self {
        let start = Instant::now();
        // A deadline that lies beyond all reckoning is none.
        let end = patience.deadline.and_then(|deadline| start.checked_add(deadline));
        Self { start, timeout: patience.timeout, end }
    }

    /// How long the call has taken so far.
    pub(crate) fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// How long an exchange that begins now may take.
    pub(crate) fn for_exchange(&self) -> Duration {
        let left = self.end.map(|end| end.saturating_duration_since(Instant::now()));
        left.map_or(self.timeout, |left| left.min(self.timeout))
    }

    /// Whether the call may go on after a pause.
    pub(crate) fn has_time_for(&self, pause: Duration) -> bool {
        self.end.is_none_or(|end| pause < end.saturating_duration_since(Instant::now()))
    }

    /// What the future gives, unless the end comes first.
    pub(crate) async fn within<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        match self.end {
            // A future that is ready at once would come before an end that is over already.
            Some(end) if end <= Instant::now() => None,
            Some(end) => timeout_at(end, future).await.ok(),
            None => Some(future.await),
        }
    }
}
