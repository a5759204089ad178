//! Detection of stalled transfers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::timeout;

/// The number of bytes transferred so far.
#[derive(Clone, Default)]
pub(super) struct TransferProgress(Arc<AtomicU64>);

impl TransferProgress {
    pub(super) fn add(&self, bytes: usize) {
        self.0.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Awaits the future; `None` if no byte is transferred during `idle`.
    pub(super) async fn with_idle_timeout<T>(
        &self,
        idle: Duration,
        future: impl Future<Output = T>,
    ) -> Option<T> {
        let mut future = std::pin::pin!(future);
        loop {
            let before = self.0.load(Ordering::Relaxed);
            if let Ok(output) = timeout(idle, future.as_mut()).await {
                return Some(output);
            }
            if self.0.load(Ordering::Relaxed) == before {
                return None;
            }
        }
    }
}
