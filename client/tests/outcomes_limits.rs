//! The limits of a portal over real sockets: a client stays within them, and a rejected call is executed once. `rate_limit.rs`
//! tests the limiter alone.

use std::collections::BTreeSet;
use std::time::Duration;

use bitrix24_client::{Client, MemoryLimiter, NoLimit};
use bitrix24_core::rate_limit::{Plan, RateLimit};
use bitrix24_core::{Error, ErrorKind, Executed, RawRequest, SystemError, json, raw};
use tokio::task::JoinSet;
use tokio::time::Instant;

use bitrix24_testing::{Fault, Limits, MockPortal, MockResponse, MockServer, Table};
use traffic::Traffic;

#[path = "common/traffic.rs"]
mod traffic;

async fn start_portal(limits: Limits) -> MockPortal {
    let portal = MockPortal::start([Table::crm("crm.deal").with_rows(3)]).await;
    portal.limit(limits);
    portal
}

fn client(server: &MockServer, limiter: MemoryLimiter) -> (Client, Traffic) {
    let traffic = Traffic::default();
    let client =
        Client::builder().limiter(limiter).observer(traffic.clone()).webhook(&server.webhook()).unwrap();
    (client, traffic)
}

fn add(number: usize) -> RawRequest {
    raw("crm.deal.add", json!({"fields": {"NUMBER": number}}))
}

