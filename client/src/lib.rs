#![doc = include_str!("../README.md")]
#![warn(missing_debug_implementations)]

mod background_task;
mod batch;
#[cfg(feature = "blocking")]
pub mod blocking;
mod builder;
mod bulk;
mod call;
mod client;
mod client_inner;
mod credentials;
mod deadline;
mod events;
mod files;
mod http;
mod http_client;
mod mismatch_report;
mod oauth;
mod observe;
mod origin;
mod overload;
mod portals;
mod rate_limit;
mod recording;
mod redirect;
mod rows;
mod secret;
#[cfg(feature = "tower")]
mod tower;
mod transport;
mod transport_error;
mod webhook_url;

/// The underlying HTTP library, for programs that bring their own [`HttpClient`]. A later version will have another name.
pub use reqwest as reqwest_0_13;

pub use bitrix24_core::recording::RecordValues;

pub use batch::{Batch, BatchHandle, BatchOutcome, BatchResponse, BatchStream};
pub use builder::ClientBuilder;
pub use bulk::{
    Bulk, BulkOutcome, FileJournal, Journal, JournalError, JournalFuture, JournalOutcome, JournalState,
};
pub use client::Client;
pub use events::{
    BindEvent, EventBinding, OfflineEvent, OfflineEvents, OfflineHandle, PlacementBinding, Subscriptions,
};
pub use files::{Download, Upload};
pub use http_client::{HttpClient, Proxy, ProxyUrlError};
pub use oauth::{App, FileStore, MemoryStore, OriginError, StoreError, StoreFuture, StoreLock, TokenStore};
pub use observe::{Event, MismatchEvent, Observer, Step, StepOutcome};
pub use portals::{Portals, PortalsBuilder};
pub use rate_limit::{
    AcquireFuture, CallReport, Limiter, LimiterError, MemoryLimiter, NoLimit, RateLimitRequest,
};
pub use recording::{FileRecorder, Recorder};
pub use rows::{Pages, Progress, Rows, RowsError};
pub use webhook_url::{UrlProblem, WebhookUrlError};

/// What belongs to [`OfflineEvents`]: its end, and what workers share.
pub mod offline {
    pub use crate::events::{ClaimError, ClaimFuture, Drained, FileClaims, OfflineClaim, OfflineClaims};
}

/// What belongs to [`Subscriptions`]: plans, and what became of them.
pub mod subscriptions {
    pub use crate::events::{Action, Applied, AppliedStep, Plan, PlanStep, Subscription};
}
