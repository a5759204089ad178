//! The leaky bucket in which a portal counts requests, and the queue of requests that wait for it.

use std::collections::VecDeque;
use std::time::Duration;

use super::{Plan, RateLimit};

/// How many requests a portal accepts at once, and how many over time.
///
/// ```
/// use std::time::Duration;
/// use bitrix24_core::rate_limit::Quota;
/// use bitrix24_core::rate_limit::{Plan, RateLimit};
/// assert_eq!(Quota::of_plan(Plan::Standard), Quota::new(50, 2.0));
/// assert_eq!(Quota::of_plan(Plan::Enterprise).interval(), Duration::from_millis(200));
/// assert_eq!(Quota::of_method(RateLimit::new(3, 60)).interval(), Duration::from_secs(20));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Quota {
    capacity: u32,
    interval: Duration,
}

/// The longest interval. A slower bucket is considered a configuration mistake.
const MAX_INTERVAL: Duration = Duration::from_secs(3600);

impl Quota {
    /// The documented quota of a plan.
    pub fn of_plan(plan: Plan) -> Self {
        Self::new(plan.burst(), plan.per_second().into())
    }

    /// The quota of a method with a rate limit of its own: its requests at once, and as many in each period over time.
    pub fn of_method(limit: RateLimit) -> Self {
        let capacity = limit.requests.max(1);
        // Rounded up, so that the rate is not exceeded.
        let nanoseconds = limit.period.as_nanos().div_ceil(capacity.into());
        let interval = Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX));
        Self { capacity, interval }
    }

    /// `capacity` requests at once, at least one, and `per_second` over time. A rate below one per hour, or that is not a
    /// number, counts as one per hour.
    pub fn new(capacity: u32, per_second: f64) -> Self {
        let slowest = MAX_INTERVAL.as_secs_f64();
        let seconds = 1.0 / per_second;
        let seconds = if seconds >= 0.0 { seconds.min(slowest) } else { slowest };
        // Rounded up, so that the rate is not exceeded.
        let nanoseconds = (seconds * 1e9 - 1e-3).ceil().max(0.0);
        Self { capacity: capacity.max(1), interval: Duration::from_nanos(nanoseconds as u64) }
    }

    /// The number of requests that may be sent at once when the bucket is empty.
    pub fn capacity(&self) -> u32 {
        self.capacity
    }

    /// The time after which one more request may be sent.
    pub fn interval(&self) -> Duration {
        self.interval
    }
}

/// A leaky bucket, counted as a portal counts it: a request is accepted only if it fits, and one request leaks out after each
/// [interval](Quota::interval).
///
/// A caller [reserves](Self::reserve) a place and [acquires](Self::acquire) it when it [is due](Self::due_at). Reservations
/// become due in the order in which they were made. The time may change while the caller waits: it becomes earlier when an
/// earlier reservation is released, and later when the portal [rejects](Self::record_rejection) a request.
///
/// A caller that does not acquire a due reservation delays others by at most one interval: later reservations become due as if
/// it had been acquired. A late caller may send as soon as the bucket has room.
///
/// ```
/// use std::time::Duration;
/// use bitrix24_core::rate_limit::{LeakyBucket, Quota};
///
/// let now = Duration::ZERO;
/// let mut bucket = LeakyBucket::new(Quota::new(1, 2.0));
/// let (first, second) = (bucket.reserve(now), bucket.reserve(now));
/// assert_eq!(bucket.acquire(first, now), Ok(()));
/// assert_eq!(bucket.acquire(second, now), Err(Duration::from_millis(500)));
/// assert_eq!(bucket.acquire(second, Duration::from_millis(500)), Ok(()));
/// ```
#[derive(Clone, Debug)]
pub struct LeakyBucket {
    quota: Quota,
    /// The time at which the bucket will be empty; in the past if it is.
    empty_at: Duration,
    /// Reservations that are neither acquired nor released, in the order in which they were made.
    queue: VecDeque<QueueEntry>,
    /// The number of entries, from the first, whose `due` and `empty_at` are up to date. Thousands may wait, and all of them
    /// query their time.
    scheduled: usize,
    next: u64,
}

