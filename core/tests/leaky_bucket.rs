//! The bucket that decides when requests may be sent: never too early, no later than necessary, and in order.

use std::collections::VecDeque;
use std::time::Duration;

use bitrix24_core::rate_limit::{LeakyBucket, Plan, Quota, RateLimit, Reservation};
use proptest::collection::vec;
use proptest::prelude::*;

const START: Duration = Duration::ZERO;

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

fn reserve_many(bucket: &mut LeakyBucket, count: usize, now: Duration) -> Vec<Reservation> {
    (0..count).map(|_| bucket.reserve(now)).collect()
}

/// The times of acquisition if each reservation is acquired as soon as it is due.
fn acquire_all(bucket: &mut LeakyBucket, reservations: &[Reservation], mut now: Duration) -> Vec<Duration> {
    let mut times = Vec::new();
    for reservation in reservations {
        now = bucket.due_at(*reservation, now);
        bucket.acquire(*reservation, now).expect("it is due now");
        times.push(now);
    }
    times
}

#[test]
fn a_burst_is_allowed_at_once_and_the_rest_at_the_leak_rate() {
    let cases = [
        (Quota::of_plan(Plan::Standard), 50, 0.0),
        (Quota::of_plan(Plan::Standard), 51, 0.5),
        (Quota::of_plan(Plan::Standard), 120, 35.0),
        (Quota::of_plan(Plan::Enterprise), 250, 0.0),
        (Quota::of_plan(Plan::Enterprise), 251, 0.2),
        (Quota::of_plan(Plan::Enterprise), 500, 50.0),
        (Quota::new(1, 4.0), 9, 2.0),
        (Quota::of_method(RateLimit::new(2, 1)), 6, 2.0),
        (Quota::of_method(RateLimit::new(1, 604_800)), 2, 604_800.0),
        (Quota::of_method(RateLimit::new(3, 60)), 4, 20.0),
    ];
    for (quota, count, last) in cases {
        let mut bucket = LeakyBucket::new(quota);
        let reservations = reserve_many(&mut bucket, count, START);
        let times = acquire_all(&mut bucket, &reservations, START);
        assert_eq!(times.last(), Some(&seconds(last)), "{count} at once on {quota:?}");
        for (number, time) in times.iter().enumerate() {
            let behind_burst = (number + 1).saturating_sub(quota.capacity() as usize);
            assert_eq!(
                *time,
                quota.interval() * behind_burst as u32,
                "number {number} of {count} on {quota:?}"
            );
        }
    }
}

#[test]
fn no_reservation_is_acquired_before_it_is_due() {
    let mut bucket = LeakyBucket::new(Quota::of_plan(Plan::Standard));
    let reservations = reserve_many(&mut bucket, 52, START);
    for reservation in &reservations[..50] {
        assert_eq!(bucket.acquire(*reservation, START), Ok(()));
    }
    let just_before = seconds(0.5) - Duration::from_nanos(1);
    assert_eq!(bucket.acquire(reservations[50], just_before), Err(seconds(0.5)));
    assert_eq!(bucket.acquire(reservations[51], seconds(0.5)), Err(seconds(1.0)));
    assert_eq!(bucket.acquire(reservations[50], seconds(0.5)), Ok(()));
    assert_eq!(bucket.acquire(reservations[50], seconds(0.5)), Ok(()), "acquiring twice has no effect");
    assert_eq!(bucket.due_at(reservations[51], seconds(0.5)), seconds(1.0));
}

#[test]
fn idle_time_restores_the_burst_up_to_the_capacity() {
    let mut bucket = LeakyBucket::new(Quota::of_plan(Plan::Standard));
    let reservations = reserve_many(&mut bucket, 50, START);
    acquire_all(&mut bucket, &reservations, START);
    for (rest, burst) in [(5.0, 10), (1000.0, 50)] {
        let now = START + seconds(rest);
        let mut bucket = bucket.clone();
        let reservations = reserve_many(&mut bucket, 100, now);
        let at_once =
            reservations.iter().take_while(|reservation| bucket.acquire(**reservation, now).is_ok()).count();
        assert_eq!(at_once, burst, "after {rest} s");
    }
}

#[test]
fn a_released_reservation_moves_later_ones_forward() {
    let mut bucket = LeakyBucket::new(Quota::of_plan(Plan::Standard));
    let mut reservations = reserve_many(&mut bucket, 120, START);
    acquire_all(&mut bucket, &reservations[..50], START);
    for reservation in &reservations[50..110] {
        assert!(bucket.release(*reservation));
        assert!(!bucket.release(*reservation), "it was released before");
    }
    assert!(!bucket.release(reservations[0]), "an acquired reservation cannot be released");
    let left = reservations.split_off(110);
    let times = acquire_all(&mut bucket, &left, START);
    assert_eq!((times[0], times[9]), (seconds(0.5), seconds(5.0)));
    assert_eq!(bucket.waiting_count(), 0);
    assert!(!bucket.is_idle(seconds(29.9)));
    assert!(bucket.is_idle(seconds(30.0)), "60 requests have leaked");
}

