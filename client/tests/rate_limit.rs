//! The limiter in memory, on a clock that stands still until everyone waits.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

use bitrix24_client::{CallReport, Limiter, MemoryLimiter, NoLimit, RateLimitRequest};
use bitrix24_core::rate_limit::{CallOutcome, Rejection};
use bitrix24_core::wire::FromWire;
use bitrix24_core::{Time, Value, json};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

const PORTAL: &str = "https://example.bitrix24.com";
const OTHER: &str = "https://other.bitrix24.com";
const KEY: &str = "user 1";

fn ask<'a>(method: &'a str) -> RateLimitRequest<'a> {
    RateLimitRequest::new(PORTAL, KEY, method)
}

fn time(value: Value) -> Time {
    Time::from_wire(value).unwrap()
}

fn news(call: CallOutcome<'_>) -> CallReport<'_> {
    CallReport::new(PORTAL, KEY, call)
}

/// What an answer tells whose method has used up its time, some of which comes free in so many seconds.
fn used_up(reset_in: u64) -> Time {
    time(json!({"finish": 1_763_700_000, "operating": 480.5, "operating_reset_at": 1_763_700_000 + reset_in}))
}

/// Waits on tasks of their own until each of so many requests may go: when they went, in the order of going, and which.
async fn all_at_once(pace: &MemoryLimiter, server: &'static str, count: usize) -> Vec<(Duration, usize)> {
    let start = Instant::now();
    let mut callers = JoinSet::new();
    for number in 0..count {
        let pace = pace.clone();
        callers.spawn(async move {
            pace.acquire(RateLimitRequest::new(server, KEY, "user.current")).await;
            (start.elapsed(), number)
        });
    }
    let mut went = callers.join_all().await;
    went.sort();
    went
}

/// How long a single request waits.
async fn waited(pace: &dyn Limiter, ask: RateLimitRequest<'_>) -> Duration {
    let start = Instant::now();
    pace.acquire(ask).await;
    start.elapsed()
}

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

#[tokio::test(start_paused = true)]
async fn a_hundred_and_twenty_at_once_take_thirty_five_seconds_in_the_order_of_asking() {
    let went = all_at_once(&MemoryLimiter::standard(), PORTAL, 120).await;
    for (number, (at, who)) in went.iter().enumerate() {
        assert_eq!(*at, seconds(number.saturating_sub(49) as f64 / 2.0), "number {number}");
        assert_eq!(*who, number, "nobody is overtaken");
    }
    assert_eq!(went[119].0, seconds(35.0));
}

#[tokio::test(start_paused = true)]
async fn each_plan_has_its_pace() {
    for (pace, count, last) in [
        (MemoryLimiter::default(), 52, 1.0),
        (MemoryLimiter::enterprise(), 260, 2.0),
        (MemoryLimiter::new(1, 4.0), 9, 2.0),
        (MemoryLimiter::new(25, 1.0), 26, 1.0),
    ] {
        let went = all_at_once(&pace, PORTAL, count).await;
        assert_eq!(went[count - 1].0, seconds(last), "{pace:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn portals_do_not_hinder_one_another() {
    let pace = MemoryLimiter::standard();
    let (here, there) = tokio::join!(all_at_once(&pace, PORTAL, 60), all_at_once(&pace, OTHER, 60));
    assert_eq!((here[59].0, there[59].0), (seconds(5.0), seconds(5.0)));
}

#[tokio::test(start_paused = true)]
async fn clones_share_and_others_do_not() {
    let pace = MemoryLimiter::standard();
    all_at_once(&pace.clone(), PORTAL, 50).await;
    assert_eq!(waited(&pace, ask("user.current")).await, seconds(0.5));
    assert_eq!(waited(&MemoryLimiter::standard(), ask("user.current")).await, seconds(0.0));
    assert_eq!(waited(&pace.without_operating_limit(), ask("user.current")).await, seconds(0.0));
}

#[tokio::test(start_paused = true)]
async fn who_goes_away_leaves_nothing_behind() {
    let pace = MemoryLimiter::standard();
    all_at_once(&pace, PORTAL, 50).await;
    let away: Vec<_> = (0..1000).map(|_| pace.acquire(ask("user.current"))).collect();
    for mut admission in away {
        assert!(timeout(Duration::ZERO, &mut admission).await.is_err(), "it has to wait");
    }
    assert_eq!(waited(&pace, ask("user.current")).await, seconds(0.5));
}

#[tokio::test(start_paused = true)]
async fn who_goes_away_makes_room_for_those_who_wait_behind() {
    let pace = MemoryLimiter::standard();
    all_at_once(&pace, PORTAL, 50).await;
    let mut before: Vec<_> = (0..20).map(|_| pace.acquire(ask("user.current"))).collect();
    for admission in &mut before {
        assert!(timeout(Duration::ZERO, admission).await.is_err());
    }
    let leave = async {
        sleep(seconds(0.1)).await;
        drop(before);
    };
    let ((), behind) = tokio::join!(leave, waited(&pace, ask("user.current")));
    assert_eq!(behind, seconds(0.5));
}

/// Counts how often it was woken.
#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::test(start_paused = true)]
async fn thousands_are_not_woken_whenever_one_of_them_goes_away() {
    let pace = MemoryLimiter::standard();
    all_at_once(&pace, PORTAL, 50).await;
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&woken));
    let mut waiting: Vec<_> = (0..2000).map(|_| pace.acquire(ask("user.current"))).collect();
    for admission in &mut waiting {
        assert_eq!(admission.as_mut().poll(&mut Context::from_waker(&waker)), Poll::Pending);
    }
    waiting.drain(..1000);
    assert!(woken.0.load(Ordering::Relaxed) <= 1000);
}

#[test]
fn threads_share_a_pace() {
    const THREADS: usize = 8;
    const EACH: usize = 20;
    let pace = MemoryLimiter::new(16, 200.0);
    let start = std::time::Instant::now();
    let on_its_own = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let mut went = Vec::new();
            for _ in 0..EACH {
                pace.acquire(ask("user.current")).await;
                went.push(start.elapsed());
            }
            went
        })
    };
    let mut went: Vec<_> = thread::scope(|scope| {
        let threads = [(); THREADS].map(|()| scope.spawn(on_its_own));
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    went.sort();
    assert_eq!(went.len(), THREADS * EACH);
    for (number, at) in went.iter().enumerate() {
        let earliest = Duration::from_millis(5) * number.saturating_sub(15) as u32;
        assert!(*at >= earliest, "number {number} went after {at:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn admissions_that_were_begun_and_left_lying_hold_up_nobody() {
    let pace = MemoryLimiter::new(2, 2.0);
    all_at_once(&pace, PORTAL, 2).await;
    // As a stream with a buffer leaves them, while whoever reads it makes a call of their own.
    let mut lying: Vec<_> = (0..10).map(|_| pace.acquire(ask("user.current"))).collect();
    for admission in &mut lying {
        assert!(timeout(Duration::ZERO, admission).await.is_err());
    }
    assert_eq!(waited(&pace, ask("user.current")).await, seconds(5.5), "they may still come");
    sleep(seconds(60.0)).await;
    assert_eq!(waited(&pace, ask("user.current")).await, seconds(0.0));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_slows_down_everybody_on_that_portal() {
    let pace = MemoryLimiter::standard();
    all_at_once(&pace, PORTAL, 10).await;
    pace.record(news(CallOutcome::rejected("user.current", Rejection::RateLimited)));
    let went: Vec<_> = all_at_once(&pace, PORTAL, 3).await.into_iter().map(|(at, _)| at).collect();
    assert_eq!(went, [0.5, 1.0, 1.5].map(seconds));
    assert_eq!(waited(&pace, RateLimitRequest::new(OTHER, KEY, "user.current")).await, seconds(0.0));

    let refusal_meanwhile = async {
        sleep(seconds(0.3)).await;
        let commands = [CallOutcome::rejected("user.current", Rejection::RateLimited)];
        pace.record(news(CallOutcome::executed("batch", &Time::default())).with_commands(&commands));
    };
    let (went, ()) = tokio::join!(all_at_once(&pace, PORTAL, 2), refusal_meanwhile);
    assert_eq!([went[0].0, went[1].0], [0.8, 1.3].map(seconds), "those who wait already wait longer");
}

#[tokio::test(start_paused = true)]
async fn a_method_that_has_used_up_its_time_rests_and_others_go_on() {
    let pace = MemoryLimiter::standard();
    pace.record(news(CallOutcome::executed("crm.deal.list", &used_up(42))));
    assert_eq!(waited(&pace, ask("crm.deal.get")).await, seconds(0.0));
    assert_eq!(waited(&pace, RateLimitRequest::new(PORTAL, "user 2", "crm.deal.list")).await, seconds(0.0));
    assert_eq!(waited(&pace, RateLimitRequest::new(OTHER, KEY, "crm.deal.list")).await, seconds(0.0));
    let commands = ["crm.deal.get", "crm.deal.list"];
    let (call, batch, other_batch) = tokio::join!(
        waited(&pace, ask("crm.deal.list")),
        waited(&pace, ask("batch").with_commands(&commands)),
        waited(&pace, ask("batch").with_commands(&commands[..1])),
    );
    assert_eq!([call, batch, other_batch], [43.0, 43.0, 0.0].map(seconds));
}

#[tokio::test(start_paused = true)]
async fn what_the_commands_of_a_batch_have_taken_counts() {
    let pace = MemoryLimiter::standard();
    let (little, much) = (time(json!({"operating": 1})), used_up(42));
    let commands =
        [CallOutcome::executed("crm.deal.get", &little), CallOutcome::executed("crm.deal.list", &much)];
    pace.record(news(CallOutcome::executed("batch", &little)).with_commands(&commands));
    let waits = tokio::join!(
        waited(&pace, ask("crm.deal.get")),
        waited(&pace, ask("crm.deal.list")),
        waited(&pace, ask("batch")),
    );
    assert_eq!(waits, (seconds(0.0), seconds(43.0), seconds(43.0)));
}

#[tokio::test(start_paused = true)]
async fn a_method_refused_for_its_time_rests_a_minute() {
    for pace in [MemoryLimiter::standard(), MemoryLimiter::standard().without_operating_limit()] {
        pace.record(news(CallOutcome::rejected("crm.deal.list", Rejection::OperatingTime)));
        assert_eq!(waited(&pace, ask("crm.deal.list")).await, seconds(60.0));
    }
}

#[tokio::test(start_paused = true)]
async fn the_limit_of_time_is_a_setting() {
    let told = time(json!({"operating": 420, "finish": 1_763_700_000, "operating_reset_at": 1_763_700_020}));
    for (pace, expected) in [
        (MemoryLimiter::standard(), 0.0),
        (MemoryLimiter::standard().with_operating_limit(Duration::from_secs(420)), 21.0),
        (MemoryLimiter::standard().without_operating_limit(), 0.0),
    ] {
        pace.record(news(CallOutcome::executed("crm.deal.list", &told)));
        assert_eq!(waited(&pace, ask("crm.deal.list")).await, seconds(expected));
    }
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_a_method_that_rests_keeps_no_place_from_others() {
    let pace = MemoryLimiter::new(1, 1.0);
    all_at_once(&pace, PORTAL, 1).await;
    let told_meanwhile = async {
        sleep(seconds(0.5)).await;
        pace.record(news(CallOutcome::executed("crm.deal.list", &used_up(42))));
    };
    let (resting, other, ()) = tokio::join!(
        waited(&pace, ask("crm.deal.list")),
        waited(&pace, ask("user.current")),
        told_meanwhile,
    );
    assert_eq!((resting, other), (seconds(43.5), seconds(1.0)));
}

#[tokio::test(start_paused = true)]
async fn thousands_of_portals_are_not_kept_in_mind_for_ever_nor_forgotten_while_they_matter() {
    let pace = MemoryLimiter::new(1, 1.0);
    pace.record(news(CallOutcome::rejected("crm.deal.list", Rejection::OperatingTime)));
    for number in 0..1000 {
        let server = format!("https://portal-{number}.bitrix24.com");
        assert_eq!(waited(&pace, RateLimitRequest::new(&server, KEY, "user.current")).await, seconds(0.0));
    }
    assert_eq!(waited(&pace, ask("crm.deal.list")).await, seconds(60.0));
}

#[tokio::test(start_paused = true)]
async fn without_a_limit_nobody_waits() {
    NoLimit.record(news(CallOutcome::rejected("user.current", Rejection::RateLimited)));
    for _ in 0..1000 {
        assert_eq!(waited(&NoLimit, ask("user.current")).await, seconds(0.0));
    }
}

#[test]
fn what_is_shown_of_it_are_its_figures() {
    assert_eq!(
        format!("{:?}", MemoryLimiter::standard()),
        "MemoryLimiter { quota: Quota { capacity: 50, interval: 500ms }, .. }"
    );
}
