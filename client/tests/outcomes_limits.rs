//! The limits of a portal over real sockets: what a client sends is what the portal can bear, and what is refused all the same is
//! carried out once. What the limiter decides by itself is tested in `pace.rs`.

use std::collections::BTreeSet;
use std::time::Duration;

use bitrix24_client::{Client, Pace, Unlimited};
use bitrix24_core::{Error, Kind, Ran, Raw, SystemError, json, raw};
use tokio::task::JoinSet;
use tokio::time::Instant;

use portal::{Fault, Portal, Response};
use shop::{Limits, Shop, Table};
use traffic::Traffic;

#[path = "../../tests/support/portal.rs"]
mod portal;

#[path = "../../tests/support/shop.rs"]
mod shop;

#[path = "common/traffic.rs"]
mod traffic;

async fn opened(limits: Limits) -> Shop {
    let shop = Shop::start([Table::crm("crm.deal").filled(3)]).await;
    shop.limit(limits);
    shop
}

fn client(portal: &Portal, pace: Pace) -> (Client, Traffic) {
    let traffic = Traffic::default();
    let client =
        Client::builder().limiter(pace).observer(traffic.clone()).webhook(&portal.webhook()).unwrap();
    (client, traffic)
}

fn add(number: usize) -> Raw {
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
    let shop = opened(Limits::default().bucket(50, 2.0)).await;
    let (client, traffic) = client(&shop, Pace::standard());
    let begun = Instant::now();
    traffic.pass(all_at_once(&client, 120)).await;
    assert_eq!((shop.runs("crm.deal.add"), shop.calls().len()), (120, 120), "none was refused");
    assert_eq!(begun.elapsed(), Duration::from_secs(35), "and none waited longer than it must");
}

#[tokio::test(start_paused = true)]
async fn a_portal_that_bears_less_than_was_thought_carries_each_call_out_once() {
    let shop = opened(Limits::default().bucket(5, 2.0)).await;
    let (client, traffic) = client(&shop, Pace::standard());
    traffic.pass(all_at_once(&client, 20)).await;
    let mut numbers: Vec<_> =
        shop.rows("crm.deal").iter().filter_map(|row| row.get("NUMBER")?.as_u64()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..20).collect::<Vec<_>>());
    assert!(
        shop.calls().len() <= 20 + 15,
        "those that were refused came back in turn: {}",
        shop.calls().len()
    );
}

