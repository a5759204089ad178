//! Offline events: what a stream takes, and when.

#[path = "common/offline.rs"]
mod offline;

use std::collections::BTreeSet;
use std::time::Duration;

use bitrix24_client::{Client, NoLimit, OfflineEvents};
use bitrix24_core::{Value, json, raw};
use bitrix24_portal::Portal;
use bitrix24_testing::{MockResponse, MockServer};
use tokio::time::timeout;

use offline::*;

#[tokio::test]
async fn the_longest_times_are_accepted() {
    let portal = portal(2).await;
    let client = client(&portal);
    drop(next(&mut events(&client).limit(1)).await);
    let longest = Duration::MAX;
    let mut events =
        client.offline_events().lease(longest).clear_within(longest).poll_interval(longest, longest);
    let held = next(&mut events).await;
    assert!(timeout(Duration::from_millis(200), events.next()).await.is_err());
    held.done().await;
    assert_eq!(events.drain().await.unwrap().cleared, 1);
}

#[tokio::test]
async fn workers_take_different_events() {
    let portal = portal(1000).await;
    let client = client(&portal);
    let workers = (0..5).map(|_| {
        let mut events = events(&client).limit(20);
        tokio::spawn(async move {
            let mut seen = Vec::new();
            while let Ok(Some(event)) = timeout(Duration::from_secs(2), events.next()).await {
                let event = event.unwrap();
                seen.push(deal(&event));
                event.done().await;
            }
            events.drain().await.unwrap();
            seen
        })
    });
    let mut seen = Vec::new();
    for worker in workers.collect::<Vec<_>>() {
        seen.extend(worker.await.unwrap());
    }
    seen.sort_unstable();
    assert_eq!(seen, (1..=1000).collect::<Vec<_>>());
    assert!(rows(&portal).is_empty());
}

#[tokio::test]
async fn a_dropped_poll_loses_no_event() {
    let portal = portal(100).await;
    let mut events = events(&client(&portal)).limit(10);
    let mut seen = BTreeSet::new();
    while seen.len() < 100 {
        // Far shorter than a call.
        if let Ok(Some(event)) = timeout(Duration::from_micros(300), events.next()).await {
            let event = event.unwrap();
            assert!(!event.is_redelivered() && seen.insert(deal(&event)));
            event.done().await;
        }
    }
    events.drain().await.unwrap();
    assert!(rows(&portal).is_empty());
}

#[tokio::test]
async fn a_program_holds_a_bounded_number_of_events() {
    let portal = portal(100).await;
    let mut events = events(&client(&portal)).max_in_flight(7);
    let mut held = Vec::new();
    for _ in 0..7 {
        held.push(next(&mut events).await);
    }
    let full = timeout(Duration::from_millis(300), events.next()).await;
    assert!(full.is_err(), "{full:?}");
    let reserved = rows(&portal).iter().filter(|row| row["PROCESS_ID"] != "").count();
    assert_eq!(reserved, 7);
    for event in held {
        event.done().await;
    }
    next(&mut events).await.done().await;
}

#[tokio::test]
async fn a_stopped_stream_yields_what_it_has_and_ends() {
    let portal = portal(80).await;
    let mut events = events(&client(&portal));
    next(&mut events).await.done().await;
    events.handle().stop();
    let mut count = 1;
    while let Some(event) = timeout(SOON, events.next()).await.unwrap() {
        event.unwrap().done().await;
        count += 1;
    }
    assert_eq!((count, events.drain().await.unwrap().cleared), (50, 50));
    let reserved = rows(&portal).iter().filter(|row| row["PROCESS_ID"] != "").count();
    assert_eq!((rows(&portal).len(), reserved), (30, 0));
}

#[tokio::test]
async fn an_empty_queue_is_polled_less_often_and_a_notification_wakes_the_stream() {
    let portal = portal(0).await;
    let poll = [Duration::from_millis(100), Duration::from_secs(3600)];
    let mut events =
        events(&client(&portal)).poll_interval(poll[0], poll[1]).lease(Duration::from_secs(3600));
    let handle = events.handle();
    assert!(timeout(Duration::from_secs(2), events.next()).await.is_err());
    let polls = calls(&portal, "event.offline.get").len();
    assert!((2..=8).contains(&polls), "{polls} polls in two seconds");
    emit(&portal, [1]);
    handle.wake();
    let event = timeout(Duration::from_secs(1), events.next()).await.unwrap().unwrap().unwrap();
    event.done().await;
    events.drain().await.unwrap();
}

