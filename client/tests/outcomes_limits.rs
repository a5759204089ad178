//! The limits of a portal over real sockets: a client stays within them, and a rejected call is executed once. `rate_limit.rs`
//! tests the limiter alone.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

use bitrix24_client::{Client, MemoryLimiter, NoLimit};
use bitrix24_core::rate_limit::{Plan, RateLimit};
use bitrix24_core::{Error, ErrorKind, Executed, RawRequest, SystemError, json, raw};
use tokio::task::JoinSet;
use tokio::time::Instant;

use bitrix24_portal::{Fault, Plan as PortalPlan, Portal};
use bitrix24_testing::{MockResponse, MockServer};
use traffic::Traffic;

#[path = "common/traffic.rs"]
mod traffic;

/// A portal without limits. Connections that wait on a paused clock stay open.
async fn start_portal() -> Portal {
    let portal = Portal::builder().rows("crm.deal", 3).read_timeout(Duration::from_secs(1_000_000));
    portal.start().await.unwrap()
}

/// A portal whose bucket accepts `burst` requests at once and `per_second` over time.
async fn portal_with_bucket(burst: u32, per_second: f64) -> Portal {
    let portal = start_portal().await;
    portal.set_plan(&PortalPlan::Bucket { burst, per_second });
    portal
}

/// A portal with the documented operating time, of which each added deal takes `seconds`.
async fn portal_with_operating_time(seconds: f64) -> Portal {
    let portal = portal_with_bucket(1_000, 1_000.0).await;
    portal.set_operating_time("crm.deal.add", seconds);
    portal
}

/// The portal blocks the application.
fn overload() -> Fault {
    Fault::error(503, "OVERLOAD_LIMIT", "REST API is blocked due to overload")
}

fn client(webhook: &str, limiter: MemoryLimiter) -> (Client, Traffic) {
    let traffic = Traffic::default();
    let client = Client::builder().limiter(limiter).observer(traffic.clone()).webhook(webhook).unwrap();
    (client, traffic)
}

fn add(number: usize) -> RawRequest {
    raw("crm.deal.add", json!({"fields": {"TITLE": number.to_string()}}))
}

