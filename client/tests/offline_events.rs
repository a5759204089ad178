//! Offline events: taken by reservation, cleared after their handler, delivered again otherwise.

use std::collections::BTreeSet;
use std::time::Duration;

use bitrix24_client::offline::FileClaims;
use bitrix24_client::{App, Client, MemoryStore, NoLimit, OfflineEvent, OfflineEvents};
use bitrix24_core::events::EventType;
use bitrix24_core::oauth::Tokens;
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::wire::{Fields, FromFields};
use bitrix24_core::{AnyError, Value, json, raw};
use bitrix24_testing::{CLIENT_ID, CLIENT_SECRET, Fault, MockPortal, MockResponse, MockServer, Row};
use tokio::time::{sleep, timeout};

const SOON: Duration = Duration::from_secs(20);

#[derive(Debug, Default, PartialEq)]
struct DealUpdate {
    id: Option<i64>,
}

impl FromFields for DealUpdate {
    fn from_fields(fields: &mut Fields<'_>) -> Self {
        let data = fields.optional::<bitrix24_core::Map<String, Value>>("FIELDS").unwrap_or_default();
        Self { id: data.get("ID").and_then(|id| bitrix24_core::wire::decode_strict(id).ok()) }
    }
}

impl EventType for DealUpdate {
    const NAME: &'static str = "ONCRMDEALUPDATE";
}

/// A portal with offline events about deals 1 to `count`.
async fn portal(count: i64) -> MockPortal {
    let portal = MockPortal::start([]).await;
    portal.bindings(|bindings| bindings.bind_offline("onCrmDealUpdate", ""));
    emit(&portal, 1..=count);
    portal
}

fn emit(portal: &MockPortal, deals: impl IntoIterator<Item = i64>) {
    for deal in deals {
        portal.emit("onCrmDealUpdate", json!({"FIELDS": {"ID": deal}}));
    }
}

fn client(portal: &MockPortal) -> Client {
    let issued = portal.tokens(bitrix24_testing::Tokens::issue);
    let tokens = Tokens::new(issued.access_token, portal.client_endpoint());
    let app = App::new(CLIENT_ID, CLIENT_SECRET).with_server(&portal.origin()).unwrap();
    Client::builder().limiter(NoLimit).application(app, MemoryStore::new(tokens))
}

/// A stream with short times.
fn events(client: &Client) -> OfflineEvents {
    client
        .offline_events()
        .poll_interval(Duration::from_millis(10), Duration::from_millis(50))
        .clear_within(Duration::from_millis(100))
        .lease(Duration::from_secs(60))
}

async fn next(events: &mut OfflineEvents) -> OfflineEvent {
    next_or_error(events).await.unwrap()
}

async fn next_or_error(events: &mut OfflineEvents) -> Result<OfflineEvent, AnyError> {
    timeout(SOON, events.next()).await.unwrap().unwrap()
}

fn deal(event: &OfflineEvent) -> i64 {
    event.read::<DealUpdate>().unwrap().id.unwrap()
}

fn rows(portal: &MockPortal) -> Vec<Row> {
    portal.offline(|queue| queue.rows().to_vec())
}

/// The parameters of all calls of a method, in batches too.
fn calls(portal: &MockPortal, method: &str) -> Vec<Value> {
    portal.calls_of(method).into_iter().map(|call| call.params).collect()
}

#[tokio::test]
async fn events_are_reserved_and_cleared_by_their_identifiers_after_the_handler() {
    let portal = portal(120).await;
    let mut events = events(&client(&portal));
    let mut seen = BTreeSet::new();
    for _ in 0..120 {
        let event = next(&mut events).await;
        assert!(!event.is_redelivered());
        let row = event.raw().envelope.offline.clone().unwrap();
        assert!(row.process_id.is_some() && row.message_id.is_some() && row.id.is_some());
        seen.insert(deal(&event));
        event.done().await;
    }
    assert_eq!(seen, (1..=120).collect());
    let drained = events.drain().await.unwrap();
    assert_eq!((drained.cleared, drained.failed), (120, 0));
    assert!(rows(&portal).is_empty());
    for call in calls(&portal, "event.offline.get") {
        assert_eq!(call["clear"], 0, "{call}");
    }
    let clears = calls(&portal, "event.offline.clear");
    assert!(clears.len() <= 6, "120 events of 3 calls are cleared in {} calls", clears.len());
    for call in clears {
        assert!(!call["id"].as_array().unwrap().is_empty() && call["process_id"].is_string(), "{call}");
    }
}