#[test]
fn a_rejection_fills_the_bucket_and_delays_all_reservations() {
    let mut bucket = LeakyBucket::new(Quota::of_plan(Plan::Standard));
    let reservations = reserve_many(&mut bucket, 52, START);
    acquire_all(&mut bucket, &reservations[..10], START);
    let now = seconds(3.0);
    bucket.record_rejection(now);
    let times = acquire_all(&mut bucket, &reservations[10..], now);
    assert_eq!((times[0], times[1], times[41]), (seconds(3.5), seconds(4.0), seconds(24.0)));
}

#[test]
fn simultaneous_rejections_count_as_one() {
    let mut bucket = LeakyBucket::new(Quota::of_plan(Plan::Standard));
    for _ in 0..50 {
        bucket.record_rejection(seconds(7.0));
    }
    bucket.record_rejection(seconds(6.9));
    let reservation = bucket.reserve(seconds(7.0));
    assert_eq!(bucket.due_at(reservation, seconds(7.0)), seconds(7.5));
}

#[test]
fn unclaimed_reservations_do_not_block_others() {
    for quota in [Quota::new(1, 2.0), Quota::of_plan(Plan::Standard)] {
        let mut bucket = LeakyBucket::new(quota);
        let unclaimed = reserve_many(&mut bucket, quota.capacity() as usize, START);
        let reservation = bucket.reserve(START);
        assert_eq!(
            bucket.acquire(reservation, START),
            Err(seconds(0.5)),
            "the reservations may still be claimed"
        );
        assert_eq!(bucket.acquire(reservation, seconds(0.5)), Ok(()));
        let later = seconds(100.0);
        let reservation = bucket.reserve(later);
        assert_eq!(bucket.acquire(reservation, later), Ok(()));
        let together =
            unclaimed.iter().filter(|reservation| bucket.acquire(**reservation, later).is_ok()).count();
        assert_eq!(together, quota.capacity() as usize - 1, "a late claim succeeds while there is capacity");
    }
}

#[test]
fn an_invalid_rate_becomes_the_slowest_rate() {
    let hour = Duration::from_secs(3600);
    for (per_second, pause) in [
        (2.0, seconds(0.5)),
        (3.0, Duration::from_nanos(333_333_334)),
        (0.5, seconds(2.0)),
        (f64::INFINITY, Duration::ZERO),
        (0.0, hour),
        (-0.0, hour),
        (-2.0, hour),
        (1e-300, hour),
        (f64::NAN, hour),
    ] {
        assert_eq!(Quota::new(10, per_second).interval(), pause, "{per_second}");
    }
    assert_eq!(Quota::new(0, 2.0).capacity(), 1);
}

/// An action of a caller or of the portal.
#[derive(Clone, Debug)]
enum Step {
    Reserve,
    Wait(u64),
    /// Acquires the waiting reservation with this index if it is due.
    TryAcquire(prop::sample::Index),
    Release(prop::sample::Index),
    Refused,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => Just(Step::Reserve),
        4 => (0..1200_u64).prop_map(Step::Wait),
        8 => any::<prop::sample::Index>().prop_map(Step::TryAcquire),
        2 => any::<prop::sample::Index>().prop_map(Step::Release),
        1 => Just(Step::Refused),
    ];
    vec(step, 1..300)
}

fn quotas() -> impl Strategy<Value = Quota> {
    (1..12_u32, 1..10_u32).prop_map(|(capacity, per_second)| Quota::new(capacity, f64::from(per_second)))
}

/// Runs the steps. Returns the waiting reservations, the times of acquisition and the final time. With
/// `queries_due_times`, it calls `due_at` of every waiting reservation after each step.
fn run(
    bucket: &mut LeakyBucket,
    steps: &[Step],
    queries_due_times: bool,
) -> (Vec<Reservation>, Vec<Duration>, Duration) {
    let (mut waiting, mut acquired_at, mut now) = (Vec::new(), Vec::new(), START);
    for step in steps {
        match step {
            Step::Reserve => waiting.push(bucket.reserve(now)),
            Step::Wait(milliseconds) => now += Duration::from_millis(*milliseconds),
            Step::TryAcquire(index) if !waiting.is_empty() => {
                let at = index.index(waiting.len());
                if bucket.acquire(waiting[at], now).is_ok() {
                    waiting.remove(at);
                    acquired_at.push(now);
                }
            }
            Step::Release(index) if !waiting.is_empty() => {
                assert!(bucket.release(waiting.remove(index.index(waiting.len()))));
            }
            Step::Refused => bucket.record_rejection(now),
            Step::TryAcquire(_) | Step::Release(_) => {}
        }
        if queries_due_times {
            waiting.iter().for_each(|reservation| assert!(bucket.due_at(*reservation, now) >= now));
        }
        assert_eq!(bucket.waiting_count(), waiting.len(), "no reservation is lost or left over");
    }
    (waiting, acquired_at, now)
}

