//! When a client last received a response.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// How long a connection can be unused without a reason to suspect that the server has closed it.
const IN_USE: Duration = Duration::from_millis(1);

/// When a client last received a response.
pub(crate) struct LastUse {
    created: Instant,
    /// Microseconds after the creation.
    used_at: AtomicU64,
}

impl Default for LastUse {
    fn default() -> Self {
        Self { created: Instant::now(), used_at: AtomicU64::new(0) }
    }
}

impl LastUse {
    /// Records that a response arrived.
    pub(crate) fn set(&self, at: Instant) {
        let micros = at.saturating_duration_since(self.created).as_micros();
        self.used_at.store(u64::try_from(micros).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Whether no response has arrived for a while, so that the server may have closed a connection.
    pub(crate) fn is_long_ago(&self) -> bool {
        let used_at = Duration::from_micros(self.used_at.load(Ordering::Relaxed));
        self.created.elapsed().saturating_sub(used_at) > IN_USE
    }
}
