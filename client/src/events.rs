//! Events and placements: what is bound, and offline events.

mod application;
mod offline;

pub use offline::{
    ClaimError, ClaimFuture, Drained, FileClaims, OfflineClaim, OfflineClaims, OfflineEvent, OfflineEvents,
    OfflineHandle,
};