async fn add_concurrently(client: &Client, count: usize) {
    let mut calls: JoinSet<_> = (0..count).map(|number| client.call(add(number))).collect();
    while let Some(outcome) = calls.join_next().await {
        outcome.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn concurrent_calls_stay_within_the_rate_limit() {
    let portal = start_portal(Limits::default().bucket(50, 2.0)).await;
    let (client, traffic) = client(&portal, MemoryLimiter::standard());
    let start = Instant::now();
    traffic.run(add_concurrently(&client, 120)).await;
    assert_eq!((portal.runs("crm.deal.add"), portal.calls().len()), (120, 120), "no call is rejected");
    assert_eq!(start.elapsed(), Duration::from_secs(35), "no call waits longer than necessary");
}

#[tokio::test(start_paused = true)]
async fn a_method_with_its_own_rate_limit_waits_and_others_do_not() {
    let portal = start_portal(Limits::default().bucket(50, 2.0)).await;
    let (client, traffic) = client(&portal, MemoryLimiter::standard());
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
    let portal = start_portal(Limits::default().bucket(250, 5.0)).await;
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
    let portal = start_portal(Limits::default().bucket(5, 2.0)).await;
    let (client, traffic) = client(&portal, MemoryLimiter::standard());
    traffic.run(add_concurrently(&client, 20)).await;
    let mut numbers: Vec<_> =
        portal.rows("crm.deal").iter().filter_map(|row| row.get("NUMBER")?.as_u64()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..20).collect::<Vec<_>>());
    assert!(portal.calls().len() <= 20 + 15, "rejected calls are retried in turn: {}", portal.calls().len());
}

#[tokio::test(start_paused = true)]
async fn a_constant_operating_time_causes_no_wait() {
    let time = json!({"finish": 1_790_000_000, "operating": 100, "operating_reset_at": 1_790_000_500});
    let server =
        MockServer::start(move |_| MockResponse::json(200, &json!({"result": true, "time": time}))).await;
    let (client, traffic) = client(&server, MemoryLimiter::standard());
    let start = Instant::now();
    for number in 0..50 {
        traffic.run(client.call(add(number))).await.unwrap();
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_method_near_its_operating_limit_waits_instead_of_being_rejected() {
    let portal = start_portal(Limits::default().operating(480.0).cost("crm.deal.add", 200.0)).await;
    let (client, traffic) = client(&portal, MemoryLimiter::standard());
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
    let portal = start_portal(Limits::default().operating(480.0).cost("crm.deal.add", 500.0)).await;
    let (others, _) = client(&portal, MemoryLimiter::standard());
    others.call(add(0)).await.unwrap();
    let (client, traffic) = client(&portal, MemoryLimiter::standard());
    let start = Instant::now();
    traffic.run(client.call(add(1))).await.unwrap();
    assert_eq!(portal.runs("crm.deal.add"), 2);
    let rejected = portal.calls().len() - 2;
    assert!(rejected >= 1 && start.elapsed() >= Duration::from_secs(600), "{rejected} rejections");
}

#[tokio::test(start_paused = true)]
async fn a_blocked_portal_receives_one_request() {
    let portal = start_portal(Limits::default().overloaded()).await;
    let (client, traffic) = client(&portal, MemoryLimiter::standard());
    let start = Instant::now();
    let error = traffic.run(client.call(add(0))).await.unwrap_err();
    assert_eq!((error.system_error(), error.executed()), (Some(SystemError::OverloadLimit), Executed::No));
    assert_eq!((portal.calls().len(), start.elapsed()), (1, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn calls_rest_after_the_portal_has_blocked_the_application() {
    let portal = start_portal(Limits::default()).await;
    let (client, traffic) = client(&portal, MemoryLimiter::standard());
    let blocked = portal.fail("*", Fault::Overload).always();
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
    let portal = start_portal(Limits::default()).await;
    portal.fail("*", Fault::Overload);
    let (client, traffic) = client(&portal, MemoryLimiter::new(1, 0.1));
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
    let portal = start_portal(Limits::default()).await;
    let with = |pause| {
        let builder = Client::builder().limiter(NoLimit).overload_pause(Duration::from_millis(pause));
        builder.webhook(&portal.webhook()).unwrap()
    };
    let client = with(100);
    portal.fail("crm.deal.add", Fault::Overload);
    portal.fail("crm.deal.add", Fault::Silence);
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
    portal.fail("crm.deal.add", Fault::Overload).times(3);
    for _ in 0..3 {
        assert_eq!(never_rests.call(add(5)).await.unwrap_err().attempts(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_deadline_passes_while_it_waits_is_not_sent() {
    let portal = start_portal(Limits::default()).await;
    let (client, traffic) = client(&portal, MemoryLimiter::new(1, 0.1));
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
    let portal = start_portal(Limits::default()).await;
    portal.fail("crm.deal.add", Fault::OperatingLimit).always();
    let (client, traffic) = client(&portal, MemoryLimiter::standard());
    let error = traffic.run(client.with_deadline(Duration::from_secs(3)).call(add(0))).await.unwrap_err();
    assert_eq!(
        (error.system_error(), error.executed()),
        (Some(SystemError::OperationTimeLimit), Executed::No)
    );
    assert_eq!((portal.calls().len(), portal.runs("crm.deal.add")), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn calls_cancelled_while_they_wait_are_not_sent_and_delay_no_others() {
    let portal = start_portal(Limits::default()).await;
    let (client, traffic) = client(&portal, MemoryLimiter::new(2, 2.0));
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
    let portal = start_portal(Limits::default()).await;
    let client = Client::builder().limiter(NoLimit).webhook(&portal.webhook()).unwrap();
    portal.fail("crm.deal.add", Fault::Slow(Duration::from_secs(600))).times(20);
    let mut in_flight: JoinSet<_> = (0..20).map(|number| client.call(add(number))).collect();
    while portal.runs("crm.deal.add") < 20 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    in_flight.shutdown().await;
    for number in 20..30 {
        let added = client.call(add(number)).await.unwrap().result;
        let row = portal.rows("crm.deal").into_iter().find(|row| row["ID"] == added).unwrap();
        assert_eq!(row["NUMBER"], number, "the response belongs to this call");
    }
    assert_eq!(portal.runs("crm.deal.add"), 30, "cancelled calls are not retried");
    let connections: BTreeSet<usize> = portal.calls()[20..].iter().map(|call| call.connection).collect();
    assert!(connections.len() < 5 && connections.iter().all(|used| *used >= 20), "{connections:?}");
}