/// A waiting reservation.
#[derive(Clone, Debug)]
struct QueueEntry {
    reservation: Reservation,
    since: Duration,
    /// When it is due, if each earlier reservation is acquired when it is due.
    due: Duration,
    /// When the bucket will be empty, if this reservation is acquired when it is due.
    empty_at: Duration,
}

/// A reservation in the queue of one [`LeakyBucket`]. Earlier reservations are less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reservation(u64);

impl LeakyBucket {
    /// Creates an empty bucket.
    pub fn new(quota: Quota) -> Self {
        Self { quota, empty_at: Duration::ZERO, queue: VecDeque::new(), scheduled: 0, next: 0 }
    }

    /// Makes a reservation after all others. The caller must acquire or release it eventually.
    pub fn reserve(&mut self, now: Duration) -> Reservation {
        let reservation = Reservation(self.next);
        self.next += 1;
        self.queue.push_back(QueueEntry { reservation, since: now, due: now, empty_at: now });
        reservation
    }

    /// The time at which a reservation is due, as far as known; `now` if it is already due or no longer waits.
    pub fn due_at(&mut self, reservation: Reservation, now: Duration) -> Duration {
        self.find(reservation).map_or(now, |index| self.due(index).max(now))
    }

    /// Acquires a reservation: the request is sent now. A reservation can be acquired once; acquiring it again has no effect.
    ///
    /// # Errors
    /// The time at which the reservation is due, if it is not due yet. It stays in the queue.
    pub fn acquire(&mut self, reservation: Reservation, now: Duration) -> Result<(), Duration> {
        let Some(index) = self.find(reservation) else { return Ok(()) };
        let due = self.due(index);
        if due > now {
            return Err(due);
        }
        self.empty_at = self.empty_at.max(now).saturating_add(self.quota.interval);
        let as_scheduled = index == 0 && self.queue[0].empty_at == self.empty_at;
        self.queue.remove(index);
        self.scheduled = if as_scheduled { self.scheduled - 1 } else { 0 };
        Ok(())
    }

    /// Releases a reservation that is not needed, so that later ones become due earlier. Returns whether it was still waiting;
    /// an acquired reservation stays acquired.
    pub fn release(&mut self, reservation: Reservation) -> bool {
        let Some(index) = self.find(reservation) else { return false };
        self.queue.remove(index);
        self.scheduled = self.scheduled.min(index);
        true
    }

    /// Records that the portal rejected a request because of the rate limit. Other programs share the portal's bucket: it is
    /// considered full from now on, and every reservation becomes due accordingly later.
    pub fn record_rejection(&mut self, now: Duration) {
        let full = now.saturating_add(self.quota.interval.saturating_mul(self.quota.capacity));
        self.empty_at = self.empty_at.max(full);
        self.scheduled = 0;
    }

    /// The number of waiting reservations.
    pub fn waiting_count(&self) -> usize {
        self.queue.len()
    }

    /// Whether no reservation waits and the bucket is empty, so that a new one would behave the same.
    pub fn is_idle(&self, now: Duration) -> bool {
        self.queue.is_empty() && self.empty_at <= now
    }

    fn find(&self, reservation: Reservation) -> Option<usize> {
        self.queue.binary_search_by_key(&reservation, |entry| entry.reservation).ok()
    }

    /// When the entry at this index is due, if each earlier one is acquired when it is due.
    fn due(&mut self, index: usize) -> Duration {
        let burst = self.quota.interval.saturating_mul(self.quota.capacity - 1);
        for position in self.scheduled..=index {
            let empty_at =
                position.checked_sub(1).map_or(self.empty_at, |before| self.queue[before].empty_at);
            let entry = &mut self.queue[position];
            entry.due = empty_at.saturating_sub(burst).max(entry.since);
            entry.empty_at = empty_at.max(entry.due).saturating_add(self.quota.interval);
        }
        self.scheduled = self.scheduled.max(index + 1);
        self.queue[index].due
    }
}
