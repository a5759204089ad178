//! Offline events: the queue of a portal as a stream, with acknowledgement.

mod acknowledgement;
mod acknowledger;
mod builder;
mod claims;
mod control;
mod drained;
mod event;
mod file_claims;
mod queue;
mod reader;
mod reservation;
mod settings;
mod stream;
mod watch;

pub use claims::{ClaimError, ClaimFuture, OfflineClaim, OfflineClaims};
pub use control::OfflineHandle;
pub use drained::Drained;
pub use event::OfflineEvent;
pub use file_claims::FileClaims;
pub use stream::OfflineEvents;
