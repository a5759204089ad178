//! The callers of one process that wait for a portal, and what this process knows about the operating time of its methods.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use bitrix24_client::{CallReport, RateLimitRequest};
use bitrix24_core::rate_limit::{CallOutcome, OperatingTimeBudget, Rejection, Timestamps};
use tokio::time::Instant;

/// The number of portals below which idle ones are not removed.
const MIN_CLEANUP: usize = 64;

/// All portals of this process.
pub(crate) struct Portals {
    start: Instant,
    operating_time: OperatingTimeBudget,
    by_origin: Mutex<HashMap<Box<str>, Arc<PortalPace>>>,
}

/// One portal.
pub(crate) struct PortalPace {
    /// The callers of this process, in the order in which they ask. Only the first one asks Redis.
    pub(crate) queue: Arc<tokio::sync::Mutex<()>>,
    operating_time: Mutex<OperatingTimeBudget>,
}

/// What other processes must know about the outcome of a call.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    /// The portal has rejected a request for its rate.
    pub(crate) rejected: bool,
    /// The methods that are blocked, and for how long.
    pub(crate) blocked: Vec<(String, Duration)>,
}

impl Portals {
    pub(crate) fn new(operating_time: OperatingTimeBudget) -> Self {
        Self { start: Instant::now(), operating_time, by_origin: Mutex::default() }
    }

    /// The pace of a portal; creates it if the portal is unknown.
    pub(crate) fn get(&self, origin: &str) -> Arc<PortalPace> {
        let mut portals = lock(&self.by_origin);
        if let Some(known) = portals.get(origin) {
            return Arc::clone(known);
        }
        let now = self.start.elapsed();
        if portals.len() >= MIN_CLEANUP && portals.len().is_power_of_two() {
            portals.retain(|_, pace| Arc::strong_count(pace) > 1 || !lock(&pace.operating_time).is_idle(now));
        }
        let operating_time = Mutex::new(self.operating_time.clone());
        let pace = Arc::new(PortalPace { queue: Arc::default(), operating_time });
        portals.insert(origin.into(), Arc::clone(&pace));
        pace
    }

    /// How long a request waits for the operating time of its methods, as far as this process knows.
    pub(crate) fn blocked_for(&self, pace: &PortalPace, request: &RateLimitRequest<'_>) -> Duration {
        let (now, budget) = (self.start.elapsed(), lock(&pace.operating_time));
        let methods = request.commands().iter().copied().chain([request.method()]);
        let until = methods.map(|method| budget.available_at(request.key(), method, now)).max();
        until.unwrap_or(now).saturating_sub(now)
    }

    /// Records the outcome of a call, and returns what others must know of it.
    pub(crate) fn record(&self, report: &CallReport<'_>) -> Shared {
        let now = self.start.elapsed();
        let unix = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let pace = self.get(report.portal());
        let mut budget = lock(&pace.operating_time);
        budget.record(Timestamps::new(now, unix), report.key(), report.call(), report.commands());
        let mut shared = Shared::default();
        for outcome in report.commands().iter().chain([&report.call()]) {
            shared.rejected |= outcome.rejection() == Some(Rejection::RateLimited);
            shared.add_blocked(&budget, report.key(), outcome, now);
        }
        shared
    }
}

impl Shared {
    fn add_blocked(
        &mut self,
        budget: &OperatingTimeBudget,
        key: &str,
        outcome: &CallOutcome<'_>,
        now: Duration,
    ) {
        let rest = budget.available_at(key, outcome.method(), now).saturating_sub(now);
        if !rest.is_zero() && !self.blocked.iter().any(|(known, _)| known == outcome.method()) {
            self.blocked.push((outcome.method().to_owned(), rest));
        }
    }

    /// Whether others need not know anything.
    pub(crate) fn is_empty(&self) -> bool {
        !self.rejected && self.blocked.is_empty()
    }
}

/// Locks a mutex. What it protects is consistent after each operation, so a panic elsewhere has not corrupted it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
