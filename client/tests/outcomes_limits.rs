//! The limits of a portal over real sockets: what a client sends is what the portal can bear, and what is refused all the same is
//! carried out once. What the limiter decides by itself is tested in `pace.rs`.

use std::collections::BTreeSet;
use std::time::Duration;

use bitrix24_client::{Client, MemoryLimiter, NoLimit};
use bitrix24_core::{Error, ErrorKind, Executed, RawRequest, SystemError, json, raw};
use tokio::task::JoinSet;
use tokio::time::Instant;

use mock_portal::{Limits, MockPortal, Table};
use mock_server::{Fault, MockResponse, MockServer};
use traffic::Traffic;

#[path = "../../tests/support/mock_server.rs"]
mod mock_server;

#[path = "../../tests/support/mock_portal.rs"]
mod mock_portal;

#[path = "common/traffic.rs"]
mod traffic;

async fn opened(limits: Limits) -> MockPortal {
    let portal = MockPortal::start([Table::crm("crm.deal").filled(3)]).await;
    portal.limit(limits);
    portal
}

fn client(server: &MockServer, pace: MemoryLimiter) -> (Client, Traffic) {
    let traffic = Traffic::default();
    let client =
        Client::builder().limiter(pace).observer(traffic.clone()).webhook(&server.webhook()).unwrap();
    (client, traffic)
}

fn add(number: usize) -> RawRequest {
    raw("crm.deal.add", json!({"fields": {"NUMBER": number}}))
}

