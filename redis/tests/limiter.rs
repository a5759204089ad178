//! Limiters of several processes, each with its own connection to a real Redis server.

use std::time::{Duration, Instant};

use bitrix24_client::{CallReport, Client, Limiter, LimiterError, MemoryLimiter, RateLimitRequest};
use bitrix24_core::rate_limit::{CallOutcome, CountedBy, RateLimit, Rejection};
use bitrix24_core::{ErrorKind, Executed, Time, json, raw};
use bitrix24_redis::{OnLoss, RedisLimiter};
use tokio::time::timeout;

use redis_server::RedisServer;

#[path = "common/redis_server.rs"]
mod redis_server;

const PORTAL: &str = "https://shop.example";
const KEY: &str = "user 1";

fn request(method: &str) -> RateLimitRequest<'_> {
    RateLimitRequest::new(PORTAL, KEY, method)
}

/// A limiter of a process: two requests at once, and ten per second.
fn limiter(server: &RedisServer) -> RedisLimiter {
    RedisLimiter::new(server.client(), OnLoss::Wait).with_quota(2, 10.0)
}

/// How long this takes, rounded to a tenth of a second.
async fn tenths(limiter: &RedisLimiter, request: RateLimitRequest<'_>) -> u128 {
    let start = Instant::now();
    limiter.acquire(request).await.unwrap();
    (start.elapsed().as_millis() + 50) / 100
}

#[tokio::test]
async fn limiters_with_one_server_share_a_bucket() {
    let server = RedisServer::start();
    let limiters = [(); 4].map(|()| limiter(&server));
    let start = Instant::now();
    let mut calls = tokio::task::JoinSet::new();
    for limiter in limiters.iter().cycle().take(20) {
        let limiter = limiter.clone();
        calls.spawn(async move { limiter.acquire(request("user.current")).await.unwrap() });
    }
    calls.join_all().await;
    let elapsed = start.elapsed();
    assert!((1750..2400).contains(&elapsed.as_millis()), "18 of 20 wait a tenth of a second: {elapsed:?}");
    // Another portal, and requests from another address, have buckets of their own.
    let other_portal = RateLimitRequest::new("https://other.example", KEY, "user.current");
    assert_eq!(tenths(&limiters[0], other_portal).await, 0);
    let elsewhere = limiter(&server).with_source("server 2");
    assert_eq!(tenths(&elsewhere, request("user.current")).await, 0);
}

#[tokio::test]
async fn a_rejection_fills_the_bucket_of_all() {
    let server = RedisServer::start();
    let [one, other] = [(); 2].map(|()| limiter(&server));
    one.record(CallReport::new(PORTAL, KEY, CallOutcome::rejected("user.current", Rejection::RateLimited)));
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(tenths(&other, request("user.current")).await, 1);
}

#[tokio::test]
async fn a_method_without_operating_time_waits_in_all_processes_and_others_continue() {
    let server = RedisServer::start();
    let [one, other] = [(); 2].map(|()| limiter(&server));
    let mut time = Time::default();
    (time.operating, time.operating_reset_at, time.finish) = (Some(479.0), Some(json!(2_000)), Some(2_000.0));
    one.record(CallReport::new(PORTAL, KEY, CallOutcome::executed("crm.deal.list", &time)));
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(tenths(&other, request("user.current")).await, 0);
    let another_key = RateLimitRequest::new(PORTAL, "user 2", "crm.deal.list");
    assert_eq!(tenths(&other, another_key).await, 0);
    // The whole second by which the portal rounds.
    let waited = tenths(&other, request("CRM.deal.LIST")).await;
    assert!((9..=11).contains(&waited), "{waited}");
    let commands = request("batch").with_commands(&["user.current", "crm.deal.list"]);
    one.record(CallReport::new(
        PORTAL,
        KEY,
        CallOutcome::rejected("crm.deal.list", Rejection::OperatingTime),
    ));
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(timeout(Duration::from_secs(2), other.acquire(commands)).await.is_err(), "a minute by default");
}

