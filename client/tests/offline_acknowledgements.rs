//! Offline events are cleared after their handler, and never otherwise.

#[path = "common/offline.rs"]
mod offline;

use std::collections::BTreeSet;
use std::time::Duration;

use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{Value, json};
use bitrix24_portal::{Fault, Portal, Refusal};
use tokio::time::{sleep, timeout};

use offline::*;

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
async fn a_failed_event_is_marked_and_delivered_only_to_a_stream_of_failed_ones() {
    for error_releases in [true, false] {
        let portal = portal(2).await;
        let errors = (!error_releases).then(|| ErrorsKeepReservations::on(&portal));
        let client = client(&portal);
        let mut regular = events(&client).lease(Duration::from_millis(100));
        let (first, second) = (next(&mut regular).await, next(&mut regular).await);
        let failed = deal(&first);
        first.failed("the deal is locked").await;
        second.done().await;
        let nothing = timeout(Duration::from_secs(1), regular.next()).await;
        assert!(nothing.is_err(), "{nothing:?}");
        assert_eq!(regular.drain().await.unwrap().failed, 1);
        let left = rows(&portal);
        let marked =
            errors.as_ref().map_or_else(|| usize::from(left[0]["ERROR"] == "1"), |errors| errors.count());
        assert_eq!((left.len(), marked), (1, 1));
        assert_eq!(left[0]["PROCESS_ID"] == "", error_releases);
        let mut later = events(&client).lease(Duration::from_millis(100)).failed_before();
        let event = next(&mut later).await;
        assert_eq!(deal(&event), failed);
        event.done().await;
        later.drain().await.unwrap();
        assert!(rows(&portal).is_empty(), "{error_releases}");
    }
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
async fn lost_responses_lose_no_event_and_clear_none_that_was_not_handled() {
    let portal = portal(200).await;
    for fault in [Fault::LoseAnswer, Fault::CutAnswerAt(20)] {
        portal.fail("event.offline.get", fault.clone(), 1);
        portal.fail("event.offline.clear", fault.clone(), 1);
        portal.fail("event.offline.list", fault, 1);
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
fn assert_cleared_after_delivery(portal: &Portal) {
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
    portal.fail("event.offline.clear", Fault::error(500, "INTERNAL_SERVER_ERROR", "Internal error"), 3);
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
    portal.fail("event.offline.clear", Fault::error(403, "ACCESS_DENIED", "Access denied"), 1000);
    event.done().await;
    let error = events.drain().await.unwrap_err();
    assert!(error.is_access_denied(), "{error}");
    assert_eq!(rows(&portal).len(), 1);
}

#[tokio::test]
async fn one_refused_event_keeps_no_other_from_being_cleared() {
    let portal = portal(40).await;
    let refused: Vec<String> = (1..=40).filter(|id| id % 20 == 7).map(|id: i64| id.to_string()).collect();
    let never = refused.clone();
    portal.respond("event.offline.clear", move |call| {
        let ids = call.param("id").and_then(Value::as_array).into_iter().flatten();
        let mut ids = ids.map(|id| id.to_string().replace('"', ""));
        if ids.any(|id| never.contains(&id)) {
            return Err(Refusal::new(400, "ERROR_ARGUMENT", "Wrong row"));
        }
        call.run()
    });
    let mut events = events(&client(&portal));
    for _ in 0..40 {
        next(&mut events).await.done().await;
    }
    let mut texts = Vec::new();
    for _ in 0..2 {
        let error = next_or_error(&mut events).await.unwrap_err();
        assert_eq!((error.method(), error.code()), ("event.offline.clear", Some("ERROR_ARGUMENT")));
        texts.push(error.to_string());
    }
    for id in &refused {
        assert!(texts.iter().any(|text| text.contains(&format!("(ID {id})"))), "{texts:?}");
    }
    // The two rows are found by halves, and then nothing is repeated.
    let clears = calls(&portal, "event.offline.clear").len();
    assert!(clears <= 25, "{clears}");
    sleep(Duration::from_millis(800)).await;
    assert_eq!(calls(&portal, "event.offline.clear").len(), clears);
    let drained = events.drain().await.unwrap();
    assert_eq!((drained.cleared, drained.refused), (38, 2));
    assert_eq!(rows(&portal).len(), 2);
}

#[tokio::test]
async fn a_call_that_is_refused_for_ever_is_an_error_and_is_not_repeated() {
    for (method, done) in [("event.offline.clear", true), ("event.offline.error", false)] {
        let portal = portal(30).await;
        let mut events = events(&client(&portal)).lease(Duration::from_secs(2));
        let plan = portal.fail(method, Fault::error(403, "ACCESS_DENIED", "Access denied"), usize::MAX);
        for _ in 0..30 {
            let event = next(&mut events).await;
            if done { event.done().await } else { event.failed("a reason").await }
        }
        let error = next_or_error(&mut events).await.unwrap_err();
        assert!(error.is_access_denied() && error.to_string().contains("stay in the queue"), "{error}");
        let calls = plan.hits();
        assert!(calls <= 2, "{calls}");
        assert_eq!(rows(&portal).len(), 30);
        // Nothing is lost: the events come again after the lease, and are cleared once the right is back.
        plan.end();
        for _ in 0..30 {
            let event = next(&mut events).await;
            assert!(event.is_redelivered());
            event.done().await;
        }
        let drained = events.drain().await.unwrap();
        assert_eq!((drained.cleared, drained.refused), (30, 30), "{method}");
        assert!(rows(&portal).is_empty());
    }
}