async fn add_concurrently(client: &Client, count: usize) {
    let mut calls: JoinSet<_> = (0..count).map(|number| client.call(add(number))).collect();
    while let Some(outcome) = calls.join_next().await {
        outcome.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn concurrent_calls_stay_within_the_rate_limit() {
    let portal = portal_with_bucket(50, 2.0).await;
    let (client, traffic) = client(&portal.webhook(), MemoryLimiter::standard());
    let start = Instant::now();
    traffic.run(add_concurrently(&client, 120)).await;
    assert_eq!((portal.runs("crm.deal.add"), portal.calls().len()), (120, 120), "no call is rejected");
    assert_eq!(start.elapsed(), Duration::from_secs(35), "no call waits longer than necessary");
}

#[tokio::test(start_paused = true)]
async fn a_method_with_its_own_rate_limit_waits_and_others_do_not() {
    let portal = portal_with_bucket(50, 2.0).await;
    let (client, traffic) = client(&portal.webhook(), MemoryLimiter::standard());
    let start = Instant::now();
    let limited = |number| client.call(add(number).rate_limit(RateLimit::new(2, 60)));
    traffic
        .run(async {
            let mut calls: JoinSet<_> = (0..4).map(limited).collect();
            client.call(raw("crm.deal.list", json!({})).read_only()).await.unwrap();
            assert_eq!(start.elapsed(), Duration::ZERO, "another method does not wait");
            while let Some(outcome) = calls.join_next().await {
                outcome.unwrap().unwrap();
            }
        })
        .await;
    assert_eq!((portal.runs("crm.deal.add"), portal.calls().len()), (4, 5), "no call is rejected");
    assert_eq!(start.elapsed(), Duration::from_secs(60), "two more calls after a minute");
}

#[tokio::test(start_paused = true)]
async fn the_plan_of_a_client_sets_its_rate() {
    let portal = portal_with_bucket(250, 5.0).await;
    let traffic = Traffic::default();
    let builder = Client::builder().plan(Plan::Enterprise).observer(traffic.clone());
    let client = builder.webhook(&portal.webhook()).unwrap();
    let start = Instant::now();
    traffic.run(add_concurrently(&client, 260)).await;
    assert_eq!(portal.calls().len(), 260, "no call is rejected");
    assert_eq!(start.elapsed(), Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn a_lower_rate_limit_than_expected_executes_each_call_once() {
    let portal = portal_with_bucket(5, 2.0).await;
    let (client, traffic) = client(&portal.webhook(), MemoryLimiter::standard());
    traffic.run(add_concurrently(&client, 20)).await;
    let mut numbers: Vec<_> =
        portal.rows("crm.deal").iter().filter_map(|row| row["TITLE"].as_str()?.parse::<u64>().ok()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..20).collect::<Vec<_>>());
    assert!(portal.calls().len() <= 20 + 15, "rejected calls are retried in turn: {}", portal.calls().len());
}

#[tokio::test(start_paused = true)]
async fn a_constant_operating_time_causes_no_wait() {
    let time = json!({"finish": 1_790_000_000, "operating": 100, "operating_reset_at": 1_790_000_500});
    let server =
        MockServer::start(move |_| MockResponse::json(200, &json!({"result": true, "time": time}))).await;
    let (client, traffic) = client(&server.webhook(), MemoryLimiter::standard());
    let start = Instant::now();
    for number in 0..50 {
        traffic.run(client.call(add(number))).await.unwrap();
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_method_near_its_operating_limit_waits_instead_of_being_rejected() {
    let portal = portal_with_operating_time(200.0).await;
    let (client, traffic) = client(&portal.webhook(), MemoryLimiter::standard());
    let start = Instant::now();
    for number in 0..5 {
        traffic.run(client.call(add(number))).await.unwrap();
    }
    assert_eq!((portal.runs("crm.deal.add"), portal.calls().len()), (5, 5), "no call is rejected");
    let elapsed = start.elapsed();
    assert!((600..605).contains(&elapsed.as_secs()), "it waits until operating time is freed: {elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn a_call_waits_for_operating_time_that_other_clients_used_up() {
    let portal = portal_with_operating_time(500.0).await;
    let (others, _) = client(&portal.webhook(), MemoryLimiter::standard());
    others.call(add(0)).await.unwrap();
    let (client, traffic) = client(&portal.webhook(), MemoryLimiter::standard());
    let start = Instant::now();
    traffic.run(client.call(add(1))).await.unwrap();
    assert_eq!(portal.runs("crm.deal.add"), 2);
    let rejected = portal.calls().len() - 2;
    assert!(rejected >= 1 && start.elapsed() >= Duration::from_secs(600), "{rejected} rejections");
}

#[tokio::test(start_paused = true)]
async fn a_blocked_portal_receives_one_request() {
    let portal = start_portal().await;
    portal.fail("*", overload(), usize::MAX);
    let (client, traffic) = client(&portal.webhook(), MemoryLimiter::standard());
    let start = Instant::now();
    let error = traffic.run(client.call(add(0))).await.unwrap_err();
    assert_eq!((error.system_error(), error.executed()), (Some(SystemError::OverloadLimit), Executed::No));
    assert_eq!((portal.calls().len(), start.elapsed()), (1, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn calls_rest_after_the_portal_has_blocked_the_application() {
    let portal = start_portal().await;
    let (client, traffic) = client(&portal.webhook(), MemoryLimiter::standard());
    let blocked = portal.fail("*", overload(), usize::MAX);
    traffic.run(client.call(add(0))).await.unwrap_err();
    for requests in 1..3 {
        let start = Instant::now();
        let mut calls: JoinSet<_> = (0..20).map(|number| client.call(add(number))).collect();
        calls.spawn(client.clone().call(raw("crm.deal.list", json!({})).read_only()));
        traffic
            .run(async {
                while let Some(outcome) = calls.join_next().await {
                    let error = outcome.unwrap().unwrap_err();
                    let found = (error.kind(), error.system_error(), error.status(), error.executed());
                    let expected =
                        (ErrorKind::System, Some(SystemError::OverloadLimit), Some(503), Executed::No);
                    assert_eq!(found, expected, "{error}");
                    assert_eq!(error.attempts() == 0, error.to_string().contains("not sent"), "{error}");
                }
            })
            .await;
        assert_eq!((portal.calls().len(), start.elapsed()), (requests, Duration::ZERO));
        tokio::time::advance(Duration::from_secs(60)).await;
    }
    blocked.end();
    traffic.run(add_concurrently(&client, 1)).await;
    traffic.run(add_concurrently(&client, 20)).await;
    assert_eq!((portal.calls().len(), portal.runs("crm.deal.add")), (23, 21), "one trial ends the block");
}

#[tokio::test(start_paused = true)]
async fn calls_that_wait_for_the_rate_limit_end_when_the_portal_is_blocked() {
    let portal = start_portal().await;
    portal.fail("*", overload(), 1);
    let (client, traffic) = client(&portal.webhook(), MemoryLimiter::new(1, 0.1));
    let start = Instant::now();
    let mut calls: JoinSet<_> = (0..10).map(|number| client.call(add(number))).collect();
    traffic
        .run(async {
            while let Some(outcome) = calls.join_next().await {
                let error = outcome.unwrap().unwrap_err();
                assert_eq!(error.system_error(), Some(SystemError::OverloadLimit), "{error}");
            }
        })
        .await;
    assert_eq!((portal.calls().len(), start.elapsed().as_secs()), (1, 0));
}

#[tokio::test]
async fn the_pause_after_a_block_is_configurable_and_a_trial_that_is_dropped_decides_nothing() {
    let portal = start_portal().await;
    let with = |pause| {
        let builder = Client::builder().limiter(NoLimit).overload_pause(Duration::from_millis(pause));
        builder.webhook(&portal.webhook()).unwrap()
    };
    let client = with(100);
    portal.fail("crm.deal.add", overload(), 1);
    portal.fail("crm.deal.add", Fault::Silence, 1);
    client.call(add(0)).await.unwrap_err();
    tokio::time::sleep(Duration::from_millis(120)).await;
    let trial = tokio::spawn(client.call(add(1)));
    while portal.calls().len() < 2 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert!(client.call(add(2)).await.unwrap_err().to_string().contains("one call is being tried"));
    trial.abort();
    assert!(trial.await.unwrap_err().is_cancelled());
    client.call(add(3)).await.unwrap();
    client.call(add(4)).await.unwrap();
    assert_eq!((portal.calls().len(), portal.runs("crm.deal.add")), (4, 2));

    let never_rests = with(0);
    portal.fail("crm.deal.add", overload(), 3);
    for _ in 0..3 {
        assert_eq!(never_rests.call(add(5)).await.unwrap_err().attempts(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_deadline_passes_while_it_waits_is_not_sent() {
    let portal = start_portal().await;
    let (client, traffic) = client(&portal.webhook(), MemoryLimiter::new(1, 0.1));
    let start = Instant::now();
    traffic.run(client.call(add(0))).await.unwrap();
    let with_short_deadline = client.with_deadline(Duration::from_secs(3));
    let error: Error = traffic.run(with_short_deadline.call(add(1))).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.executed(), start.elapsed().as_secs()),
        (ErrorKind::Deadline, Executed::No, 3)
    );
    traffic.run(client.call(add(2))).await.unwrap();
    assert_eq!((portal.calls().len(), start.elapsed().as_secs()), (2, 10));
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_deadline_passes_before_a_retry_returns_the_last_error() {
    let portal = start_portal().await;
    let limited = Fault::error(429, "OPERATION_TIME_LIMIT", "Method is blocked");
    portal.fail("crm.deal.add", limited, usize::MAX);
    let (client, traffic) = client(&portal.webhook(), MemoryLimiter::standard());
    let error = traffic.run(client.with_deadline(Duration::from_secs(3)).call(add(0))).await.unwrap_err();
    assert_eq!(
        (error.system_error(), error.executed()),
        (Some(SystemError::OperationTimeLimit), Executed::No)
    );
    assert_eq!((portal.calls().len(), portal.runs("crm.deal.add")), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn calls_cancelled_while_they_wait_are_not_sent_and_delay_no_others() {
    let portal = start_portal().await;
    let (client, traffic) = client(&portal.webhook(), MemoryLimiter::new(2, 2.0));
    traffic.run(add_concurrently(&client, 2)).await;
    let mut waiting: JoinSet<_> = (0..100).map(|number| client.call(add(number))).collect();
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    waiting.shutdown().await;
    let start = Instant::now();
    traffic.run(client.call(add(100))).await.unwrap();
    assert_eq!((portal.calls().len(), start.elapsed()), (3, Duration::from_millis(500)));
}

#[tokio::test]
async fn calls_cancelled_in_flight_leave_the_connections_usable() {
    let portal = start_portal().await;
    let client = Client::builder().limiter(NoLimit).webhook(&portal.webhook()).unwrap();
    portal.fail("crm.deal.add", Fault::Delay(Duration::from_secs(600)), 20);
    let mut in_flight: JoinSet<_> = (0..20).map(|number| client.call(add(number))).collect();
    while portal.runs("crm.deal.add") < 20 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    in_flight.shutdown().await;
    for number in 20..30 {
        let added = client.call(add(number)).await.unwrap().result;
        let row = portal.rows("crm.deal").into_iter().find(|row| row["ID"] == added).unwrap();
        assert_eq!(row["TITLE"], number.to_string(), "the response belongs to this call");
    }
    assert_eq!(portal.runs("crm.deal.add"), 30, "cancelled calls are not retried");
    let connections: Vec<SocketAddr> = portal.calls().iter().map(|call| call.peer).collect();
    let (cancelled, later) = connections.split_at(20);
    let later: BTreeSet<&SocketAddr> = later.iter().collect();
    assert!(later.len() < 5 && later.iter().all(|used| !cancelled.contains(used)), "{connections:?}");
}
