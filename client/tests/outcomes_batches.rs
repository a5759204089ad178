//! The outcomes of the requests of a batch when one of them or the call itself has a fault.

use std::time::Duration;

use bitrix24_client::{Batch, BatchHandle, Client, NoLimit};
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{Error, ErrorKind, Executed, RawErrorCode, RawRequest, json, raw};

use bitrix24_portal::{Fault, Portal};
use outcomes::{
    ATTEMPTS, Operation, Row, operating_limit, portal_with_deals, query_limit, rows, secret,
    webhook_elsewhere,
};

#[path = "common/outcomes.rs"]
mod outcomes;

async fn start_portal() -> (Portal, Client) {
    let portal = portal_with_deals(3).await;
    let attempts = u32::try_from(ATTEMPTS).unwrap();
    let retries =
        RetryPolicy::default().with_max_attempts(attempts).with_initial_backoff(Duration::from_millis(1));
    // A fault has no effect on the calls after it.
    let builder = Client::builder().limiter(NoLimit).retry_policy(retries).overload_pause(Duration::ZERO);
    let client = builder.webhook(&portal.webhook()).unwrap();
    (portal, client)
}

fn add(number: usize) -> RawRequest {
    raw("crm.deal.add", json!({"fields": {"TITLE": number}}))
}

/// Adds requests to a batch that add `count` rows.
fn add_to_batch(batch: &mut Batch, count: usize) -> Vec<BatchHandle<RawRequest>> {
    (0..count).map(|number| batch.add(add(number))).collect()
}

fn numbers(portal: &Portal) -> Vec<u64> {
    let rows = portal.rows("crm.deal");
    // Titles are text, and those of the first deals are no numbers.
    rows.iter().filter_map(|row| row.get("TITLE")?.as_str()?.parse().ok()).collect()
}

#[tokio::test]
async fn a_failed_request_hides_none_of_the_others() {
    let refuse = |code| Fault::error(400, code, "No such deal");
    let cases = [
        (refuse(""), ErrorKind::Method, Executed::Unknown, Some("")),
        (refuse("1048582"), ErrorKind::Method, Executed::Unknown, Some("1048582")),
        (refuse("NOT_FOUND"), ErrorKind::Method, Executed::Unknown, Some("NOT_FOUND")),
        (operating_limit(), ErrorKind::System, Executed::No, Some("OPERATION_TIME_LIMIT")),
        (Fault::LoseAnswer, ErrorKind::UnexpectedResponse, Executed::Unknown, None),
        (Fault::Close, ErrorKind::UnexpectedResponse, Executed::Unknown, None),
    ];
    for (fault, kind, executed, code) in cases {
        let (portal, client) = start_portal().await;
        let client = client.with_retry_policy(RetryPolicy::never());
        let context = format!("{fault:?}");
        portal.fail("crm.deal.get", fault, 1);
        let mut batch = Batch::new();
        let mut handles = add_to_batch(&mut batch, 20);
        let failing = batch.add(raw("crm.deal.get", json!({"ID": 2})));
        handles.extend(add_to_batch(&mut batch, 29));
        let responses = client.run(batch).await;

        let error = responses.get(failing).unwrap_err();
        assert_eq!(
            (error.kind(), error.executed(), error.code(), error.method()),
            (kind, executed, code, "crm.deal.get"),
            "{context}: {error:?}"
        );
        assert_eq!(responses.errors().map(|(position, _)| position).collect::<Vec<_>>(), [20], "{context}");
        for handle in handles {
            assert!(responses.get(handle).is_ok(), "{context}");
        }
        let expected: Vec<u64> = (0..20).chain(0..29).collect();
        assert_eq!((numbers(&portal), portal.calls().len()), (expected, 1), "{context}: each once, in order");
    }
}

#[tokio::test]
async fn nothing_runs_after_a_halting_request_in_any_call() {
    let (portal, client) = start_portal().await;
    portal.fail("crm.deal.add", Fault::error(400, "LOCKED", ""), 1).skip(20);
    let mut batch = Batch::new().halt_on_error();
    let handles = add_to_batch(&mut batch, 120);
    let responses = client.run(batch).await;
    assert_eq!((numbers(&portal), portal.calls().len()), ((0..20).collect(), 1));
    let kinds: Vec<_> =
        handles.iter().map(|handle| responses.get(*handle).err().map(|error| error.kind())).collect();
    assert!(kinds[..20].iter().all(Option::is_none));
    assert_eq!(kinds[20], Some(ErrorKind::Method));
    assert!(kinds[21..].iter().all(|kind| *kind == Some(ErrorKind::NotExecuted)));
}

