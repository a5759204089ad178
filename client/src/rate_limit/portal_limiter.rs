//! The counts of one portal, and the callers that wait for them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bitrix24_core::rate_limit::{
    CallOutcome, CountKey, OperatingTimeBudget, Quota, Rejection, Reservation, Timestamps,
};
use tokio::sync::Notify;

use super::lane::Lane;
use super::limiter::{CallReport, RateLimitRequest};

/// The limiter of one portal.
pub(super) struct PortalLimiter {
    state: Mutex<LimiterState>,
}

struct LimiterState {
    /// All requests.
    portal: Lane,
    /// The requests of methods with a rate limit of their own.
    methods: HashMap<CountKey, Lane>,
    operating_time: OperatingTimeBudget,
}

/// The number of lanes of methods below which idle ones are not removed.
const MIN_CLEANUP: usize = 64;

impl LimiterState {
    /// The lane of a method with a rate limit of its own; creates it if it is unknown.
    fn method_lane(&mut self, key: &CountKey, quota: Quota, now: Duration) -> &mut Lane {
        if self.methods.len() >= MIN_CLEANUP && !self.methods.contains_key(key) {
            self.methods.retain(|_, lane| !lane.is_idle(now));
        }
        self.methods.entry(key.clone()).or_insert_with(|| Lane::new(quota))
    }
}

impl PortalLimiter {
    pub(super) fn new(quota: Quota, operating_time: OperatingTimeBudget) -> Self {
        let (portal, methods) = (Lane::new(quota), HashMap::new());
        Self { state: Mutex::new(LimiterState { portal, methods, operating_time }) }
    }

    /// Whether a new limiter would behave the same.
    pub(super) fn is_idle(&self, now: Duration) -> bool {
        let state = self.state();
        state.portal.is_idle(now)
            && state.methods.values().all(|lane| lane.is_idle(now))
            && state.operating_time.is_idle(now)
    }

    /// Records the outcome of a call.
    pub(super) fn record(&self, at: Timestamps, report: &CallReport<'_>) {
        let mut state = self.state();
        let rate_limited = |outcome: &CallOutcome<'_>| outcome.rejection() == Some(Rejection::RateLimited);
        if report.commands().iter().chain([&report.call()]).any(rate_limited) {
            state.portal.record_rejection(at.monotonic());
        }
        state.operating_time.record(at, report.key(), report.call(), report.commands());
    }

    /// Locks the state. It is consistent after each operation, so a panic elsewhere has not corrupted it.
    fn state(&self) -> MutexGuard<'_, LimiterState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A caller that waits to send a request. Dropping it releases its reservations.
pub(super) struct Waiter<'a> {
    limiter: &'a PortalLimiter,
    /// The reservation in the lane of the portal.
    of_portal: Option<Reservation>,
    /// The lane of the method and its quota, if the method has a rate limit of its own that can be counted.
    method: Option<(CountKey, Quota)>,
    /// The reservation in the lane of the method.
    of_method: Option<Reservation>,
    /// Notified when the waiter may be due earlier than expected.
    pub(super) wake: Arc<Notify>,
}

impl<'a> Waiter<'a> {
    pub(super) fn new(limiter: &'a PortalLimiter, request: &RateLimitRequest<'_>) -> Self {
        let method = request.rate_limit().and_then(|limit| {
            let key = CountKey::new(limit, request.method(), request.key())?;
            Some((key, Quota::of_method(limit)))
        });
        Self { limiter, of_portal: None, method, of_method: None, wake: Arc::default() }
    }

    /// Acquires the permission to send now.
    ///
    /// A caller that waits for its method holds no reservation of the portal, which would delay other callers.
    ///
    /// # Errors
    /// The time at which to try again.
    pub(super) fn try_acquire(
        &mut self,
        request: &RateLimitRequest<'_>,
        now: Duration,
    ) -> Result<(), Duration> {
        let mut state = self.limiter.state();
        let methods = request.commands().iter().copied().chain([request.method()]);
        let available_at =
            methods.map(|method| state.operating_time.available_at(request.key(), method, now)).max();
        if let Some(available_at) = available_at.filter(|time| *time > now) {
            self.release(&mut state);
            return Err(available_at);
        }
        if let Some((key, quota)) = &self.method {
            let lane = state.method_lane(key, *quota, now);
            let reservation = lane.reserve(&mut self.of_method, now);
            let due = lane.due_at(reservation, now, &self.wake);
            if due > now {
                self.release_portal(&mut state);
                return Err(due);
            }
        }
        let reservation = state.portal.reserve(&mut self.of_portal, now);
        let due = state.portal.due_at(reservation, now, &self.wake);
        if due > now {
            return Err(due);
        }
        state.portal.acquire(reservation, now);
        self.of_portal = None;
        if let (Some((key, _)), Some(reservation)) = (&self.method, self.of_method.take())
            && let Some(lane) = state.methods.get_mut(key)
        {
            lane.acquire(reservation, now);
        }
        Ok(())
    }

    fn release(&mut self, state: &mut LimiterState) {
        self.release_portal(state);
        if let (Some((key, _)), Some(reservation)) = (&self.method, self.of_method.take())
            && let Some(lane) = state.methods.get_mut(key)
        {
            lane.release(reservation);
        }
    }

    fn release_portal(&mut self, state: &mut LimiterState) {
        if let Some(reservation) = self.of_portal.take() {
            state.portal.release(reservation);
        }
    }
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        if self.of_portal.is_some() || self.of_method.is_some() {
            let limiter = self.limiter;
            self.release(&mut limiter.state());
        }
    }
}