#[tokio::test]
async fn the_rate_limit_of_a_method_is_shared() {
    let server = RedisServer::start();
    let limiters = [(); 2].map(|()| limiter(&server).with_quota(100, 100.0));
    let limited = |key, counted| {
        RateLimitRequest::new(PORTAL, key, "zoo.animal.feed")
            .with_rate_limit(Some(RateLimit::new(1, 1).counted_by(counted)))
    };
    let mut waited = Vec::new();
    for limiter in limiters.iter().cycle().take(3) {
        waited.push(tenths(limiter, limited("app 1", CountedBy::Application)).await);
    }
    assert_eq!(waited, [0, 10, 10]);
    assert_eq!(tenths(&limiters[0], limited("app 2", CountedBy::Application)).await, 0);
    assert_eq!(tenths(&limiters[0], limited("app 1", CountedBy::User)).await, 0);
    assert_eq!(tenths(&limiters[0], request("user.current")).await, 0);
}

#[tokio::test]
async fn a_caller_that_stops_waiting_delays_no_other() {
    let server = RedisServer::start();
    let limiter = limiter(&server);
    for _ in 0..200 {
        // Some of them are in time.
        let _ = timeout(Duration::from_millis(1), limiter.acquire(request("user.current"))).await;
    }
    assert!(tenths(&limiter, request("user.current")).await <= 2);
}

#[tokio::test]
async fn without_redis_calls_wait_fail_or_keep_a_local_pace() {
    let mut server = RedisServer::start();
    let [waits, fails] =
        [OnLoss::Wait, OnLoss::Fail].map(|choice| RedisLimiter::new(server.client(), choice));
    let local = RedisLimiter::new(server.client(), OnLoss::Local(MemoryLimiter::new(1, 5.0)));
    for limiter in [&waits, &fails, &local] {
        limiter.acquire(request("user.current")).await.unwrap();
    }
    server.kill();
    let error: LimiterError = fails.acquire(request("user.current")).await.unwrap_err();
    assert!(error.to_string().contains("Redis cannot be reached"), "{error}");
    assert_eq!(
        [tenths(&local, request("user.current")).await, tenths(&local, request("user.current")).await],
        [0, 2]
    );
    let waiting = tokio::spawn(async move { waits.acquire(request("user.current")).await.is_ok() });
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert!(!waiting.is_finished());
    server.restart();
    assert!(timeout(Duration::from_secs(5), waiting).await.unwrap().unwrap());
    tokio::time::sleep(Duration::from_millis(300)).await;
    for limiter in [&fails, &local] {
        limiter.acquire(request("user.current")).await.unwrap();
    }
}

#[tokio::test]
async fn a_call_without_redis_is_not_sent_and_says_so() {
    let client = redis::Client::open("redis://:s3cret@127.0.0.1:1/").unwrap();
    let limiter = RedisLimiter::new(client, OnLoss::Fail);
    assert!(!format!("{limiter:?}").contains("s3cret"));
    let portal = Client::builder().limiter(limiter).webhook("http://127.0.0.1:1/rest/1/k7Jq/").unwrap();
    let error = portal.call(raw("user.current", json!({}))).await.unwrap_err();
    assert_eq!((error.kind(), error.executed(), error.attempts()), (ErrorKind::Limiter, Executed::No, 0));
    assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
}

#[test]
fn a_limiter_survives_the_runtimes_in_which_it_is_used() {
    let server = RedisServer::start();
    let limiter = limiter(&server);
    for _ in 0..5 {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let acquired =
            async { timeout(Duration::from_secs(5), limiter.acquire(request("user.current"))).await };
        runtime.block_on(acquired).unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_server_that_comes_back_empty_is_used() {
    let mut server = RedisServer::start();
    let limiter = limiter(&server);
    limiter.acquire(request("user.current")).await.unwrap();
    server.forget();
    server.restart();
    // The scripts are unknown to it, and the bucket is empty.
    assert!(tenths(&limiter, request("user.current")).await <= 5);
}
