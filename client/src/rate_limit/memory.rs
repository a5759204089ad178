//! A limiter that keeps its counts in the memory of one program.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use bitrix24_core::rate_limit::{OperatingTimeBudget, Plan, Quota, Timestamps};
use tokio::time::{Instant, timeout};

use super::limiter::{AcquireFuture, CallReport, Limiter, LimiterError, RateLimitRequest};
use super::portal_limiter::{PortalLimiter, Waiter};

/// Keeps the limits of portals with counts in memory: requests for each portal, operating time for each method and key.
///
/// Requests wait instead of being rejected, in the order in which they ask. Requests of a method with a rate limit of its own
/// ([`MethodInfo::rate_limit`](bitrix24_core::MethodInfo::rate_limit)) wait for both limits, and delay no other method. A method that has used up its operating time waits
/// until some of it is free again, ten minutes at most. Clones share their counts, so one limiter can serve any number of
/// clients and portals. Portals do not affect one another.
///
/// A portal counts the requests of all programs behind one IP address together. Other programs become visible only when the
/// portal rejects a request; all requests here then slow down. Programs that know of one another should each take a part of the
/// quota ([`MemoryLimiter::new`]) or share a [`Limiter`].
///
/// It uses the clock of tokio and needs a tokio runtime with its timer enabled.
///
/// ```
/// use std::time::Duration;
/// use bitrix24_client::MemoryLimiter;
///
/// let one_of_two_programs = MemoryLimiter::new(25, 1.0);
/// let on_premise = MemoryLimiter::standard().without_operating_limit();
/// let stricter = MemoryLimiter::standard().with_operating_limit(Duration::from_secs(420));
/// ```
#[derive(Clone)]
pub struct MemoryLimiter {
    shared: Arc<Shared>,
}

/// What clones share.
struct Shared {
    quota: Quota,
    /// The initial operating time of each portal.
    operating_time: OperatingTimeBudget,
    /// The start of the monotonic clock.
    start: Instant,
    portals: Mutex<Portals>,
}

#[derive(Default)]
struct Portals {
    by_origin: HashMap<Box<str>, Arc<PortalLimiter>>,
    /// The number of portals at which idle ones are removed.
    cleanup_at: usize,
}

/// The number of portals below which idle ones are not removed.
const MIN_CLEANUP: usize = 64;

impl MemoryLimiter {
    /// The documented limits of the lowest plans; see [`Plan::Standard`].
    pub fn standard() -> Self {
        Self::for_plan(Plan::default())
    }

    /// The documented limits of a plan: the requests of [`Plan`], and the operating time
    /// [`OPERATING_TIME_LIMIT`](bitrix24_core::rate_limit::OPERATING_TIME_LIMIT) of each method.
    pub fn for_plan(plan: Plan) -> Self {
        Self::with(Quota::of_plan(plan), OperatingTimeBudget::default())
    }

    /// `capacity` requests at once, at least one, and `per_second` over time. A rate below one per hour, or that is not a
    /// number, counts as one per hour.
    pub fn new(capacity: u32, per_second: f64) -> Self {
        Self::with(Quota::new(capacity, per_second), OperatingTimeBudget::default())
    }

    /// Sets the time that each method may take in ten minutes and resets all counts. Default:
    /// [`OPERATING_TIME_LIMIT`](bitrix24_core::rate_limit::OPERATING_TIME_LIMIT).
    pub fn with_operating_limit(self, limit: Duration) -> Self {
        Self::with(self.shared.quota, self.shared.operating_time.clone().with_limit(Some(limit)))
    }

    /// Removes the limit of operating time and resets all counts, for on-premise portals without one. A method that the portal
    /// rejects for its operating time still waits.
    pub fn without_operating_limit(self) -> Self {
        Self::with(self.shared.quota, self.shared.operating_time.clone().with_limit(None))
    }

    fn with(quota: Quota, operating_time: OperatingTimeBudget) -> Self {
        let portals = Mutex::default();
        Self { shared: Arc::new(Shared { quota, operating_time, start: Instant::now(), portals }) }
    }
}

impl Default for MemoryLimiter {
    /// The limits of the lowest plans.
    fn default() -> Self {
        Self::standard()
    }
}

impl Shared {
    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    /// The limiter of a portal; creates it if the portal is unknown.
    fn portal(&self, origin: &str) -> Arc<PortalLimiter> {
        let mut portals = self.portals.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = portals.by_origin.get(origin) {
            return Arc::clone(known);
        }
        portals.remove_idle(self.now());
        let limiter = Arc::new(PortalLimiter::new(self.quota, self.operating_time.clone()));
        portals.by_origin.insert(origin.into(), Arc::clone(&limiter));
        limiter
    }

    async fn acquire(&self, request: RateLimitRequest<'_>) -> Result<(), LimiterError> {
        let limiter = self.portal(request.portal());
        let mut waiter = Waiter::new(&limiter, &request);
        while let Err(due) = waiter.try_acquire(&request, self.now()) {
            // Whether the time has come or the waiter was woken, it tries again.
            let _ = timeout(due.saturating_sub(self.now()), waiter.wake.notified()).await;
        }
        Ok(())
    }
}

impl Portals {
    /// Removes idle portals once there are twice as many as remained after the last cleanup.
    fn remove_idle(&mut self, now: Duration) {
        if self.by_origin.len() >= self.cleanup_at.max(MIN_CLEANUP) {
            self.by_origin.retain(|_, limiter| Arc::strong_count(limiter) > 1 || !limiter.is_idle(now));
            self.cleanup_at = 2 * self.by_origin.len();
        }
    }
}

impl Limiter for MemoryLimiter {
    fn acquire<'a>(&'a self, request: RateLimitRequest<'a>) -> AcquireFuture<'a> {
        Box::pin(self.shared.acquire(request))
    }

    fn record(&self, report: CallReport<'_>) {
        let now = self.shared.now();
        let unix = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        self.shared.portal(report.portal()).record(Timestamps::new(now, unix), &report);
    }
}

/// Shows the quota, and nothing about portals.
impl fmt::Debug for MemoryLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryLimiter").field("quota", &self.shared.quota).finish_non_exhaustive()
    }
}
