//! Offline events of workers that have ended are delivered again.

#[path = "common/offline.rs"]
mod offline;

use std::collections::BTreeSet;
use std::time::Duration;

use bitrix24_client::Client;
use bitrix24_client::offline::FileClaims;
use bitrix24_core::{json, raw};
use tokio::time::{sleep, timeout};

use offline::*;

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
async fn an_event_that_fails_again_waits_for_the_lease() {
    for error_releases in [true, false] {
        let portal = portal(1).await;
        let _errors = (!error_releases).then(|| ErrorsKeepReservations::on(&portal));
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
