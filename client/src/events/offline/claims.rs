//! What workers share beside the portal.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

/// The error of a store of claims. The stream yields its text.
pub type ClaimError = Box<dyn std::error::Error + Send + Sync>;

/// The future of a claim.
pub type ClaimFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Option<OfflineClaim>, ClaimError>> + Send + 'a>>;

/// Makes a reservation of offline events belong to one worker at a time, and shows when its worker has ended.
///
/// A worker claims each reservation before it delivers its events, and those of others to find out whether they are abandoned. The claim
/// of a worker that was killed must end by itself. [`FileClaims`](super::FileClaims) implements it with locks of files, and `RedisClaims` of the crate `bitrix24-redis` with keys.
pub trait OfflineClaims: Send + Sync + 'static {
    /// Claims the reservation with this `process_id`; `None` if another worker has it. It must not wait for the other one.
    fn claim<'a>(&'a self, process_id: &'a str) -> ClaimFuture<'a>;
}

impl<C: OfflineClaims + ?Sized> OfflineClaims for Arc<C> {
    fn claim<'a>(&'a self, process_id: &'a str) -> ClaimFuture<'a> {
        (**self).claim(process_id)
    }
}

/// A claim; it ends when this is dropped.
pub struct OfflineClaim(#[expect(dead_code, reason = "dropping it ends the claim")] Box<dyn Send + Sync>);

impl OfflineClaim {
    /// A claim that ends when `guard` is dropped.
    pub fn new(guard: impl Send + Sync + 'static) -> Self {
        Self(Box::new(guard))
    }
}

impl fmt::Debug for OfflineClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OfflineClaim")
    }
}
