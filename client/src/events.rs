//! Events and placements: what is bound, and offline events.

mod address;
mod application;
mod bind;
mod event_binding;
mod offline;
mod placement_binding;
mod subscriptions;

pub use bind::BindEvent;
pub use event_binding::EventBinding;
pub use offline::{
    ClaimError, ClaimFuture, Drained, FileClaims, OfflineClaim, OfflineClaims, OfflineEvent, OfflineEvents,
    OfflineHandle,
};
pub use placement_binding::PlacementBinding;
pub use subscriptions::{Action, Applied, AppliedStep, Plan, PlanStep, Subscription, Subscriptions};
