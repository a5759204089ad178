//! Events that this worker has reserved.

use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

use super::claims::OfflineClaim;

/// Events that were taken by one call. It lives as long as one of them is neither cleared nor given up; then the claim ends.
pub(super) struct Reservation {
    /// Empty if the portal has not reserved the events.
    pub(super) process_id: String,
    pub(super) taken_at: Instant,
    pub(super) _claim: Option<OfflineClaim>,
}

/// The right to acknowledge one event.
pub(super) struct Ticket {
    pub(super) reservation: Arc<Reservation>,
    pub(super) id: Option<i64>,
    pub(super) message_id: Option<String>,
    /// The place of the event among those that may be in flight.
    pub(super) _permit: OwnedSemaphorePermit,
}
