//! The requests that were accepted, so that none is accepted twice.

use std::collections::{BTreeSet, HashMap};

/// Remembers accepted requests while they are young enough to be accepted.
///
/// Each portal has its own requests. If there are too many in all, the older half of those of the portal with the most is
/// forgotten, and its requests from that time are too old from then on: a portal can make only its own requests be refused.
#[derive(Debug)]
pub(crate) struct Replays {
    portals: HashMap<Box<str>, Portal>,
    len: usize,
    capacity: usize,
    max_age: u64,
    swept_at: u64,
}

#[derive(Debug, Default)]
struct Portal {
    /// The times and hashes of its requests.
    seen: BTreeSet<(u64, u64)>,
    /// The time up to which requests are forgotten.
    forgotten: u64,
}

/// Whether a request may be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    New,
    Repeated,
    /// It may be one of those that are forgotten.
    Forgotten,
}

impl Replays {
    /// Creates a memory for so many requests, each for so many seconds. Without room for any, each request is new.
    pub(crate) fn new(capacity: usize, max_age: u64) -> Self {
        Self { portals: HashMap::new(), len: 0, capacity, max_age, swept_at: 0 }
    }

    /// Remembers a request that was sent at `time` and arrived at `now`, in seconds, unless it is known.
    pub(crate) fn claim(&mut self, member_id: &str, time: u64, hash: u64, now: u64) -> Claim {
        if self.capacity == 0 {
            return Claim::New;
        }
        if now.saturating_sub(self.swept_at) > self.max_age {
            self.sweep(now);
        }
        if !self.portals.contains_key(member_id) {
            self.portals.insert(member_id.into(), Portal::default());
        }
        let Some(portal) = self.portals.get_mut(member_id) else { return Claim::New };
        self.len -= portal.expire(now.saturating_sub(self.max_age));
        if portal.seen.contains(&(time, hash)) {
            return Claim::Repeated;
        }
        if time <= portal.forgotten {
            return Claim::Forgotten;
        }
        portal.seen.insert((time, hash));
        self.len += 1;
        if self.len > self.capacity {
            self.sweep(now);
            self.make_room();
        }
        Claim::New
    }

    /// Forgets a request that was not handled after all.
    pub(crate) fn release(&mut self, member_id: &str, time: u64, hash: u64) {
        if let Some(portal) = self.portals.get_mut(member_id) {
            self.len -= usize::from(portal.seen.remove(&(time, hash)));
        }
    }

    /// Forgets what is too old to be accepted.
    fn sweep(&mut self, now: u64) {
        let oldest = now.saturating_sub(self.max_age);
        self.portals.retain(|_, portal| {
            self.len -= portal.expire(oldest);
            !portal.seen.is_empty() || portal.forgotten >= oldest
        });
        self.swept_at = now;
    }

    fn make_room(&mut self) {
        while self.len > self.capacity {
            let Some(portal) = self.portals.values_mut().max_by_key(|portal| portal.seen.len()) else {
                return;
            };
            self.len -= portal.forget(portal.seen.len().div_ceil(2));
        }
    }
}

impl Portal {
    /// Removes the requests before a time, and returns how many.
    fn expire(&mut self, oldest: u64) -> usize {
        let before = self.seen.len();
        while self.seen.first().is_some_and(|(time, _)| *time < oldest) {
            self.seen.pop_first();
        }
        before - self.seen.len()
    }

    /// Removes the oldest requests, and returns how many.
    fn forget(&mut self, count: usize) -> usize {
        let before = self.seen.len();
        for _ in 0..count {
            if let Some((time, _)) = self.seen.pop_first() {
                self.forgotten = self.forgotten.max(time);
            }
        }
        before - self.seen.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_accepted_once_while_it_is_remembered() {
        let mut replays = Replays::new(100, 60);
        assert_eq!(replays.claim("a", 1000, 7, 1000), Claim::New);
        assert_eq!(replays.claim("a", 1000, 7, 1059), Claim::Repeated);
        assert_eq!(replays.claim("b", 1000, 7, 1059), Claim::New, "of another portal");
        replays.release("a", 1000, 7);
        assert_eq!(replays.claim("a", 1000, 7, 1059), Claim::New);
    }

    #[test]
    fn requests_that_are_too_old_take_no_room() {
        let mut replays = Replays::new(10, 60);
        for time in 1..1000 {
            assert_eq!(replays.claim("a", time * 10, 1, time * 10), Claim::New);
            assert!(replays.len <= 8, "{}", replays.len);
        }
        for portal in 0..1000_u64 {
            replays.claim(&portal.to_string(), 10_000 + portal * 61, 1, 10_000 + portal * 61);
        }
        assert!(replays.portals.len() <= 3, "{}", replays.portals.len());
    }

    #[test]
    fn a_busy_portal_forgets_its_own_requests_and_never_accepts_them_again() {
        let mut replays = Replays::new(100, 600);
        assert_eq!(replays.claim("quiet", 1000, 1, 1000), Claim::New);
        for at in 0..10_000 {
            assert_eq!(replays.claim("busy", 1000 + at / 50, at, 1000 + at / 50), Claim::New);
            assert!(replays.len <= 100);
        }
        assert_eq!(replays.claim("quiet", 1000, 1, 1200), Claim::Repeated);
        for at in 0..10_000 {
            assert_ne!(replays.claim("busy", 1000 + at / 50, at, 1200), Claim::New, "{at}");
        }
        assert_eq!(
            replays.claim("quiet", 999, 1, 1200),
            Claim::New,
            "older, and of a portal that forgot nothing"
        );
    }
}