/// Whether each window has at most the capacity plus the requests that leak during it.
fn is_within_quota(quota: Quota, acquired_at: &[Duration]) -> bool {
    (0..acquired_at.len()).all(|first| {
        (first..acquired_at.len()).all(|last| {
            let leaked = (acquired_at[last] - acquired_at[first]).as_nanos() / quota.interval().as_nanos();
            (last - first + 1) as u128 <= u128::from(quota.capacity()) + leaked
        })
    })
}

proptest! {
    #[test]
    fn no_window_exceeds_the_quota(quota in quotas(), steps in steps()) {
        let mut bucket = LeakyBucket::new(quota);
        let (waiting, mut acquired_at, now) = run(&mut bucket, &steps, false);
        acquired_at.extend(acquire_all(&mut bucket, &waiting, now));
        prop_assert!(is_within_quota(quota, &acquired_at), "{acquired_at:?}");
    }

    #[test]
    fn reservations_become_due_in_the_order_of_creation(quota in quotas(), steps in steps()) {
        let mut bucket = LeakyBucket::new(quota);
        let (waiting, _, now) = run(&mut bucket, &steps, false);
        let due: Vec<_> = waiting.iter().map(|reservation| bucket.due_at(*reservation, now)).collect();
        prop_assert!(due.is_sorted(), "{due:?}");
        // The wait is at most one interval for each reservation before and its own.
        for (before, due) in due.iter().enumerate() {
            prop_assert!(*due <= now + quota.interval() * (before as u32 + 1), "{before} before, due {due:?} at {now:?}");
        }
    }

    #[test]
    fn due_at_changes_nothing(quota in quotas(), steps in steps()) {
        let outcomes = [false, true].map(|queries_due_times| {
            let mut bucket = LeakyBucket::new(quota);
            let (waiting, acquired_at, now) = run(&mut bucket, &steps, queries_due_times);
            (acquired_at, waiting.iter().rev().map(|reservation| bucket.due_at(*reservation, now)).collect::<Vec<_>>())
        });
        prop_assert_eq!(&outcomes[0], &outcomes[1]);
    }

    #[test]
    fn a_prompt_caller_is_admitted_as_early_as_the_portal_allows(quota in quotas(), pauses in vec(0..900_u64, 1..80)) {
        let arrivals: Vec<_> = pauses.iter().scan(START, |now, pause| {
            *now += Duration::from_millis(*pause);
            Some(*now)
        }).collect();
        prop_assert_eq!(simulate_prompt_callers(quota, &arrivals), simulate_counter(quota, &arrivals));
    }
}

/// The times of acquisition of callers that arrive at these times and acquire as soon as they are due.
fn simulate_prompt_callers(quota: Quota, arrivals: &[Duration]) -> Vec<Duration> {
    let (mut bucket, mut waiting, mut acquired_at) = (LeakyBucket::new(quota), VecDeque::new(), Vec::new());
    for arrival in arrivals {
        // Reservations that become due before this arrival.
        while let Some(due) =
            waiting.front().map(|reservation| bucket.due_at(*reservation, START)).filter(|due| due < arrival)
        {
            acquired_at.extend(acquire_all(&mut bucket, &[waiting.pop_front().unwrap()], due));
        }
        waiting.push_back(bucket.reserve(*arrival));
    }
    acquired_at.extend(acquire_all(&mut bucket, waiting.make_contiguous(), START));
    acquired_at
}

/// The same by the documented algorithm: each request raises a counter with a maximum, and time lowers it.
fn simulate_counter(quota: Quota, arrivals: &[Duration]) -> Vec<Duration> {
    let (mut counter, mut last) = (Duration::ZERO, START);
    let acquired_at = arrivals.iter().map(|arrival| {
        let now = last.max(*arrival);
        counter = counter.saturating_sub(now - last) + quota.interval();
        let excess = counter.saturating_sub(quota.interval() * quota.capacity());
        counter -= excess;
        last = now + excess;
        last
    });
    acquired_at.collect()
}
