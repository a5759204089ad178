//! Limits of the connections that several clients share.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many refreshes of tokens are in progress at the same time, at most. Each has a connection, and files of its store.
const MAX_REFRESHES: usize = 16;

/// Limits of the connections of many clients.
pub(crate) struct Limits {
    connections: Arc<Semaphore>,
    refreshes: Arc<Semaphore>,
    /// Of how many servers unused connections are kept.
    pub(super) max_idle: usize,
}

/// A place among the connections that may be open at the same time, until it is dropped. `None` if there is no limit.
pub(crate) type Place = Option<OwnedSemaphorePermit>;

impl Limits {
    /// At most so many connections in use, at least one, and so many unused ones.
    pub(crate) fn new(max_in_use: usize, max_idle: usize) -> Self {
        let in_use = max_in_use.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            connections: Arc::new(Semaphore::new(in_use)),
            refreshes: Arc::new(Semaphore::new(in_use.min(MAX_REFRESHES))),
            max_idle,
        }
    }

    /// Waits for a place for a connection to a portal.
    pub(super) async fn connection(&self) -> Place {
        // The semaphore is never closed.
        Arc::clone(&self.connections).acquire_owned().await.ok()
    }

    /// Waits for a place for a refresh.
    pub(super) async fn refresh(&self) -> Place {
        Arc::clone(&self.refreshes).acquire_owned().await.ok()
    }
}