#[tokio::test]
async fn an_event_that_is_dropped_or_held_is_not_cleared() {
    let portal = portal(3).await;
    let mut events = events(&client(&portal));
    let (first, second, third) = (next(&mut events).await, next(&mut events).await, next(&mut events).await);
    let (dropped, held) = (deal(&second), deal(&third));
    first.done().await;
    drop(second);
    sleep(Duration::from_millis(400)).await;
    let left: Vec<Value> =
        rows(&portal).iter().map(|row| row["EVENT_DATA"]["FIELDS"]["ID"].clone()).collect();
    assert_eq!(left, [json!(dropped), json!(held)]);
    let draining = tokio::spawn(events.drain());
    sleep(Duration::from_millis(300)).await;
    assert!(!draining.is_finished(), "an event is still with its handler");
    third.done().await;
    assert_eq!(draining.await.unwrap().unwrap().cleared, 2);
    assert_eq!(rows(&portal).len(), 1);
}

#[tokio::test]
async fn a_dropped_event_is_delivered_again_after_the_lease() {
    let portal = portal(2).await;
    let mut events = events(&client(&portal)).lease(Duration::from_millis(600));
    let (first, second) = (next(&mut events).await, next(&mut events).await);
    let dropped = deal(&first);
    drop(first);
    second.done().await;
    let again = next(&mut events).await;
    assert_eq!((deal(&again), again.is_redelivered()), (dropped, true));
    again.done().await;
    events.drain().await.unwrap();
    assert!(rows(&portal).is_empty());
}

#[tokio::test]
async fn a_failed_event_is_marked_and_delivered_only_to_a_stream_of_failed_ones() {
    for error_releases in [true, false] {
        let portal = portal(2).await;
        portal.offline(|queue| queue.error_releases = error_releases);
        let client = client(&portal);
        let mut regular = events(&client).lease(Duration::from_millis(100));
        let (first, second) = (next(&mut regular).await, next(&mut regular).await);
        let failed = deal(&first);
        first.failed("the deal is locked").await;
        second.done().await;
        let nothing = timeout(Duration::from_secs(1), regular.next()).await;
        assert!(nothing.is_err(), "{nothing:?}");
        assert_eq!(regular.drain().await.unwrap().failed, 1);
        assert_eq!((rows(&portal).len(), rows(&portal)[0]["ERROR"].clone()), (1, json!(1)));
        let mut later = events(&client).lease(Duration::from_millis(100)).failed_before();
        let event = next(&mut later).await;
        assert_eq!(deal(&event), failed);
        event.done().await;
        later.drain().await.unwrap();
        assert!(rows(&portal).is_empty(), "{error_releases}");
    }
}

#[tokio::test]
async fn an_event_that_fails_again_waits_for_the_lease() {
    for error_releases in [true, false] {
        let portal = portal(1).await;
        portal.offline(|queue| queue.error_releases = error_releases);
        let client = client(&portal);
        let mut regular = events(&client);
        next(&mut regular).await.failed("the deal is locked").await;
        regular.drain().await.unwrap();
        let mut later = events(&client).lease(Duration::from_secs(1)).failed_before();
        next(&mut later).await.failed("the deal is locked").await;
        let nothing = timeout(Duration::from_millis(500), later.next()).await;
        assert!(nothing.is_err(), "{nothing:?}");
        let event = next(&mut later).await;
        assert!(event.is_redelivered());
        event.done().await;
        let drained = later.drain().await.unwrap();
        assert_eq!((drained.cleared, drained.failed), (1, 1));
        assert_eq!(calls(&portal, "event.offline.error").len(), 1);
    }
}

#[tokio::test]
async fn a_reservation_is_taken_over_in_parts_if_few_places_are_free() {
    let portal = portal(4).await;
    let client = client(&portal);
    let mut crashed = events(&client).limit(3);
    drop(next(&mut crashed).await);
    drop(crashed);
    let mut events = events(&client).limit(1).max_in_flight(3).lease(Duration::from_secs(1));
    let held = next(&mut events).await;
    for _ in 0..3 {
        let event = next(&mut events).await;
        assert!(event.is_redelivered());
        event.done().await;
    }
    held.done().await;
    assert_eq!(events.drain().await.unwrap().cleared, 4);
}

#[tokio::test]
async fn a_change_during_the_handling_is_another_event() {
    let portal = portal(1).await;
    let mut events = events(&client(&portal));
    let event = next(&mut events).await;
    emit(&portal, [1, 1, 1]);
    event.done().await;
    let again = next(&mut events).await;
    assert_eq!((deal(&again), again.is_redelivered()), (1, false));
    again.done().await;
    assert_eq!(events.drain().await.unwrap().cleared, 2);
    assert!(rows(&portal).is_empty());
}