#[tokio::test]
async fn only_the_rejected_requests_of_a_batch_are_sent_again() {
    for fault in [query_limit(), operating_limit()] {
        let (portal, client) = start_portal().await;
        // The third one of the first call, and the next one of each call, once or again.
        portal.fail("crm.deal.add", fault.clone(), 1).skip(2);
        portal.fail("crm.deal.add", fault, 30).skip(100);
        let mut batch = Batch::new();
        let handles = add_to_batch(&mut batch, 120);
        let responses = client.run(batch).await;
        assert_eq!(responses.errors().count(), 0);
        for handle in handles {
            assert!(responses.get(handle).is_ok());
        }
        let mut added = numbers(&portal);
        added.sort_unstable();
        assert_eq!(added, (0..120).collect::<Vec<_>>(), "each once");
        assert!(portal.calls().len() > 3);
    }
}

#[tokio::test]
async fn requests_that_are_rejected_for_too_long_are_errors() {
    let (portal, client) = start_portal().await;
    portal.fail("crm.deal.get", query_limit(), usize::MAX);
    let policy = RetryPolicy::default()
        .with_initial_backoff(Duration::from_millis(1))
        .with_rejection_budget(Duration::from_millis(100));
    let mut batch = Batch::new();
    let rejected = batch.add(raw("crm.deal.get", json!({"ID": 2})));
    let added = batch.add(add(7));
    let responses = client.with_retry_policy(policy).run(batch).await;
    let error = responses.get(rejected).unwrap_err();
    assert_eq!((error.code(), error.executed()), (Some("QUERY_LIMIT_EXCEEDED"), Executed::No));
    assert!(error.attempts() > 2, "{error}");
    assert!(responses.get(added).is_ok());
    assert_eq!(numbers(&portal), [7]);
}

#[tokio::test]
async fn rejected_requests_are_sent_again_within_the_deadline() {
    // Between the rounds, and while the limiter waits for operating time.
    for (fault, limited) in [(query_limit(), false), (operating_limit(), true)] {
        let (portal, client) = start_portal().await;
        let client = if limited { Client::builder().webhook(&portal.webhook()).unwrap() } else { client };
        portal.fail("crm.deal.get", fault.clone(), usize::MAX);
        let policy =
            RetryPolicy::default().with_initial_backoff(Duration::from_millis(10)).with_multiplier(1.0);
        let client = client.with_retry_policy(policy).with_deadline(Duration::from_millis(300));
        let mut batch = Batch::new();
        let rejected = batch.add(raw("crm.deal.get", json!({"ID": 2})));
        let added = batch.add(add(7));
        let run = tokio::time::timeout(Duration::from_secs(5), client.run(batch));
        let responses = run.await.expect("the deadline to end the run");
        let error = responses.get(rejected).unwrap_err();
        assert_eq!((error.kind(), error.executed()), (ErrorKind::System, Executed::No), "{fault:?}: {error}");
        assert!(error.is_limit() && (limited || error.attempts() > 2), "{fault:?}: {error}");
        assert!(responses.get(added).is_ok(), "{fault:?}");
        assert_eq!(numbers(&portal), [7]);
    }
}

#[tokio::test]
async fn only_the_rate_limited_call_of_a_batch_is_retried() {
    let (portal, client) = start_portal().await;
    portal.fail("batch", query_limit(), ATTEMPTS - 1).skip(1);
    let mut batch = Batch::new();
    let _ = add_to_batch(&mut batch, 120);
    let responses = client.run(batch).await;
    assert_eq!(responses.errors().count(), 0);
    assert_eq!((numbers(&portal), portal.calls().len()), ((0..120).collect(), 3 + ATTEMPTS - 1));
}

#[tokio::test]
async fn a_call_of_a_batch_whose_response_is_lost_is_not_retried() {
    let (portal, client) = start_portal().await;
    portal.fail("batch", Fault::LoseAnswer, usize::MAX).skip(1);
    let mut batch = Batch::new();
    let handles = add_to_batch(&mut batch, 120);
    let responses = client.run(batch).await;
    assert_eq!((numbers(&portal), portal.calls().len()), ((0..100).collect(), 2));
    for (number, handle) in handles.into_iter().enumerate() {
        let executed = responses.get(handle).map(drop).map_err(|error| error.executed());
        let expected = [Ok(()), Err(Executed::Unknown), Err(Executed::No)][number / 50];
        assert_eq!(executed, expected, "{number}");
    }
}

