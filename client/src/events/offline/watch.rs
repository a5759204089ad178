//! Which reservations are abandoned.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use super::queue::Reservations;

/// The reservations of other workers, and since when each of them has not changed.
///
/// A portal says neither who has reserved an event nor when. A worker that lives clears its events sooner or later, which changes the
/// reservation; one that stays the same for a lease is abandoned.
#[derive(Debug, Default)]
pub(super) struct Watch {
    seen: HashMap<String, Seen>,
}

#[derive(Debug)]
struct Seen {
    rows: Vec<i64>,
    since: Instant,
    /// How long it may stay unchanged.
    lease: Duration,
}

impl Watch {
    /// Compares the reservations that exist `now` with those of the last time. Returns the abandoned ones. `lease` is called for each
    /// reservation that is new or has changed, and may return different values, so that workers do not all take over the same one.
    pub(super) fn observe(
        &mut self,
        now: Instant,
        reservations: &Reservations,
        mut lease: impl FnMut() -> Duration,
    ) -> Vec<String> {
        self.seen.retain(|process, seen| reservations.get(process).is_some_and(|rows| *rows == seen.rows));
        let mut abandoned = Vec::new();
        for (process, rows) in reservations {
            let seen = self.seen.entry(process.clone()).or_insert_with(|| Seen {
                rows: rows.clone(),
                since: now,
                lease: lease(),
            });
            if now.duration_since(seen.since) >= seen.lease {
                abandoned.push(process.clone());
            }
        }
        abandoned
    }

    /// Begins to wait anew for a reservation.
    pub(super) fn forget(&mut self, process: &str) {
        self.seen.remove(process);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reservations(all: &[(&str, &[i64])]) -> Reservations {
        all.iter().map(|(process, rows)| ((*process).to_owned(), rows.to_vec())).collect()
    }

    #[test]
    fn a_reservation_is_abandoned_if_it_stays_the_same_for_a_lease() {
        let (start, lease) = (Instant::now(), Duration::from_secs(10));
        let mut watch = Watch::default();
        type Rows<'a> = &'a [(&'a str, &'a [i64])];
        let steps: [(u64, Rows<'_>, &[&str]); 7] = [
            (0, &[("a", &[1, 2]), ("b", &[3])], &[]),
            (9, &[("a", &[1, 2]), ("b", &[3])], &[]),
            // One event of `a` was cleared: its worker lives.
            (10, &[("a", &[2]), ("b", &[3])], &["b"]),
            // It stays abandoned until somebody takes it.
            (11, &[("a", &[2]), ("b", &[3]), ("c", &[4])], &["b"]),
            (20, &[("a", &[2]), ("c", &[4])], &["a"]),
            // It was gone in between, and so it is new.
            (21, &[("c", &[4]), ("b", &[3])], &["c"]),
            (30, &[("b", &[3])], &[]),
        ];
        for (at, all, expected) in steps {
            let found = watch.observe(start + Duration::from_secs(at), &reservations(all), || lease);
            assert_eq!(found, expected, "after {at} s");
        }
        watch.forget("b");
        assert!(
            watch
                .observe(start + Duration::from_secs(99), &reservations(&[("b", &[3])]), || lease)
                .is_empty()
        );
    }

    #[test]
    fn without_a_lease_every_reservation_is_abandoned() {
        let mut watch = Watch::default();
        let found = watch.observe(Instant::now(), &reservations(&[("a", &[1])]), || Duration::ZERO);
        assert_eq!(found, ["a"]);
    }
}