#[tokio::test]
async fn the_only_worker_continues_its_earlier_run_at_once() {
    let portal = portal(60).await;
    let client = client(&portal);
    let mut crashed = events(&client);
    let first = next(&mut crashed).await;
    let cleared = deal(&first);
    first.done().await;
    // The others are lost with the stream, as in a crash.
    sleep(Duration::from_millis(400)).await;
    drop(crashed);
    let mut events = events(&client).only_worker();
    let mut seen = BTreeSet::new();
    for at in 0..59 {
        let event = next(&mut events).await;
        assert_eq!(event.is_redelivered(), at < 49, "those of the earlier run come first");
        seen.insert(deal(&event));
        event.done().await;
    }
    assert_eq!(seen, (1..=60).filter(|deal| *deal != cleared).collect());
    events.drain().await.unwrap();
    assert!(rows(&portal).is_empty());
}

#[tokio::test]
async fn a_named_reservation_is_read_first() {
    let portal = portal(60).await;
    let client = client(&portal);
    let mut crashed = events(&client);
    let process_id = next(&mut crashed).await.raw().envelope.offline.clone().unwrap().process_id.unwrap();
    drop(crashed);
    let mut events = events(&client).resume(process_id);
    for at in 0..60 {
        let event = next(&mut events).await;
        assert_eq!(event.is_redelivered(), at < 50);
        event.done().await;
    }
    events.drain().await.unwrap();
    assert!(rows(&portal).is_empty());
}

#[tokio::test]
async fn an_empty_name_of_a_reservation_is_ignored() {
    let portal = portal(2).await;
    let mut events = events(&client(&portal)).resume("");
    for _ in 0..2 {
        let event = next(&mut events).await;
        assert!(!event.is_redelivered());
        event.done().await;
    }
    assert_eq!(events.drain().await.unwrap().cleared, 2);
}

#[tokio::test]
async fn a_reservation_that_another_worker_takes_over_first_is_left_alone() {
    let portal = portal(4).await;
    let client = client(&portal);
    let mut crashed = events(&client).limit(2);
    let lost = [next(&mut crashed).await, next(&mut crashed).await, next(&mut crashed).await];
    drop((lost, crashed));
    let mut events = events(&client).limit(2).only_worker().lease(Duration::from_secs(1));
    let held = [next(&mut events).await, next(&mut events).await];
    let own = held[0].raw().envelope.offline.clone().unwrap().process_id.unwrap();
    // The other worker has cleared one event of the other reservation.
    let other = rows(&portal).into_iter().find(|row| row["PROCESS_ID"] != own.as_str()).unwrap();
    let params = json!({"process_id": other["PROCESS_ID"], "id": [other["ID"]]});
    client.call(raw("event.offline.clear", params)).await.unwrap();
    sleep(Duration::from_millis(300)).await;
    let nothing = timeout(Duration::from_millis(500), events.next()).await;
    assert!(nothing.is_err(), "{nothing:?}");
    assert!(next(&mut events).await.is_redelivered(), "after the lease");
}

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
async fn lost_responses_lose_no_event_and_clear_none_that_was_not_handled() {
    let portal = portal(200).await;
    for fault in [Fault::LoseResponse, Fault::Truncate(20)] {
        portal.fail("event.offline.get", fault.clone());
        portal.fail("event.offline.clear", fault.clone());
        portal.fail("event.offline.list", fault);
    }
    let mut events = events(&client(&portal)).lease(Duration::from_millis(500));
    let mut seen = BTreeSet::new();
    while seen.len() < 200 {
        // Errors are items; the stream continues.
        let Ok(event) = next_or_error(&mut events).await else { continue };
        seen.insert(deal(&event));
        event.done().await;
    }
    events.drain().await.unwrap();
    assert!(rows(&portal).is_empty());
    assert_cleared_after_delivery(&portal);
}