#[tokio::test(start_paused = true)]
async fn a_sum_that_stays_the_same_is_no_reason_to_wait() {
    let time = json!({"finish": 1_790_000_000, "operating": 100, "operating_reset_at": 1_790_000_500});
    let portal = Portal::start(move |_| Response::json(200, &json!({"result": true, "time": time}))).await;
    let (client, traffic) = client(&portal, Pace::standard());
    let begun = Instant::now();
    for number in 0..50 {
        traffic.pass(client.call(add(number))).await.unwrap();
    }
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_method_near_the_end_of_its_time_rests_instead_of_being_refused() {
    let shop = opened(Limits::default().operating(480.0).cost("crm.deal.add", 200.0)).await;
    let (client, traffic) = client(&shop, Pace::standard());
    let begun = Instant::now();
    for number in 0..5 {
        traffic.pass(client.call(add(number))).await.unwrap();
    }
    assert_eq!((shop.runs("crm.deal.add"), shop.calls().len()), (5, 5), "none was refused");
    let took = begun.elapsed();
    assert!((600..605).contains(&took.as_secs()), "as long as it takes for time to come free: {took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_others_have_used_up_the_time_of_is_carried_out_once_there_is_some() {
    let shop = opened(Limits::default().operating(480.0).cost("crm.deal.add", 500.0)).await;
    let (others, _) = client(&shop, Pace::standard());
    others.call(add(0)).await.unwrap();
    let (client, traffic) = client(&shop, Pace::standard());
    let begun = Instant::now();
    traffic.pass(client.call(add(1))).await.unwrap();
    assert_eq!(shop.runs("crm.deal.add"), 2);
    let refused = shop.calls().len() - 2;
    assert!(refused >= 1 && begun.elapsed() >= Duration::from_secs(600), "{refused} refusals");
}

#[tokio::test(start_paused = true)]
async fn a_portal_that_is_switched_off_is_asked_once() {
    let shop = opened(Limits::default().overloaded()).await;
    let (client, traffic) = client(&shop, Pace::standard());
    let begun = Instant::now();
    let error = traffic.pass(client.call(add(0))).await.unwrap_err();
    assert_eq!((error.system(), error.ran()), (Some(SystemError::OverloadLimit), Ran::No));
    assert_eq!((shop.calls().len(), begun.elapsed()), (1, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_time_is_over_before_its_turn_is_not_sent_and_takes_no_turn() {
    let shop = opened(Limits::default()).await;
    let (client, traffic) = client(&shop, Pace::new(1, 0.1));
    let begun = Instant::now();
    traffic.pass(client.call(add(0))).await.unwrap();
    let hasty = client.with_deadline(Duration::from_secs(3));
    let error: Error = traffic.pass(hasty.call(add(1))).await.unwrap_err();
    assert_eq!((error.kind(), error.ran(), begun.elapsed().as_secs()), (Kind::Deadline, Ran::No, 3));
    traffic.pass(client.call(add(2))).await.unwrap();
    assert_eq!((shop.calls().len(), begun.elapsed().as_secs()), (2, 10));
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_time_is_over_before_it_is_repeated_tells_what_was_answered() {
    let shop = opened(Limits::default()).await;
    shop.fail("crm.deal.add", Fault::OperatingLimit).always();
    let (client, traffic) = client(&shop, Pace::standard());
    let error = traffic.pass(client.with_deadline(Duration::from_secs(3)).call(add(0))).await.unwrap_err();
    assert_eq!((error.system(), error.ran()), (Some(SystemError::OperationTimeLimit), Ran::No));
    assert_eq!((shop.calls().len(), shop.runs("crm.deal.add")), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn calls_that_are_given_up_while_they_wait_are_not_sent_and_delay_nobody() {
    let shop = opened(Limits::default()).await;
    let (client, traffic) = client(&shop, Pace::new(2, 2.0));
    traffic.pass(all_at_once(&client, 2)).await;
    let mut waiting: JoinSet<_> = (0..100).map(|number| client.call(add(number))).collect();
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    waiting.shutdown().await;
    let begun = Instant::now();
    traffic.pass(client.call(add(100))).await.unwrap();
    assert_eq!((shop.calls().len(), begun.elapsed()), (3, Duration::from_millis(500)));
}

#[tokio::test]
async fn calls_that_are_given_up_under_way_leave_the_connections_in_order() {
    let shop = opened(Limits::default()).await;
    let client = Client::builder().limiter(Unlimited).webhook(&shop.webhook()).unwrap();
    shop.fail("crm.deal.add", Fault::Slow(Duration::from_secs(600))).times(20);
    let mut under_way: JoinSet<_> = (0..20).map(|number| client.call(add(number))).collect();
    while shop.runs("crm.deal.add") < 20 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    under_way.shutdown().await;
    for number in 20..30 {
        let added = client.call(add(number)).await.unwrap().result;
        let mine = shop.rows("crm.deal").into_iter().find(|row| row["ID"] == added).unwrap();
        assert_eq!(mine["NUMBER"], number, "the answer is the one to this call");
    }
    assert_eq!(shop.runs("crm.deal.add"), 30, "what was given up is not made again");
    let connections: BTreeSet<usize> = shop.calls()[20..].iter().map(|call| call.connection).collect();
    assert!(connections.len() < 5 && connections.iter().all(|used| *used >= 20), "{connections:?}");
}
