//! What becomes of the requests of a batch when something goes wrong with one of them, or with the call that carries them.

use std::time::Duration;

use bitrix24_client::{Batch, BatchHandle, Client, NoLimit};
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{Error, ErrorKind, Executed, RawErrorCode, RawRequest, json, raw};

use mock_portal::{MockPortal, Table};
use mock_server::{Fault, SECRET};
use outcomes::{ATTEMPTS, Act, Row, rows};

#[path = "common/outcomes.rs"]
mod outcomes;

#[path = "../../tests/support/mock_server.rs"]
mod mock_server;

#[path = "../../tests/support/mock_portal.rs"]
mod mock_portal;

async fn opened() -> (MockPortal, Client) {
    let portal = MockPortal::start([Table::crm("crm.deal").filled(3)]).await;
    let attempts = u32::try_from(ATTEMPTS).unwrap();
    let retries =
        RetryPolicy::default().with_max_attempts(attempts).with_initial_backoff(Duration::from_millis(1));
    let client = Client::builder().limiter(NoLimit).retry_policy(retries).webhook(&portal.webhook()).unwrap();
    (portal, client)
}

fn add(number: usize) -> RawRequest {
    raw("crm.deal.add", json!({"fields": {"NUMBER": number}}))
}

/// A batch that adds so many rows.
fn adding(batch: &mut Batch, count: usize) -> Vec<BatchHandle<RawRequest>> {
    (0..count).map(|number| batch.add(add(number))).collect()
}

fn numbers(portal: &MockPortal) -> Vec<u64> {
    let rows = portal.rows("crm.deal");
    // What came in a query is text.
    rows.iter().filter_map(|row| row.get("NUMBER")?.as_str()?.parse().ok()).collect()
}

#[tokio::test]
async fn one_request_that_fails_hides_none_of_the_other_forty_nine() {
    let refuse = |code| Fault::refuse(400, code, "No such deal");
    let cases = [
        (refuse(""), ErrorKind::Method, Executed::Yes, Some("")),
        (refuse("1048582"), ErrorKind::Method, Executed::Yes, Some("1048582")),
        (refuse("NOT_FOUND"), ErrorKind::Method, Executed::Yes, Some("NOT_FOUND")),
        (Fault::OperatingLimit, ErrorKind::System, Executed::No, Some("OPERATION_TIME_LIMIT")),
        (Fault::LoseResponse, ErrorKind::UnexpectedResponse, Executed::Unknown, None),
        (Fault::HangUp, ErrorKind::UnexpectedResponse, Executed::Unknown, None),
    ];
    for (fault, kind, ran, code) in cases {
        let (portal, client) = opened().await;
        let told = format!("{fault:?}");
        portal.fail_command("crm.deal.get", fault);
        let mut batch = Batch::new();
        let mut handles = adding(&mut batch, 20);
        let failing = batch.add(raw("crm.deal.get", json!({"ID": 2})));
        handles.extend(adding(&mut batch, 29));
        let replies = client.run(batch).await;

        let error = replies.get(failing).unwrap_err();
        assert_eq!(
            (error.kind(), error.executed(), error.code(), error.method()),
            (kind, ran, code, "crm.deal.get"),
            "{told}: {error:?}"
        );
        assert_eq!(replies.errors().map(|(position, _)| position).collect::<Vec<_>>(), [20], "{told}");
        for handle in handles {
            assert!(replies.get(handle).is_ok(), "{told}");
        }
        let expected: Vec<u64> = (0..20).chain(0..29).collect();
        assert_eq!((numbers(&portal), portal.calls().len()), (expected, 1), "{told}: each once, in order");
    }
}

#[tokio::test]
async fn behind_a_request_that_halts_a_batch_nothing_runs_in_any_of_its_calls() {
    let (portal, client) = opened().await;
    portal.fail_command("crm.deal.add", Fault::refuse(400, "LOCKED", "")).skipping(20);
    let mut batch = Batch::new().halt_on_error();
    let handles = adding(&mut batch, 120);
    let replies = client.run(batch).await;
    assert_eq!((numbers(&portal), portal.calls().len()), ((0..20).collect(), 1));
    let kinds: Vec<_> =
        handles.iter().map(|handle| replies.get(*handle).err().map(|error| error.kind())).collect();
    assert!(kinds[..20].iter().all(Option::is_none));
    assert_eq!(kinds[20], Some(ErrorKind::Method));
    assert!(kinds[21..].iter().all(|kind| *kind == Some(ErrorKind::NotExecuted)));
}

