//! A bucket and the callers that wait for it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bitrix24_core::rate_limit::{LeakyBucket, Quota, Reservation};
use tokio::sync::Notify;

/// A leaky bucket, and how to wake the callers with a reservation in it.
pub(super) struct Lane {
    bucket: LeakyBucket,
    waiters: BTreeMap<Reservation, Arc<Notify>>,
}

impl Lane {
    pub(super) fn new(quota: Quota) -> Self {
        Self { bucket: LeakyBucket::new(quota), waiters: BTreeMap::new() }
    }

    /// Makes a reservation, or returns the one that the caller has.
    pub(super) fn reserve(&mut self, reservation: &mut Option<Reservation>, now: Duration) -> Reservation {
        *reservation.get_or_insert_with(|| self.bucket.reserve(now))
    }

    /// When a reservation is due: `now` or later. A caller whose reservation is not due waits, and can be woken.
    pub(super) fn due_at(&mut self, reservation: Reservation, now: Duration, wake: &Arc<Notify>) -> Duration {
        let due = self.bucket.due_at(reservation, now);
        if due > now {
            self.waiters.entry(reservation).or_insert_with(|| Arc::clone(wake));
        }
        due
    }

    /// Acquires a reservation that is due.
    pub(super) fn acquire(&mut self, reservation: Reservation, now: Duration) {
        // The caller has checked that it is due.
        let _ = self.bucket.acquire(reservation, now);
        self.remove_waiter(reservation);
    }

    /// Releases a reservation that is not needed.
    pub(super) fn release(&mut self, reservation: Reservation) {
        self.bucket.release(reservation);
        self.remove_waiter(reservation);
    }

    /// Records that the portal rejected a request: the bucket is full.
    pub(super) fn record_rejection(&mut self, now: Duration) {
        self.bucket.record_rejection(now);
    }

    /// Whether a new lane would behave the same.
    pub(super) fn is_idle(&self, now: Duration) -> bool {
        self.bucket.is_idle(now)
    }

    /// Removes a waiter and wakes the first remaining one, which may be due earlier than it expected.
    ///
    /// The others sleep on, or thousands would wake each time one of them leaves. They also wake at the time at which they were
    /// due when they last checked, so a first waiter that is never polled delays no other.
    fn remove_waiter(&mut self, reservation: Reservation) {
        self.waiters.remove(&reservation);
        if let Some((_, first)) = self.waiters.first_key_value() {
            first.notify_one();
        }
    }
}