#[tokio::test]
async fn a_command_that_may_have_run_in_a_lost_attempt_is_uncertain() {
    for (halts, rejected) in [(true, false), (false, true)] {
        let (portal, client) = start_portal().await;
        portal.fail("batch", Fault::LoseAnswer, 1).after_running();
        if rejected {
            // The second command is rejected after the lost attempt, and does not exist in the next round.
            portal.fail("crm.deal.delete", query_limit(), 1).skip(3);
        }
        let mut batch = if halts { Batch::new().halt_on_error() } else { Batch::new() };
        let handles = [1, 2].map(|id| batch.add(raw("crm.deal.delete", json!({"id": id}))));
        let read = batch.add(raw("crm.deal.get", json!({"id": 3})));
        let responses = client.safe_to_repeat().run(batch).await;
        assert_eq!(portal.rows("crm.deal").len(), 1, "both are deleted");
        assert_eq!(portal.calls().len(), if rejected { 3 } else { 2 });
        let errors = handles.map(|handle| responses.get(handle).unwrap_err());
        assert_eq!(errors[1].kind() == ErrorKind::NotExecuted, halts, "{}", errors[1]);
        for error in errors {
            assert_eq!(error.executed(), Executed::Unknown, "{error}");
        }
        assert_eq!(responses.get(read).is_err(), halts);
    }
}

#[tokio::test]
async fn a_rejection_after_a_lost_attempt_is_uncertain() {
    let (portal, client) = start_portal().await;
    portal.fail("batch", Fault::LoseAnswer, 1).after_running();
    portal.fail("crm.deal.delete", query_limit(), usize::MAX).skip(1);
    let policy = RetryPolicy::default()
        .with_initial_backoff(Duration::from_millis(1))
        .with_rejection_budget(Duration::from_millis(50));
    let mut batch = Batch::new();
    let deleted = batch.add(raw("crm.deal.delete", json!({"id": 1})));
    let responses = client.safe_to_repeat().with_retry_policy(policy).run(batch).await;
    let error = responses.get(deleted).unwrap_err();
    assert_eq!(
        (error.code(), error.executed()),
        (Some("QUERY_LIMIT_EXCEEDED"), Executed::Unknown),
        "{error}"
    );
    assert_eq!(portal.rows("crm.deal").len(), 2);
}

/// Checks that a batch of writes with a fault has the outcome of a single write.
async fn check(row: &Row, times: usize, portal: &Portal, client: &Client) {
    let context = format!("{}: {:?} {times} times", row.name, row.fault);
    let before = (portal.calls().len(), portal.runs("batch"), portal.rows("crm.deal").len());
    let plan = portal.fail("batch", row.fault.clone(), times);
    let plan = if row.after_running { plan.after_running() } else { plan };
    let mut batch = Batch::new();
    let handles = add_to_batch(&mut batch, 3);
    let responses = client.run(batch).await;
    plan.end();

    let expected = row.expected(Operation::Write, times);
    let runs = portal.runs("batch") - before.1;
    assert_eq!((portal.calls().len() - before.0, runs), (expected.sent, expected.runs), "{context}");
    assert_eq!(portal.rows("crm.deal").len() - before.2, 3 * runs, "{context}: nothing is duplicated");
    for handle in handles {
        match (expected.error, responses.get(handle)) {
            (None, Ok(_)) => {}
            (Some((_, _, status, _)), Err(error)) => {
                assert_eq!((error.status(), error.method_error()), (status, None), "{context}: {error:?}");
                check_error(&context, &secret(portal), &error, runs);
            }
            (expected, found) => panic!("{context}: expected {expected:?}, found {found:?}"),
        }
    }
}

fn check_error(context: &str, secret: &str, error: &Error<RawErrorCode>, runs: usize) {
    assert!(error.executed() != Executed::No || runs == 0, "{context}: it was executed");
    let mut text = format!("{error} {error:?}");
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text += &format!(" {error} {error:?}");
        cause = error.source();
    }
    assert!(!text.contains(secret), "{context}: {text}");
}

#[tokio::test]
async fn no_write_of_a_batch_is_lost_duplicated_or_leaked() {
    let (elsewhere, _) = start_portal().await;
    let webhook = webhook_elsewhere(&elsewhere);
    let (portal, client) = start_portal().await;
    // Timeouts are the same for calls, which are tested already.
    for row in rows(&webhook).iter().filter(|row| !row.times_out()) {
        for times in [1, ATTEMPTS] {
            check(row, times, &portal, &client).await;
        }
    }
    assert!(elsewhere.calls().is_empty(), "the other portal received no request");
}