#[tokio::test]
async fn a_call_in_the_middle_that_is_refused_for_its_pace_is_made_again_and_the_others_are_not() {
    let (portal, client) = opened().await;
    portal.fail("batch", Fault::QueryLimit).skipping(1).times(ATTEMPTS - 1);
    let mut batch = Batch::new();
    let _ = adding(&mut batch, 120);
    let replies = client.run(batch).await;
    assert_eq!(replies.errors().count(), 0);
    assert_eq!((numbers(&portal), portal.calls().len()), ((0..120).collect(), 3 + ATTEMPTS - 1));
}

#[tokio::test]
async fn a_call_in_the_middle_whose_answer_is_lost_is_not_made_again_and_hides_nothing() {
    let (portal, client) = opened().await;
    portal.fail("batch", Fault::LoseResponse).skipping(1).always();
    let mut batch = Batch::new();
    let handles = adding(&mut batch, 120);
    let replies = client.run(batch).await;
    assert_eq!((numbers(&portal), portal.calls().len()), ((0..100).collect(), 2));
    for (number, handle) in handles.into_iter().enumerate() {
        let ran = replies.get(handle).map(drop).map_err(|error| error.executed());
        let expected = [Ok(()), Err(Executed::Unknown), Err(Executed::No)][number / 50];
        assert_eq!(ran, expected, "{number}");
    }
}

/// The requests of a batch that changes something meet with a fault as a call does that changes something.
async fn check(row: &Row, times: usize, portal: &MockPortal, client: &Client) {
    let told = format!("{}: {:?} {times} times", row.name, row.fault);
    let before = (portal.calls().len(), portal.runs("batch"), portal.rows("crm.deal").len());
    let plan = portal.fail("batch", row.fault.clone()).times(times);
    let plan = if row.after_running { plan.after_running() } else { plan };
    let mut batch = Batch::new();
    let handles = adding(&mut batch, 3);
    let replies = client.run(batch).await;
    plan.end();

    let expected = row.expected(Act::Write, times);
    let runs = portal.runs("batch") - before.1;
    assert_eq!((portal.calls().len() - before.0, runs), (expected.sent, expected.runs), "{told}");
    assert_eq!(portal.rows("crm.deal").len() - before.2, 3 * runs, "{told}: nothing is doubled");
    for handle in handles {
        match (expected.told, replies.get(handle)) {
            (None, Ok(_)) => {}
            (Some((_, _, status, _)), Err(error)) => {
                assert_eq!((error.status(), error.method_error()), (status, None), "{told}: {error:?}");
                check_error(&told, &error, runs);
            }
            (expected, found) => panic!("{told}: {expected:?} was expected, and not {found:?}"),
        }
    }
}

fn check_error(told: &str, error: &Error<RawErrorCode>, runs: usize) {
    assert!(error.executed() != Executed::No || runs == 0, "{told}: it has run");
    let mut text = format!("{error} {error:?}");
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text += &format!(" {error} {error:?}");
        cause = error.source();
    }
    assert!(!text.contains(SECRET), "{told}: {text}");
}

#[tokio::test]
async fn a_batch_that_changes_something_loses_doubles_and_leaks_nothing() {
    let (elsewhere, _) = opened().await;
    let origin = elsewhere.origin().replace("127.0.0.1", "localhost");
    let (portal, client) = opened().await;
    // That nothing comes is told by the same clock as for calls, which are waited for already.
    for row in rows(&origin).iter().filter(|row| !row.waits()) {
        for times in [1, ATTEMPTS] {
            check(row, times, &portal, &client).await;
        }
    }
    assert_eq!(elsewhere.calls(), [], "nothing was told to another portal");
}
