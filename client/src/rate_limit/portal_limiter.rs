//! The counts of one portal, and the callers that wait for them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bitrix24_core::rate_limit::{
    CallOutcome, LeakyBucket, OperatingTimeBudget, Rejection, Reservation, Timestamps,
};
use tokio::sync::Notify;

use super::limiter::{CallReport, RateLimitRequest};

/// The limiter of one portal.
pub(super) struct PortalLimiter {
    state: Mutex<LimiterState>,
}

struct LimiterState {
    bucket: LeakyBucket,
    operating_time: OperatingTimeBudget,
    /// The waiters by their reservations, and how to wake them.
    waiters: BTreeMap<Reservation, Arc<Notify>>,
}

impl LimiterState {
    /// Removes a waiter and wakes the first remaining one, which may be due earlier than it expected.
    ///
    /// The others sleep on, or thousands would wake each time one of them leaves. They also wake at the time at which they were
    /// due when they last checked, so a first waiter that never comes delays nobody.
    fn remove_waiter(&mut self, reservation: Reservation) {
        self.waiters.remove(&reservation);
        if let Some((_, first)) = self.waiters.first_key_value() {
            first.notify_one();
        }
    }
}

impl PortalLimiter {
    pub(super) fn new(bucket: LeakyBucket, operating_time: OperatingTimeBudget) -> Self {
        Self { state: Mutex::new(LimiterState { bucket, operating_time, waiters: BTreeMap::new() }) }
    }

    /// Whether a new limiter would behave the same.
    pub(super) fn is_idle(&self, now: Duration) -> bool {
        let state = self.state();
        state.bucket.is_idle(now) && state.operating_time.is_idle(now)
    }

    /// Records the outcome of a call.
    pub(super) fn record(&self, at: Timestamps, report: &CallReport<'_>) {
        let mut state = self.state();
        let rate_limited = |outcome: &CallOutcome<'_>| outcome.rejection() == Some(Rejection::RateLimited);
        if report.commands().iter().chain([&report.call()]).any(rate_limited) {
            state.bucket.record_rejection(at.monotonic());
        }
        state.operating_time.record(at, report.key(), report.call(), report.commands());
    }

    /// Locks the state. It is consistent after each operation, so a panic elsewhere has not corrupted it.
    fn state(&self) -> MutexGuard<'_, LimiterState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A caller that waits to send a request. Dropping it releases its reservation.
pub(super) struct Waiter<'a> {
    limiter: &'a PortalLimiter,
    reservation: Option<Reservation>,
    /// Notified when the waiter may be due earlier than expected.
    pub(super) wake: Arc<Notify>,
}

impl<'a> Waiter<'a> {
    pub(super) fn new(limiter: &'a PortalLimiter) -> Self {
        Self { limiter, reservation: None, wake: Arc::default() }
    }

    /// Acquires the permission to send now.
    ///
    /// A throttled method holds no reservation, which would delay other callers.
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
        let reservation = *self.reservation.get_or_insert_with(|| state.bucket.reserve(now));
        if let Err(due) = state.bucket.acquire(reservation, now) {
            state.waiters.entry(reservation).or_insert_with(|| Arc::clone(&self.wake));
            return Err(due);
        }
        self.reservation = None;
        state.remove_waiter(reservation);
        Ok(())
    }

    fn release(&mut self, state: &mut LimiterState) {
        if let Some(reservation) = self.reservation.take() {
            state.bucket.release(reservation);
            state.remove_waiter(reservation);
        }
    }
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        if self.reservation.is_some() {
            let limiter = self.limiter;
            self.release(&mut limiter.state());
        }
    }
}
