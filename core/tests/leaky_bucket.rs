//! The bucket that says when requests may go: nobody too early, nobody later than need be, and in the order of asking.

use std::collections::VecDeque;
use std::time::Duration;

use bitrix24_core::rate_limit::{LeakyBucket, Quota, Reservation};
use proptest::collection::vec;
use proptest::prelude::*;

const START: Duration = Duration::ZERO;

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

fn reserved(bucket: &mut LeakyBucket, count: usize, now: Duration) -> Vec<Reservation> {
    (0..count).map(|_| bucket.reserve(now)).collect()
}

/// When each reservation is taken whose owner comes as soon as it is due, in the order of time.
fn taken(bucket: &mut LeakyBucket, reservations: &[Reservation], mut now: Duration) -> Vec<Duration> {
    let mut times = Vec::new();
    for reservation in reservations {
        now = bucket.due_at(*reservation, now);
        bucket.acquire(*reservation, now).expect("it is due now");
        times.push(now);
    }
    times
}

#[test]
fn a_burst_goes_at_once_and_the_rest_as_the_bucket_leaks() {
    let cases = [
        (Quota::STANDARD, 50, 0.0),
        (Quota::STANDARD, 51, 0.5),
        (Quota::STANDARD, 120, 35.0),
        (Quota::ENTERPRISE, 250, 0.0),
        (Quota::ENTERPRISE, 251, 0.2),
        (Quota::ENTERPRISE, 500, 50.0),
        (Quota::new(1, 4.0), 9, 2.0),
    ];
    for (quota, count, last) in cases {
        let mut bucket = LeakyBucket::new(quota);
        let reservations = reserved(&mut bucket, count, START);
        let times = taken(&mut bucket, &reservations, START);
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
fn nobody_goes_before_time_however_often_they_ask() {
    let mut bucket = LeakyBucket::new(Quota::STANDARD);
    let reservations = reserved(&mut bucket, 52, START);
    for reservation in &reservations[..50] {
        assert_eq!(bucket.acquire(*reservation, START), Ok(()));
    }
    let just_before = seconds(0.5) - Duration::from_nanos(1);
    assert_eq!(bucket.acquire(reservations[50], just_before), Err(seconds(0.5)));
    assert_eq!(bucket.acquire(reservations[51], seconds(0.5)), Err(seconds(1.0)));
    assert_eq!(bucket.acquire(reservations[50], seconds(0.5)), Ok(()));
    assert_eq!(bucket.acquire(reservations[50], seconds(0.5)), Ok(()), "a second time does nothing");
    assert_eq!(bucket.due_at(reservations[51], seconds(0.5)), seconds(1.0));
}

#[test]
fn rest_fills_up_the_burst_again_and_no_further() {
    let mut bucket = LeakyBucket::new(Quota::STANDARD);
    let reservations = reserved(&mut bucket, 50, START);
    taken(&mut bucket, &reservations, START);
    for (rest, burst) in [(5.0, 10), (1000.0, 50)] {
        let now = START + seconds(rest);
        let mut bucket = bucket.clone();
        let reservations = reserved(&mut bucket, 100, now);
        let at_once =
            reservations.iter().take_while(|reservation| bucket.acquire(**reservation, now).is_ok()).count();
        assert_eq!(at_once, burst, "after {rest} s");
    }
}

#[test]
fn a_place_given_back_goes_to_those_behind_and_leaves_nothing() {
    let mut bucket = LeakyBucket::new(Quota::STANDARD);
    let mut reservations = reserved(&mut bucket, 120, START);
    taken(&mut bucket, &reservations[..50], START);
    for reservation in &reservations[50..110] {
        assert!(bucket.release(*reservation));
        assert!(!bucket.release(*reservation), "it was given back already");
    }
    assert!(!bucket.release(reservations[0]), "what was taken stays taken");
    let left = reservations.split_off(110);
    let times = taken(&mut bucket, &left, START);
    assert_eq!((times[0], times[9]), (seconds(0.5), seconds(5.0)));
    assert_eq!(bucket.waiting_count(), 0);
    assert!(!bucket.is_idle(seconds(29.9)));
    assert!(bucket.is_idle(seconds(30.0)), "60 requests have leaked");
}

#[test]
fn a_refusal_means_that_the_bucket_is_full_and_everybody_waits() {
    let mut bucket = LeakyBucket::new(Quota::STANDARD);
    let reservations = reserved(&mut bucket, 52, START);
    taken(&mut bucket, &reservations[..10], START);
    let now = seconds(3.0);
    bucket.record_rejection(now);
    let times = taken(&mut bucket, &reservations[10..], now);
    assert_eq!((times[0], times[1], times[41]), (seconds(3.5), seconds(4.0), seconds(24.0)));
}

#[test]
fn many_refusals_at_once_are_one_refusal() {
    let mut bucket = LeakyBucket::new(Quota::STANDARD);
    for _ in 0..50 {
        bucket.record_rejection(seconds(7.0));
    }
    bucket.record_rejection(seconds(6.9));
    let reservation = bucket.reserve(seconds(7.0));
    assert_eq!(bucket.due_at(reservation, seconds(7.0)), seconds(7.5));
}

#[test]
fn owners_who_do_not_come_hold_up_nobody() {
    for quota in [Quota::new(1, 2.0), Quota::STANDARD] {
        let mut bucket = LeakyBucket::new(quota);
        let away = reserved(&mut bucket, quota.capacity() as usize, START);
        let reservation = bucket.reserve(START);
        assert_eq!(bucket.acquire(reservation, START), Err(seconds(0.5)), "they may still come");
        assert_eq!(bucket.acquire(reservation, seconds(0.5)), Ok(()));
        let late = seconds(100.0);
        let reservation = bucket.reserve(late);
        assert_eq!(bucket.acquire(reservation, late), Ok(()));
        let together = away.iter().filter(|reservation| bucket.acquire(**reservation, late).is_ok()).count();
        assert_eq!(together, quota.capacity() as usize - 1, "who comes late goes when there is room");
    }
}

#[test]
fn figures_that_are_no_rate_are_the_slowest() {
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

/// What the owners of reservations and the portal do.
#[derive(Clone, Debug)]
enum Step {
    Reserve,
    Wait(u64),
    /// The owner of the reservation with this number among those waiting comes and takes it if it is due.
    Come(prop::sample::Index),
    Release(prop::sample::Index),
    Refused,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => Just(Step::Reserve),
        4 => (0..1200_u64).prop_map(Step::Wait),
        8 => any::<prop::sample::Index>().prop_map(Step::Come),
        2 => any::<prop::sample::Index>().prop_map(Step::Release),
        1 => Just(Step::Refused),
    ];
    vec(step, 1..300)
}

fn plans() -> impl Strategy<Value = Quota> {
    (1..12_u32, 1..10_u32).prop_map(|(capacity, per_second)| Quota::new(capacity, f64::from(per_second)))
}

/// The reservations of a run that still wait, when each request went, and the time at the end. Who is curious asks after each step
/// when every reservation becomes due.
fn run(
    bucket: &mut LeakyBucket,
    steps: &[Step],
    curious: bool,
) -> (Vec<Reservation>, Vec<Duration>, Duration) {
    let (mut waiting, mut went, mut now) = (Vec::new(), Vec::new(), START);
    for step in steps {
        match step {
            Step::Reserve => waiting.push(bucket.reserve(now)),
            Step::Wait(milliseconds) => now += Duration::from_millis(*milliseconds),
            Step::Come(index) if !waiting.is_empty() => {
                let at = index.index(waiting.len());
                if bucket.acquire(waiting[at], now).is_ok() {
                    waiting.remove(at);
                    went.push(now);
                }
            }
            Step::Release(index) if !waiting.is_empty() => {
                assert!(bucket.release(waiting.remove(index.index(waiting.len()))));
            }
            Step::Refused => bucket.record_rejection(now),
            Step::Come(_) | Step::Release(_) => {}
        }
        if curious {
            waiting.iter().for_each(|reservation| assert!(bucket.due_at(*reservation, now) >= now));
        }
        assert_eq!(bucket.waiting_count(), waiting.len(), "no reservation is lost, and none is left behind");
    }
    (waiting, went, now)
}

/// Whether no window has more requests than fit: the capacity, and what leaks in the meantime.
fn holds(quota: Quota, went: &[Duration]) -> bool {
    (0..went.len()).all(|first| {
        (first..went.len()).all(|last| {
            let leaked = (went[last] - went[first]).as_nanos() / quota.interval().as_nanos();
            (last - first + 1) as u128 <= u128::from(quota.capacity()) + leaked
        })
    })
}

proptest! {
    #[test]
    fn no_window_has_more_requests_than_the_portal_takes(quota in plans(), steps in steps()) {
        let mut bucket = LeakyBucket::new(quota);
        let (waiting, mut went, now) = run(&mut bucket, &steps, false);
        went.extend(taken(&mut bucket, &waiting, now));
        prop_assert!(holds(quota, &went), "{went:?}");
    }

    #[test]
    fn places_become_due_in_the_order_of_asking(quota in plans(), steps in steps()) {
        let mut bucket = LeakyBucket::new(quota);
        let (waiting, _, now) = run(&mut bucket, &steps, false);
        let due: Vec<_> = waiting.iter().map(|reservation| bucket.due_at(*reservation, now)).collect();
        prop_assert!(due.is_sorted(), "{due:?}");
        // Nobody waits longer than it takes to empty a full bucket for all before them.
        for (before, due) in due.iter().enumerate() {
            prop_assert!(*due <= now + quota.interval() * (before as u32 + 1), "{before} before, due {due:?} at {now:?}");
        }
    }

    #[test]
    fn to_ask_changes_nothing(quota in plans(), steps in steps()) {
        let outcomes = [false, true].map(|curious| {
            let mut bucket = LeakyBucket::new(quota);
            let (waiting, went, now) = run(&mut bucket, &steps, curious);
            (went, waiting.iter().rev().map(|reservation| bucket.due_at(*reservation, now)).collect::<Vec<_>>())
        });
        prop_assert_eq!(&outcomes[0], &outcomes[1]);
    }

    #[test]
    fn whoever_comes_when_due_goes_as_early_as_the_portal_allows(quota in plans(), pauses in vec(0..900_u64, 1..80)) {
        let arrivals: Vec<_> = pauses.iter().scan(START, |now, pause| {
            *now += Duration::from_millis(*pause);
            Some(*now)
        }).collect();
        prop_assert_eq!(prompt(quota, &arrivals), by_counter(quota, &arrivals));
    }
}

/// When requests go whose owners ask at these times, and come whenever their reservation becomes due.
fn prompt(quota: Quota, arrivals: &[Duration]) -> Vec<Duration> {
    let (mut bucket, mut waiting, mut went) = (LeakyBucket::new(quota), VecDeque::new(), Vec::new());
    for arrival in arrivals {
        // Those who become due before.
        while let Some(due) =
            waiting.front().map(|reservation| bucket.due_at(*reservation, START)).filter(|due| due < arrival)
        {
            went.extend(taken(&mut bucket, &[waiting.pop_front().unwrap()], due));
        }
        waiting.push_back(bucket.reserve(*arrival));
    }
    went.extend(taken(&mut bucket, waiting.make_contiguous(), START));
    went
}

/// The same as the documentation tells it: a counter that each request raises and time lowers, and that has a highest value.
fn by_counter(quota: Quota, arrivals: &[Duration]) -> Vec<Duration> {
    let (mut counter, mut then) = (Duration::ZERO, START);
    let went = arrivals.iter().map(|arrival| {
        let now = then.max(*arrival);
        counter = counter.saturating_sub(now - then) + quota.interval();
        let too_much = counter.saturating_sub(quota.interval() * quota.capacity());
        counter -= too_much;
        then = now + too_much;
        then
    });
    went.collect()
}
