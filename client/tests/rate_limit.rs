//! The limiter in memory, on a paused clock that advances when all tasks wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Wake, Waker};
use std::thread;
use std::time::Duration;

use bitrix24_client::{CallReport, Limiter, MemoryLimiter, NoLimit, RateLimitRequest};
use bitrix24_core::rate_limit::{CallOutcome, CountedBy, Plan, RateLimit, Rejection};
use bitrix24_core::wire::decode_strict;
use bitrix24_core::{Time, Value, json};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

const PORTAL: &str = "https://example.bitrix24.com";
const OTHER: &str = "https://other.bitrix24.com";
const KEY: &str = "user 1";

fn request<'a>(method: &'a str) -> RateLimitRequest<'a> {
    RateLimitRequest::new(PORTAL, KEY, method)
}

fn time(value: Value) -> Time {
    decode_strict(value).unwrap()
}

fn report(call: CallOutcome<'_>) -> CallReport<'_> {
    CallReport::new(PORTAL, KEY, call)
}

/// The time of a response whose method has used up its operating time; some of it is freed after `reset_in` seconds.
fn used_up(reset_in: u64) -> Time {
    time(json!({"finish": 1_763_700_000, "operating": 480.5, "operating_reset_at": 1_763_700_000 + reset_in}))
}

/// Acquires `count` permits in concurrent tasks. Returns when each was admitted and its number, in order of admission.
async fn acquire_concurrently(
    limiter: &MemoryLimiter,
    server: &'static str,
    count: usize,
) -> Vec<(Duration, usize)> {
    let start = Instant::now();
    let mut callers = JoinSet::new();
    for number in 0..count {
        let limiter = limiter.clone();
        callers.spawn(async move {
            limiter.acquire(RateLimitRequest::new(server, KEY, "user.current")).await.unwrap();
            (start.elapsed(), number)
        });
    }
    let mut admitted = callers.join_all().await;
    admitted.sort();
    admitted
}

/// The wait of a single request.
async fn wait_time(limiter: &dyn Limiter, request: RateLimitRequest<'_>) -> Duration {
    let start = Instant::now();
    limiter.acquire(request).await.unwrap();
    start.elapsed()
}

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

#[tokio::test(start_paused = true)]
async fn concurrent_requests_are_admitted_in_order_at_the_rate_limit() {
    let admitted = acquire_concurrently(&MemoryLimiter::standard(), PORTAL, 120).await;
    for (number, (at, caller)) in admitted.iter().enumerate() {
        assert_eq!(*at, seconds(number.saturating_sub(49) as f64 / 2.0), "number {number}");
        assert_eq!(*caller, number, "admission is in order");
    }
    assert_eq!(admitted[119].0, seconds(35.0));
}

#[tokio::test(start_paused = true)]
async fn each_plan_has_its_own_rate() {
    for (limiter, count, last) in [
        (MemoryLimiter::default(), 52, 1.0),
        (MemoryLimiter::for_plan(Plan::Enterprise), 260, 2.0),
        (MemoryLimiter::new(1, 4.0), 9, 2.0),
        (MemoryLimiter::new(25, 1.0), 26, 1.0),
    ] {
        let admitted = acquire_concurrently(&limiter, PORTAL, count).await;
        assert_eq!(admitted[count - 1].0, seconds(last), "{limiter:?}");
    }
}

/// Acquires permits for a method with a rate limit of its own, in concurrent tasks of each key. Returns the time of the last one.
async fn acquire_limited(
    limiter: &MemoryLimiter,
    limit: RateLimit,
    keys: &[&'static str],
    count: usize,
) -> Duration {
    let start = Instant::now();
    let mut callers = JoinSet::new();
    for key in keys.iter().flat_map(|key| std::iter::repeat_n(*key, count)) {
        let limiter = limiter.clone();
        callers.spawn(async move {
            let request = RateLimitRequest::new(PORTAL, key, "zoo.animal.feed").with_rate_limit(Some(limit));
            limiter.acquire(request).await.unwrap();
        });
    }
    callers.join_all().await;
    start.elapsed()
}

#[tokio::test(start_paused = true)]
async fn a_method_with_its_own_limit_waits_for_both_limits() {
    let limit = RateLimit::new(2, 60);
    for (limit, keys, count, last) in [
        (limit, &["app 1"] as &[_], 2, 0.0),
        (limit, &["app 1"], 4, 60.0),
        (limit, &["app 1", "app 2"], 2, 60.0),
        (limit.counted_by(CountedBy::Application), &["app 1", "app 2"], 2, 0.0),
        (limit.counted_by(CountedBy::Application), &["app 1", "app 2"], 3, 30.0),
        (limit.counted_by(CountedBy::Address), &["app 1", "app 2"], 2, 60.0),
        (limit.counted_by(CountedBy::User), &["app 1"], 50, 0.0),
        (RateLimit::new(1_000, 1), &["app 1"], 60, 5.0),
    ] {
        let limiter = MemoryLimiter::standard();
        let waited = acquire_limited(&limiter, limit, keys, count).await;
        assert_eq!(waited, seconds(last), "{count} calls of each of {keys:?} with {limit:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_method_that_waits_for_its_own_limit_delays_no_other() {
    let limiter = MemoryLimiter::standard();
    let limited = |method| request(method).with_rate_limit(Some(RateLimit::new(1, 3_600)));
    assert_eq!(wait_time(&limiter, limited("zoo.animal.feed")).await, seconds(0.0));
    let mut waiting: Vec<_> = (0..100).map(|_| limiter.acquire(limited("zoo.animal.feed"))).collect();
    for acquire in &mut waiting {
        assert!(timeout(Duration::ZERO, acquire).await.is_err(), "it must wait");
    }
    assert_eq!(wait_time(&limiter, limited("zoo.animal.wash")).await, seconds(0.0));
    assert_eq!(wait_time(&limiter, request("user.current")).await, seconds(0.0));
    drop(waiting);
    assert_eq!(wait_time(&limiter, limited("ZOO.Animal.Feed")).await, seconds(3_600.0), "case is ignored");
}

#[tokio::test(start_paused = true)]
async fn portals_are_limited_separately() {
    let limiter = MemoryLimiter::standard();
    let (here, there) =
        tokio::join!(acquire_concurrently(&limiter, PORTAL, 60), acquire_concurrently(&limiter, OTHER, 60));
    assert_eq!((here[59].0, there[59].0), (seconds(5.0), seconds(5.0)));
}

#[tokio::test(start_paused = true)]
async fn only_clones_share_a_limiter() {
    let limiter = MemoryLimiter::standard();
    acquire_concurrently(&limiter.clone(), PORTAL, 50).await;
    assert_eq!(wait_time(&limiter, request("user.current")).await, seconds(0.5));
    assert_eq!(wait_time(&MemoryLimiter::standard(), request("user.current")).await, seconds(0.0));
    assert_eq!(wait_time(&limiter.without_operating_limit(), request("user.current")).await, seconds(0.0));
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_wait_leaves_no_reservation() {
    let limiter = MemoryLimiter::standard();
    acquire_concurrently(&limiter, PORTAL, 50).await;
    let cancelled: Vec<_> = (0..1000).map(|_| limiter.acquire(request("user.current"))).collect();
    for mut acquire in cancelled {
        assert!(timeout(Duration::ZERO, &mut acquire).await.is_err(), "it must wait");
    }
    assert_eq!(wait_time(&limiter, request("user.current")).await, seconds(0.5));
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_wait_moves_later_waiters_forward() {
    let limiter = MemoryLimiter::standard();
    acquire_concurrently(&limiter, PORTAL, 50).await;
    let mut before: Vec<_> = (0..20).map(|_| limiter.acquire(request("user.current"))).collect();
    for acquire in &mut before {
        assert!(timeout(Duration::ZERO, acquire).await.is_err());
    }
    let leave = async {
        sleep(seconds(0.1)).await;
        drop(before);
    };
    let ((), behind) = tokio::join!(leave, wait_time(&limiter, request("user.current")));
    assert_eq!(behind, seconds(0.5));
}

/// A waker that counts its wakes.
#[derive(Default)]
struct WakeCounter(AtomicUsize);

impl Wake for WakeCounter {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_wait_does_not_wake_all_waiters() {
    let limiter = MemoryLimiter::standard();
    acquire_concurrently(&limiter, PORTAL, 50).await;
    let wakes = Arc::new(WakeCounter::default());
    let waker = Waker::from(Arc::clone(&wakes));
    let mut waiting: Vec<_> = (0..2000).map(|_| limiter.acquire(request("user.current"))).collect();
    for acquire in &mut waiting {
        assert!(acquire.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    }
    waiting.drain(..1000);
    assert!(wakes.0.load(Ordering::Relaxed) <= 1000);
}

#[test]
fn threads_share_a_limiter() {
    const THREADS: usize = 8;
    const EACH: usize = 20;
    let limiter = MemoryLimiter::new(16, 200.0);
    let start = std::time::Instant::now();
    let on_own_runtime = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let mut admitted = Vec::new();
            for _ in 0..EACH {
                limiter.acquire(request("user.current")).await.unwrap();
                admitted.push(start.elapsed());
            }
            admitted
        })
    };
    let mut admitted: Vec<_> = thread::scope(|scope| {
        let threads = [(); THREADS].map(|()| scope.spawn(on_own_runtime));
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    admitted.sort();
    assert_eq!(admitted.len(), THREADS * EACH);
    for (number, at) in admitted.iter().enumerate() {
        let earliest = Duration::from_millis(5) * number.saturating_sub(15) as u32;
        assert!(*at >= earliest, "number {number} was admitted after {at:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn unpolled_acquire_futures_do_not_block_others() {
    let limiter = MemoryLimiter::new(2, 2.0);
    acquire_concurrently(&limiter, PORTAL, 2).await;
    // As a buffered stream leaves them while its reader makes another call.
    let mut unpolled: Vec<_> = (0..10).map(|_| limiter.acquire(request("user.current"))).collect();
    for acquire in &mut unpolled {
        assert!(timeout(Duration::ZERO, acquire).await.is_err());
    }
    assert_eq!(wait_time(&limiter, request("user.current")).await, seconds(5.5), "they may still be polled");
    sleep(seconds(60.0)).await;
    assert_eq!(wait_time(&limiter, request("user.current")).await, seconds(0.0));
}

#[tokio::test(start_paused = true)]
async fn a_rejection_delays_all_callers_of_the_portal() {
    let limiter = MemoryLimiter::standard();
    acquire_concurrently(&limiter, PORTAL, 10).await;
    limiter.record(report(CallOutcome::rejected("user.current", Rejection::RateLimited)));
    let admitted: Vec<_> =
        acquire_concurrently(&limiter, PORTAL, 3).await.into_iter().map(|(at, _)| at).collect();
    assert_eq!(admitted, [0.5, 1.0, 1.5].map(seconds));
    assert_eq!(wait_time(&limiter, RateLimitRequest::new(OTHER, KEY, "user.current")).await, seconds(0.0));

    let later_rejection = async {
        sleep(seconds(0.3)).await;
        let commands = [CallOutcome::rejected("user.current", Rejection::RateLimited)];
        limiter.record(report(CallOutcome::executed("batch", &Time::default())).with_commands(&commands));
    };
    let (admitted, ()) = tokio::join!(acquire_concurrently(&limiter, PORTAL, 2), later_rejection);
    assert_eq!([admitted[0].0, admitted[1].0], [0.8, 1.3].map(seconds), "waiting callers wait longer");
}

#[tokio::test(start_paused = true)]
async fn a_method_without_operating_time_waits_and_others_continue() {
    let limiter = MemoryLimiter::standard();
    limiter.record(report(CallOutcome::executed("crm.deal.list", &used_up(42))));
    assert_eq!(wait_time(&limiter, request("crm.deal.get")).await, seconds(0.0));
    assert_eq!(
        wait_time(&limiter, RateLimitRequest::new(PORTAL, "user 2", "crm.deal.list")).await,
        seconds(0.0)
    );
    assert_eq!(wait_time(&limiter, RateLimitRequest::new(OTHER, KEY, "crm.deal.list")).await, seconds(0.0));
    let commands = ["crm.deal.get", "crm.deal.list"];
    let (call, batch, other_batch) = tokio::join!(
        wait_time(&limiter, request("crm.deal.list")),
        wait_time(&limiter, request("batch").with_commands(&commands)),
        wait_time(&limiter, request("batch").with_commands(&commands[..1])),
    );
    assert_eq!([call, batch, other_batch], [43.0, 43.0, 0.0].map(seconds));
}

#[tokio::test(start_paused = true)]
async fn the_operating_time_of_commands_counts() {
    let limiter = MemoryLimiter::standard();
    let (low, high) = (time(json!({"operating": 1})), used_up(42));
    let commands =
        [CallOutcome::executed("crm.deal.get", &low), CallOutcome::executed("crm.deal.list", &high)];
    limiter.record(report(CallOutcome::executed("batch", &low)).with_commands(&commands));
    let waits = tokio::join!(
        wait_time(&limiter, request("crm.deal.get")),
        wait_time(&limiter, request("crm.deal.list")),
        wait_time(&limiter, request("batch")),
    );
    assert_eq!(waits, (seconds(0.0), seconds(43.0), seconds(43.0)));
}

#[tokio::test(start_paused = true)]
async fn a_method_rejected_for_operating_time_waits_a_minute() {
    for limiter in [MemoryLimiter::standard(), MemoryLimiter::standard().without_operating_limit()] {
        limiter.record(report(CallOutcome::rejected("crm.deal.list", Rejection::OperatingTime)));
        assert_eq!(wait_time(&limiter, request("crm.deal.list")).await, seconds(60.0));
    }
}

#[tokio::test(start_paused = true)]
async fn the_operating_limit_is_configurable() {
    let time_used =
        time(json!({"operating": 420, "finish": 1_763_700_000, "operating_reset_at": 1_763_700_020}));
    for (limiter, expected) in [
        (MemoryLimiter::standard(), 0.0),
        (MemoryLimiter::standard().with_operating_limit(Duration::from_secs(420)), 21.0),
        (MemoryLimiter::standard().without_operating_limit(), 0.0),
    ] {
        limiter.record(report(CallOutcome::executed("crm.deal.list", &time_used)));
        assert_eq!(wait_time(&limiter, request("crm.deal.list")).await, seconds(expected));
    }
}

#[tokio::test(start_paused = true)]
async fn a_waiter_for_operating_time_blocks_no_reservation() {
    let limiter = MemoryLimiter::new(1, 1.0);
    acquire_concurrently(&limiter, PORTAL, 1).await;
    let later_report = async {
        sleep(seconds(0.5)).await;
        limiter.record(report(CallOutcome::executed("crm.deal.list", &used_up(42))));
    };
    let (resting, other, ()) = tokio::join!(
        wait_time(&limiter, request("crm.deal.list")),
        wait_time(&limiter, request("user.current")),
        later_report,
    );
    assert_eq!((resting, other), (seconds(43.5), seconds(1.0)));
}

#[tokio::test(start_paused = true)]
async fn idle_portals_are_dropped_and_active_ones_are_kept() {
    let limiter = MemoryLimiter::new(1, 1.0);
    limiter.record(report(CallOutcome::rejected("crm.deal.list", Rejection::OperatingTime)));
    for number in 0..1000 {
        let server = format!("https://portal-{number}.bitrix24.com");
        assert_eq!(
            wait_time(&limiter, RateLimitRequest::new(&server, KEY, "user.current")).await,
            seconds(0.0)
        );
    }
    assert_eq!(wait_time(&limiter, request("crm.deal.list")).await, seconds(60.0));
}

#[tokio::test(start_paused = true)]
async fn no_limit_never_waits() {
    NoLimit.record(report(CallOutcome::rejected("user.current", Rejection::RateLimited)));
    for _ in 0..1000 {
        assert_eq!(wait_time(&NoLimit, request("user.current")).await, seconds(0.0));
    }
}

#[test]
fn debug_of_a_limiter_shows_its_quota() {
    assert_eq!(
        format!("{:?}", MemoryLimiter::standard()),
        "MemoryLimiter { quota: Quota { capacity: 50, interval: 500ms }, .. }"
    );
}
