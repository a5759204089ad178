//! The bucket in which a portal counts requests, and the queue of those that wait for a place in it.

use std::collections::VecDeque;
use std::time::Duration;

/// How many requests a portal takes at once, and how many over time.
///
/// ```
/// use std::time::Duration;
/// use bitrix24_core::pace::Plan;
/// assert_eq!(Plan::STANDARD, Plan::new(50, 2.0));
/// assert_eq!(Plan::ENTERPRISE.pause(), Duration::from_millis(200));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Plan {
    capacity: u32,
    pause: Duration,
}

/// The longest time in which a place may come free. A slower bucket is taken for a mistake in the figures.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);

impl Plan {
    /// What a portal takes on every plan but Enterprise: 50 requests at once, and 2 a second.
    pub const STANDARD: Self = Self { capacity: 50, pause: Duration::from_millis(500) };

    /// What a portal takes on the plan Enterprise: 250 requests at once, and 5 a second.
    pub const ENTERPRISE: Self = Self { capacity: 250, pause: Duration::from_millis(200) };

    /// `capacity` requests at once, at least one, and `per_second` over time; less than one in an hour, and what is no number,
    /// counts as one in an hour.
    pub fn new(capacity: u32, per_second: f64) -> Self {
        let slowest = LONGEST_PAUSE.as_secs_f64();
        let seconds = 1.0 / per_second;
        let seconds = if seconds >= 0.0 { seconds.min(slowest) } else { slowest };
        // Rounded up, so that no more go than were asked for.
        let nanoseconds = (seconds * 1e9 - 1e-3).ceil().max(0.0);
        Self { capacity: capacity.max(1), pause: Duration::from_nanos(nanoseconds as u64) }
    }

    /// How many requests may go at once after a long rest.
    pub fn capacity(&self) -> u32 {
        self.capacity
    }

    /// How long it takes until one more may go.
    pub fn pause(&self) -> Duration {
        self.pause
    }
}

/// A leaking bucket, kept as a portal keeps it: a request goes in only if it fits, and one leaks out after each
/// [pause](Plan::pause).
///
/// A caller [reserves](Self::reserve) a place and comes back [when](Self::when) it is due to [take](Self::take) it. Places
/// become due in the order in which they were reserved. When a place is due may change while its owner waits: it becomes
/// earlier when someone before gives a place back, and later when the portal [refuses](Self::refused) a request.
///
/// An owner who does not come for a place that is due holds up nobody for longer than the pause that the place is worth: who
/// waits behind becomes due as if it had been taken. Who comes late goes when there is room, like everyone else.
///
/// ```
/// use std::time::Duration;
/// use bitrix24_core::pace::{Bucket, Plan};
///
/// let now = Duration::ZERO;
/// let mut bucket = Bucket::new(Plan::new(1, 2.0));
/// let (first, second) = (bucket.reserve(now), bucket.reserve(now));
/// assert_eq!(bucket.take(first, now), Ok(()));
/// assert_eq!(bucket.take(second, now), Err(Duration::from_millis(500)));
/// assert_eq!(bucket.take(second, Duration::from_millis(500)), Ok(()));
/// ```
#[derive(Clone, Debug)]
pub struct Bucket {
    plan: Plan,
    /// When the bucket will have leaked empty; in the past if it is.
    empty_at: Duration,
    /// Places that are neither taken nor given back, in the order in which they were reserved.
    waiting: VecDeque<Waiting>,
    /// For how many of them, from the first, `due` and `empty_at` are up to date. Thousands may wait, and all of them ask.
    scheduled: usize,
    next: u64,
}

/// A place that somebody waits for.
#[derive(Clone, Debug)]
struct Waiting {
    place: Place,
    since: Duration,
    /// When it is due, if each before it is taken when that is due.
    due: Duration,
    /// When the bucket will have leaked empty, if this one is taken when it is due.
    empty_at: Duration,
}

/// A place in the queue of a [`Bucket`], and of no other. What was reserved earlier is less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(u64);

impl Bucket {
    /// An empty bucket.
    pub fn new(plan: Plan) -> Self {
        Self { plan, empty_at: Duration::ZERO, waiting: VecDeque::new(), scheduled: 0, next: 0 }
    }

    /// A place behind all others that wait. It is taken or given back sooner or later.
    pub fn reserve(&mut self, now: Duration) -> Place {
        let place = Place(self.next);
        self.next += 1;
        self.waiting.push_back(Waiting { place, since: now, due: now, empty_at: now });
        place
    }

    /// When a place becomes due, as things stand; `now` if it is due already, or does not wait any more.
    pub fn when(&mut self, place: Place, now: Duration) -> Duration {
        self.find(place).map_or(now, |at| self.due(at).max(now))
    }

    /// Takes a place: the request goes now. A place can be taken once; to take it again does nothing.
    ///
    /// # Errors
    /// When the place becomes due, if it is not yet; it goes on waiting.
    pub fn take(&mut self, place: Place, now: Duration) -> Result<(), Duration> {
        let Some(at) = self.find(place) else { return Ok(()) };
        let due = self.due(at);
        if due > now {
            return Err(due);
        }
        self.empty_at = self.empty_at.max(now).saturating_add(self.plan.pause);
        let as_scheduled = at == 0 && self.waiting[0].empty_at == self.empty_at;
        self.waiting.remove(at);
        self.scheduled = if as_scheduled { self.scheduled - 1 } else { 0 };
        Ok(())
    }

    /// Gives back a place that will not be needed, so that those behind become due earlier. Whether it was still waiting; one
    /// that has been taken stays taken.
    pub fn release(&mut self, place: Place) -> bool {
        let Some(at) = self.find(place) else { return false };
        self.waiting.remove(at);
        self.scheduled = self.scheduled.min(at);
        true
    }

    /// Learns that the portal has refused a request for its pace. Others share the portal's bucket: it is full from now on,
    /// whatever was counted here, and every place becomes due accordingly later.
    pub fn refused(&mut self, now: Duration) {
        let full = now.saturating_add(self.plan.pause.saturating_mul(self.plan.capacity));
        self.empty_at = self.empty_at.max(full);
        self.scheduled = 0;
    }

    /// How many places wait.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Whether nobody waits and nothing is in the bucket, so that a new one would do as well.
    pub fn is_idle(&self, now: Duration) -> bool {
        self.waiting.is_empty() && self.empty_at <= now
    }

    fn find(&self, place: Place) -> Option<usize> {
        self.waiting.binary_search_by_key(&place, |waiting| waiting.place).ok()
    }

    /// When the place with this number in the queue becomes due, if each before it is taken when it is due.
    fn due(&mut self, at: usize) -> Duration {
        let burst = self.plan.pause.saturating_mul(self.plan.capacity - 1);
        for number in self.scheduled..=at {
            let empty_at =
                number.checked_sub(1).map_or(self.empty_at, |before| self.waiting[before].empty_at);
            let waiting = &mut self.waiting[number];
            waiting.due = empty_at.saturating_sub(burst).max(waiting.since);
            waiting.empty_at = empty_at.max(waiting.due).saturating_add(self.plan.pause);
        }
        self.scheduled = self.scheduled.max(at + 1);
        self.waiting[at].due
    }
}