/// No event was cleared that no call had returned before, and none without an identifier.
fn assert_cleared_after_delivery(portal: &MockPortal) {
    let mut taken = false;
    for call in portal.calls() {
        match &*call.method {
            "event.offline.get" => taken = true,
            "event.offline.clear" => {
                assert!(taken && !call.params["id"].as_array().unwrap().is_empty(), "{:?}", call.params);
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_portal_that_fails_for_a_while_gets_every_acknowledgement_later() {
    let portal = portal(30).await;
    let mut events = events(&client(&portal).with_retry_policy(RetryPolicy::never()));
    let mut taken = Vec::new();
    for _ in 0..30 {
        taken.push(next(&mut events).await);
    }
    portal
        .fail("event.offline.clear", Fault::refuse(500, "INTERNAL_SERVER_ERROR", "Internal error"))
        .times(3);
    for event in taken {
        event.done().await;
    }
    let error = next_or_error(&mut events).await.unwrap_err();
    assert!(error.to_string().contains("are cleared later"), "{error}");
    assert_eq!(events.drain().await.unwrap().cleared, 30);
    assert!(rows(&portal).is_empty());
}

#[tokio::test]
async fn an_acknowledgement_that_never_arrives_is_an_error_and_the_event_stays() {
    let portal = portal(1).await;
    let mut events = events(&client(&portal));
    let event = next(&mut events).await;
    portal.fail("event.offline.clear", Fault::refuse(403, "ACCESS_DENIED", "Access denied")).times(1000);
    event.done().await;
    let error = events.drain().await.unwrap_err();
    assert!(error.is_access_denied(), "{error}");
    assert_eq!(rows(&portal).len(), 1);
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
    let portal = MockPortal::start([]).await;
    portal.bindings(|bindings| {
        bindings.bind_offline("onCrmDealUpdate", "");
        bindings.bind_offline("onCrmDealUpdate", "stock");
    });
    emit(&portal, [1]);
    portal.emit_from("stock", "onCrmDealUpdate", json!({"FIELDS": {"ID": 2}}));
    let mut stock = events(&client(&portal)).connector("stock");
    let event = next(&mut stock).await;
    assert_eq!(deal(&event), 1);
    event.done().await;
    assert!(timeout(Duration::from_millis(300), stock.next()).await.is_err());
    assert_eq!(stock.drain().await.unwrap().cleared, 1);
    let left: Vec<Value> = rows(&portal).iter().map(|row| row["CONNECTOR_ID"].clone()).collect();
    assert_eq!(left, ["", ""]);
}

#[tokio::test]
async fn a_filter_an_order_and_a_limit_are_sent() {
    let portal = portal(9).await;
    portal.bindings(|bindings| bindings.bind_offline("onCrmLeadAdd", ""));
    portal.emit("onCrmLeadAdd", json!({"FIELDS": {"ID": 5}}));
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

#[tokio::test]
async fn an_event_that_waited_for_half_of_the_lease_is_left_to_others() {
    let portal = portal(3).await;
    let mut events = events(&client(&portal)).lease(Duration::from_secs(1));
    let first = next(&mut events).await;
    sleep(Duration::from_millis(600)).await;
    first.done().await;
    // Another worker may take the two others for abandoned at any time from now on.
    for _ in 0..2 {
        let event = next(&mut events).await;
        assert!(event.is_redelivered());
        event.done().await;
    }
    assert_eq!(events.drain().await.unwrap().cleared, 3);
}

#[tokio::test]
async fn claims_show_which_workers_are_alive() {
    let folder = tempfile::tempdir().unwrap();
    let claims = || FileClaims::new(folder.path().join("claims")).unwrap();
    let portal = portal(2).await;
    let client = client(&portal);
    // The lease ends soon, but a claim counts.
    let short = |client: &Client| events(client).lease(Duration::from_millis(100)).claims(claims());
    let mut slow = short(&client);
    let (first, second) = (next(&mut slow).await, next(&mut slow).await);
    let mut other = short(&client);
    let nothing = timeout(Duration::from_secs(2), other.next()).await;
    assert!(nothing.is_err(), "{nothing:?}");
    drop((first, second, slow));
    for _ in 0..2 {
        let event = next(&mut other).await;
        assert!(event.is_redelivered());
        event.done().await;
    }
    other.drain().await.unwrap();
    assert!(rows(&portal).is_empty());
    let files = std::fs::read_dir(folder.path().join("claims")).unwrap().count();
    assert!(cfg!(windows) || files == 0, "{files} files are left");
}

#[tokio::test]
async fn events_without_a_claim_are_not_delivered() {
    let folder = tempfile::tempdir().unwrap();
    let claims = FileClaims::new(folder.path().join("claims")).unwrap();
    std::fs::remove_dir(folder.path().join("claims")).unwrap();
    let portal = portal(1).await;
    let mut events = events(&client(&portal)).lease(Duration::from_secs(1)).claims(claims);
    let error = next_or_error(&mut events).await.unwrap_err();
    assert!(error.to_string().contains("cannot be claimed"), "{error}");
    std::fs::create_dir(folder.path().join("claims")).unwrap();
    let event = next(&mut events).await;
    assert!(event.is_redelivered());
    event.done().await;
    events.drain().await.unwrap();
    assert!(rows(&portal).is_empty());
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