#[tokio::test]
async fn a_source_has_its_own_queue_without_its_own_changes() {
    let portal = Portal::start().await.unwrap();
    for connector in ["", "stock"] {
        bind_offline(&portal, "onCrmDealUpdate", connector);
    }
    let client = client(&portal);
    for title in ["Gate", "Fence"] {
        client.call(raw("crm.deal.add", json!({"fields": {"TITLE": title}}))).await.unwrap();
    }
    client.call(raw("crm.deal.update", json!({"id": 1, "fields": {"TITLE": "Door"}}))).await.unwrap();
    let own = json!({"id": 2, "fields": {"TITLE": "Wall"}, "auth_connector": "stock"});
    client.call(raw("crm.deal.update", own)).await.unwrap();
    let mut stock = events(&client).connector("stock");
    let event = next(&mut stock).await;
    assert_eq!(deal(&event), 1);
    event.done().await;
    assert!(timeout(Duration::from_millis(300), stock.next()).await.is_err());
    assert_eq!(stock.drain().await.unwrap().cleared, 1);
    assert_eq!((rows(&portal).len(), rows_of(&portal, "stock").len()), (2, 0));
}

#[tokio::test]
async fn a_filter_an_order_and_a_limit_are_sent() {
    let portal = portal(9).await;
    bind_offline(&portal, "onCrmLeadAdd", "");
    portal.fire_event("onCrmLeadAdd", json!({"FIELDS": {"ID": 5}})).unwrap();
    let filtered =
        events(&client(&portal)).filter("EVENT_NAME", "ONCRMDEALUPDATE").order("ID", false).limit(3);
    let mut events = filtered;
    let mut seen = Vec::new();
    for _ in 0..9 {
        let event = next(&mut events).await;
        seen.push(deal(&event));
        event.done().await;
    }
    assert_eq!(seen, [9, 8, 7, 6, 5, 4, 3, 2, 1]);
    events.drain().await.unwrap();
    assert_eq!(rows(&portal).len(), 1);
}

#[tokio::test]
async fn a_webhook_is_refused_and_the_error_says_what_to_do() {
    let portal = portal(1).await;
    let webhook = Client::builder().limiter(NoLimit).webhook(&portal.webhook()).unwrap();
    let error = next_or_error(&mut events(&webhook)).await.unwrap_err();
    assert_eq!(error.code(), Some("WRONG_AUTH_TYPE"));
    assert!(error.to_string().contains("Client::application"), "{error}");
}

/// A portal without reservations, whose queue has these rows.
async fn scripted(rows: Value) -> (MockServer, OfflineEvents) {
    let rows = std::sync::Mutex::new(rows);
    let server = MockServer::start(move |call| {
        if call.method != "event.offline.get" {
            return MockResponse::result(json!([]));
        }
        let taken = std::mem::replace(&mut *rows.lock().unwrap(), json!([]));
        MockResponse::result(json!({"process_id": null, "events": taken}))
    })
    .await;
    let client = Client::builder().limiter(NoLimit).webhook(&server.webhook()).unwrap();
    let events = events(&client);
    (server, events)
}

#[tokio::test]
async fn events_that_a_portal_has_not_reserved_are_delivered_with_an_error() {
    let rows = json!({"0": {"ID": "1", "EVENT_NAME": "ONCRMDEALUPDATE", "EVENT_DATA": {"FIELDS": {"ID": "7"}}}, "2": {"ID": 2}});
    let (server, mut events) = scripted(rows).await;
    let error = next_or_error(&mut events).await.unwrap_err();
    assert!(error.to_string().contains("instead of reserving"), "{error}");
    let event = next(&mut events).await;
    assert_eq!(deal(&event), 7);
    event.done().await;
    // A row without a name is an event without one.
    let event = next(&mut events).await;
    assert_eq!((event.name(), event.raw().envelope.offline.clone().unwrap().id), ("", Some(2)));
    event.failed("it has no name").await;
    assert_eq!(events.drain().await.unwrap().cleared, 0);
    assert!(server.calls_of("event.offline.clear").is_empty(), "there is nothing to clear");
}