async fn all_at_once(client: &Client, count: usize) {
    let mut calls: JoinSet<_> = (0..count).map(|number| client.call(add(number))).collect();
    while let Some(outcome) = calls.join_next().await {
        outcome.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_hundred_and_twenty_calls_at_once_are_not_one_too_many() {
    let portal = opened(Limits::default().bucket(50, 2.0)).await;
    let (client, traffic) = client(&portal, MemoryLimiter::standard());
    let begun = Instant::now();
    traffic.pass(all_at_once(&client, 120)).await;
    assert_eq!((portal.runs("crm.deal.add"), portal.calls().len()), (120, 120), "none was refused");
    assert_eq!(begun.elapsed(), Duration::from_secs(35), "and none waited longer than it must");
}

#[tokio::test(start_paused = true)]
async fn a_portal_that_bears_less_than_was_thought_carries_each_call_out_once() {
    let portal = opened(Limits::default().bucket(5, 2.0)).await;
    let (client, traffic) = client(&portal, MemoryLimiter::standard());
    traffic.pass(all_at_once(&client, 20)).await;
    let mut numbers: Vec<_> =
        portal.rows("crm.deal").iter().filter_map(|row| row.get("NUMBER")?.as_u64()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..20).collect::<Vec<_>>());
    assert!(
        portal.calls().len() <= 20 + 15,
        "those that were refused came back in turn: {}",
        portal.calls().len()
    );
}

#[tokio::test(start_paused = true)]
async fn a_sum_that_stays_the_same_is_no_reason_to_wait() {
    let time = json!({"finish": 1_790_000_000, "operating": 100, "operating_reset_at": 1_790_000_500});
    let server =
        MockServer::start(move |_| MockResponse::json(200, &json!({"result": true, "time": time}))).await;
    let (client, traffic) = client(&server, MemoryLimiter::standard());
    let begun = Instant::now();
    for number in 0..50 {
        traffic.pass(client.call(add(number))).await.unwrap();
    }
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_method_near_the_end_of_its_time_rests_instead_of_being_refused() {
    let portal = opened(Limits::default().operating(480.0).cost("crm.deal.add", 200.0)).await;
    let (client, traffic) = client(&portal, MemoryLimiter::standard());
    let begun = Instant::now();
    for number in 0..5 {
        traffic.pass(client.call(add(number))).await.unwrap();
    }
    assert_eq!((portal.runs("crm.deal.add"), portal.calls().len()), (5, 5), "none was refused");
    let elapsed = begun.elapsed();
    assert!(
        (600..605).contains(&elapsed.as_secs()),
        "as long as it takes for time to come free: {elapsed:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_call_that_others_have_used_up_the_time_of_is_carried_out_once_there_is_some() {
    let portal = opened(Limits::default().operating(480.0).cost("crm.deal.add", 500.0)).await;
    let (others, _) = client(&portal, MemoryLimiter::standard());
    others.call(add(0)).await.unwrap();
    let (client, traffic) = client(&portal, MemoryLimiter::standard());
    let begun = Instant::now();
    traffic.pass(client.call(add(1))).await.unwrap();
    assert_eq!(portal.runs("crm.deal.add"), 2);
    let refused = portal.calls().len() - 2;
    assert!(refused >= 1 && begun.elapsed() >= Duration::from_secs(600), "{refused} refusals");
}

#[tokio::test(start_paused = true)]
async fn a_portal_that_is_switched_off_is_asked_once() {
    let portal = opened(Limits::default().overloaded()).await;
    let (client, traffic) = client(&portal, MemoryLimiter::standard());
    let begun = Instant::now();
    let error = traffic.pass(client.call(add(0))).await.unwrap_err();
    assert_eq!((error.system_error(), error.executed()), (Some(SystemError::OverloadLimit), Executed::No));
    assert_eq!((portal.calls().len(), begun.elapsed()), (1, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_time_is_over_before_its_turn_is_not_sent_and_takes_no_turn() {
    let portal = opened(Limits::default()).await;
    let (client, traffic) = client(&portal, MemoryLimiter::new(1, 0.1));
    let begun = Instant::now();
    traffic.pass(client.call(add(0))).await.unwrap();
    let hasty = client.with_deadline(Duration::from_secs(3));
    let error: Error = traffic.pass(hasty.call(add(1))).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.executed(), begun.elapsed().as_secs()),
        (ErrorKind::Deadline, Executed::No, 3)
    );
    traffic.pass(client.call(add(2))).await.unwrap();
    assert_eq!((portal.calls().len(), begun.elapsed().as_secs()), (2, 10));
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_time_is_over_before_it_is_repeated_tells_what_was_answered() {
    let portal = opened(Limits::default()).await;
    portal.fail("crm.deal.add", Fault::OperatingLimit).always();
    let (client, traffic) = client(&portal, MemoryLimiter::standard());
    let error = traffic.pass(client.with_deadline(Duration::from_secs(3)).call(add(0))).await.unwrap_err();
    assert_eq!(
        (error.system_error(), error.executed()),
        (Some(SystemError::OperationTimeLimit), Executed::No)
    );
    assert_eq!((portal.calls().len(), portal.runs("crm.deal.add")), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn calls_that_are_given_up_while_they_wait_are_not_sent_and_delay_nobody() {
    let portal = opened(Limits::default()).await;
    let (client, traffic) = client(&portal, MemoryLimiter::new(2, 2.0));
    traffic.pass(all_at_once(&client, 2)).await;
    let mut waiting: JoinSet<_> = (0..100).map(|number| client.call(add(number))).collect();
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    waiting.shutdown().await;
    let begun = Instant::now();
    traffic.pass(client.call(add(100))).await.unwrap();
    assert_eq!((portal.calls().len(), begun.elapsed()), (3, Duration::from_millis(500)));
}

#[tokio::test]
async fn calls_that_are_given_up_under_way_leave_the_connections_in_order() {
    let portal = opened(Limits::default()).await;
    let client = Client::builder().limiter(NoLimit).webhook(&portal.webhook()).unwrap();
    portal.fail("crm.deal.add", Fault::Slow(Duration::from_secs(600))).times(20);
    let mut under_way: JoinSet<_> = (0..20).map(|number| client.call(add(number))).collect();
    while portal.runs("crm.deal.add") < 20 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    under_way.shutdown().await;
    for number in 20..30 {
        let added = client.call(add(number)).await.unwrap().result;
        let mine = portal.rows("crm.deal").into_iter().find(|row| row["ID"] == added).unwrap();
        assert_eq!(mine["NUMBER"], number, "the answer is the one to this call");
    }
    assert_eq!(portal.runs("crm.deal.add"), 30, "what was given up is not made again");
    let connections: BTreeSet<usize> = portal.calls()[20..].iter().map(|call| call.connection).collect();
    assert!(connections.len() < 5 && connections.iter().all(|used| *used >= 20), "{connections:?}");
}
