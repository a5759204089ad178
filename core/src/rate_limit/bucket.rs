//! The bucket in which a portal counts requests, and the queue of those that wait for a reservation in it.

use std::collections::VecDeque;
use std::time::Duration;

/// How many requests a portal takes at once, and how many over time.
///
/// ```
/// use std::time::Duration;
/// use bitrix24_core::rate_limit::Quota;
/// assert_eq!(Quota::STANDARD, Quota::new(50, 2.0));
/// assert_eq!(Quota::ENTERPRISE.interval(), Duration::from_millis(200));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Quota {
    capacity: u32,
    interval: Duration,
}

/// The longest time in which a reservation may come free. A slower bucket is taken for a mistake in the figures.
const MAX_INTERVAL: Duration = Duration::from_secs(3600);

impl Quota {
    /// What a portal takes on every quota but Enterprise: 50 requests at once, and 2 a second.
    pub const STANDARD: Self = Self { capacity: 50, interval: Duration::from_millis(500) };

    /// What a portal takes on the quota Enterprise: 250 requests at once, and 5 a second.
    pub const ENTERPRISE: Self = Self { capacity: 250, interval: Duration::from_millis(200) };

    /// `capacity` requests at once, at least one, and `per_second` over time; less than one in an hour, and what is no number,
    /// counts as one in an hour.
    pub fn new(capacity: u32, per_second: f64) -> Self {
        let slowest = MAX_INTERVAL.as_secs_f64();
        let seconds = 1.0 / per_second;
        let seconds = if seconds >= 0.0 { seconds.min(slowest) } else { slowest };
        // Rounded up, so that no more go than were asked for.
        let nanoseconds = (seconds * 1e9 - 1e-3).ceil().max(0.0);
        Self { capacity: capacity.max(1), interval: Duration::from_nanos(nanoseconds as u64) }
    }

    /// How many requests may go at once after a long rest.
    pub fn capacity(&self) -> u32 {
        self.capacity
    }

    /// How long it takes until one more may go.
    pub fn interval(&self) -> Duration {
        self.interval
    }
}

/// A leaking bucket, kept as a portal keeps it: a request goes in only if it fits, and one leaks out after each
/// [interval](Quota::interval).
///
/// A caller [reserves](Self::reserve) a reservation and comes back [when](Self::due_at) it is due to [take](Self::acquire) it. Places
/// become due in the order in which they were reserved. When a reservation is due may change while its owner waits: it becomes
/// earlier when someone before gives a reservation back, and later when the portal [refuses](Self::record_rejection) a request.
///
/// An owner who does not come for a reservation that is due holds up nobody for longer than the pause that the reservation is worth: who
/// waits behind becomes due as if it had been taken. Who comes late goes when there is room, like everyone else.
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
    /// When the bucket will have leaked empty; in the past if it is.
    empty_at: Duration,
    /// Places that are neither taken nor given back, in the order in which they were reserved.
    queue: VecDeque<QueueEntry>,
    /// For how many of them, from the first, `due` and `empty_at` are up to date. Thousands may wait, and all of them ask.
    scheduled: usize,
    next: u64,
}

/// A reservation that somebody waits for.
#[derive(Clone, Debug)]
struct QueueEntry {
    reservation: Reservation,
    since: Duration,
    /// When it is due, if each before it is taken when that is due.
    due: Duration,
    /// When the bucket will have leaked empty, if this one is taken when it is due.
    empty_at: Duration,
}

/// A reservation in the queue of a [`Bucket`], and of no other. What was reserved earlier is less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reservation(u64);

impl LeakyBucket {
    /// An empty bucket.
    pub fn new(quota: Quota) -> Self {
        Self { quota, empty_at: Duration::ZERO, queue: VecDeque::new(), scheduled: 0, next: 0 }
    }

    /// A reservation behind all others that wait. It is taken or given back sooner or later.
    pub fn reserve(&mut self, now: Duration) -> Reservation {
        let reservation = Reservation(self.next);
        self.next += 1;
        self.queue.push_back(QueueEntry { reservation, since: now, due: now, empty_at: now });
        reservation
    }

    /// When a reservation becomes due, as things stand; `now` if it is due already, or does not wait any more.
    pub fn due_at(&mut self, reservation: Reservation, now: Duration) -> Duration {
        self.find(reservation).map_or(now, |index| self.due(index).max(now))
    }

    /// Takes a reservation: the request goes now. A reservation can be taken once; to take it again does nothing.
    ///
    /// # Errors
    /// When the reservation becomes due, if it is not yet; it goes on waiting.
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

    /// Gives back a reservation that will not be needed, so that those behind become due earlier. Whether it was still waiting; one
    /// that has been taken stays taken.
    pub fn release(&mut self, reservation: Reservation) -> bool {
        let Some(index) = self.find(reservation) else { return false };
        self.queue.remove(index);
        self.scheduled = self.scheduled.min(index);
        true
    }

    /// Learns that the portal has refused a request for its pace. Others share the portal's bucket: it is full from now on,
    /// whatever was counted here, and every reservation becomes due accordingly later.
    pub fn record_rejection(&mut self, now: Duration) {
        let full = now.saturating_add(self.quota.interval.saturating_mul(self.quota.capacity));
        self.empty_at = self.empty_at.max(full);
        self.scheduled = 0;
    }

    /// How many reservations wait.
    pub fn waiting_count(&self) -> usize {
        self.queue.len()
    }

    /// Whether nobody waits and nothing is in the bucket, so that a new one would do as well.
    pub fn is_idle(&self, now: Duration) -> bool {
        self.queue.is_empty() && self.empty_at <= now
    }

    fn find(&self, reservation: Reservation) -> Option<usize> {
        self.queue.binary_search_by_key(&reservation, |entry| entry.reservation).ok()
    }

    /// When the reservation with this number in the queue becomes due, if each before it is taken when it is due.
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
