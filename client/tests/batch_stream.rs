//! Batches as streams: several calls at the same time, and outcomes as they arrive.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bitrix24_client::{Batch, BatchHandle, BatchStream, Client, NoLimit};
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{ErrorKind, Executed, Map, RawRequest, Value, json, raw};
use tokio::time::sleep;

use bitrix24_portal::Portal;
use bitrix24_testing::{Call, Fault, MockResponse, MockServer};

/// How long a call takes.
const SLOW: Duration = Duration::from_millis(200);

fn client(webhook: &str) -> Client {
    Client::builder().limiter(NoLimit).retry_policy(RetryPolicy::never()).webhook(webhook).unwrap()
}

/// Takes a while for each batch; its commands return their parameter `n`, or fail if it is `x`.
fn slowly(call: &Call) -> MockResponse {
    let run = |_: &str, params: &Map<String, Value>| match params.get("n") {
        Some(Value::String(text)) if text == "x" => json!({"error": "NO_SUCH_SHELF"}),
        number => json!({"result": number}),
    };
    MockResponse::result(bitrix24_testing::run_batch(&call.params, run)).after(SLOW)
}

async fn slow_server() -> MockServer {
    MockServer::start(slowly).await
}

fn numbers(batch: &mut Batch, numbers: std::ops::Range<usize>) -> Vec<BatchHandle<RawRequest>> {
    numbers.map(|number| batch.add(raw("test.echo", json!({"n": number})))).collect()
}

async fn collect(mut outcomes: BatchStream) -> Vec<bitrix24_client::BatchOutcome> {
    let mut all = Vec::new();
    while let Some(outcome) = outcomes.next().await {
        all.push(outcome);
    }
    all
}

#[tokio::test]
async fn calls_run_at_the_same_time_within_the_concurrency() {
    for (concurrency, rounds) in [(1, 8), (4, 2), (100, 1)] {
        let server = slow_server().await;
        let mut batch = Batch::new();
        let handles = numbers(&mut batch, 0..400);
        let start = Instant::now();
        let outcomes = collect(client(&server.webhook()).run_stream(batch).concurrency(concurrency)).await;
        let elapsed = start.elapsed();
        assert!(elapsed >= SLOW * rounds, "{concurrency}: {elapsed:?}");
        // One after another they take at least 1.6 s.
        assert!(concurrency == 1 || elapsed < SLOW * 8, "{concurrency}: {elapsed:?}");
        assert_eq!((server.calls().len(), outcomes.len()), (8, 400));
        let positions: BTreeSet<usize> = outcomes.iter().map(|outcome| outcome.position()).collect();
        assert_eq!(positions.len(), 400, "each once");
        for outcome in outcomes {
            let handle = handles[outcome.position()];
            let response = outcome.get(handle).unwrap().unwrap();
            assert_eq!(response.result, json!(outcome.position().to_string()));
            assert!(outcome.get(handles[(outcome.position() + 1) % 400]).is_none());
        }
    }
}

#[tokio::test]
async fn outcomes_arrive_before_the_last_call_and_a_slow_reader_loses_none() {
    let server = slow_server().await;
    let client = client(&server.webhook()).with_timeout(SLOW * 15);
    let mut batch = Batch::new();
    let _ = numbers(&mut batch, 0..300);
    let mut outcomes = client.run_stream(batch).concurrency(2);
    assert!(outcomes.next().await.unwrap().error().is_none());
    // The other call continues, and does not time out, although the stream is not polled.
    sleep(SLOW * 18).await;
    assert!(server.calls().len() <= 4, "nothing is sent in advance");
    let rest = collect(outcomes).await;
    assert_eq!(rest.len(), 299);
    assert!(rest.iter().all(|outcome| outcome.error().is_none()), "{rest:?}");
}

#[tokio::test]
async fn requests_that_refer_to_each_other_stay_together_and_halt_together() {
    let portal = Portal::start().await.unwrap();
    let mut batch = Batch::new().halt_on_error();
    let mut handles = Vec::new();
    for number in 0..60 {
        let contact = batch.add(raw("crm.contact.add", json!({"fields": {"NAME": number}})));
        let deal = batch.add(raw("crm.deal.add", json!({"fields": {"TITLE": number}})));
        batch.set_param(deal, "fields[CONTACT_ID]", contact.result());
        handles.extend([contact, deal]);
    }
    let outcomes = collect(client(&portal.webhook()).run_stream(batch).concurrency(4)).await;
    assert!(
        outcomes
            .iter()
            .enumerate()
            .all(|(at, outcome)| outcome.position() == at && outcome.error().is_none())
    );
    let deals = portal.rows("crm.deal");
    let contacts = portal.rows("crm.contact");
    assert_eq!((deals.len(), portal.calls().len()), (60, 3));
    for (deal, contact) in deals.iter().zip(&contacts) {
        assert_eq!(deal["TITLE"], contact["NAME"]);
        assert_eq!(deal["CONTACT_ID"], contact["ID"]);
    }
}

#[tokio::test]
async fn nothing_runs_after_a_request_that_halts() {
    let server = slow_server().await;
    let mut batch = Batch::new().halt_on_error();
    let _ = numbers(&mut batch, 0..70);
    let failing = batch.add(raw("test.echo", json!({"n": "x"})));
    let _ = numbers(&mut batch, 71..200);
    let outcomes = collect(client(&server.webhook()).run_stream(batch).concurrency(4)).await;
    assert_eq!((server.calls().len(), outcomes.len()), (2, 200));
    assert_eq!(outcomes[70].get(failing).unwrap().unwrap_err().code(), Some("NO_SUCH_SHELF"));
    for outcome in &outcomes[71..] {
        let error = outcome.error().unwrap();
        assert_eq!((error.kind(), error.executed()), (ErrorKind::NotExecuted, Executed::No));
        assert!(error.to_string().contains("command 71"), "{error}");
    }
    assert!(outcomes[..70].iter().all(|outcome| outcome.error().is_none()));
}

#[tokio::test]
async fn no_call_starts_after_one_that_failed_and_the_others_are_kept() {
    let server = slow_server().await;
    server.fail("batch", Fault::LoseResponse).skipping(1);
    let mut batch = Batch::new();
    let _ = numbers(&mut batch, 0..400);
    let outcomes = collect(client(&server.webhook()).run_stream(batch).concurrency(2)).await;
    let count = |kind: Option<ErrorKind>| {
        outcomes.iter().filter(|outcome| outcome.error().map(|error| error.kind()) == kind).count()
    };
    assert_eq!(outcomes.len(), 400);
    assert_eq!(count(Some(ErrorKind::Transport)), 50, "the lost call");
    assert_eq!(count(None), 50 * (server.calls().len() - 1), "the calls beside it");
    assert_eq!(count(Some(ErrorKind::NotExecuted)), 400 - 50 * server.calls().len());
    let lost: Vec<_> = outcomes.iter().filter(|outcome| outcome.error().is_some()).collect();
    assert_eq!(lost[0].error().unwrap().executed(), Executed::Unknown);
}

#[tokio::test]
async fn an_invalid_request_is_refused_before_anything_is_sent() {
    let server = slow_server().await;
    let mut batch = Batch::new();
    let _ = numbers(&mut batch, 0..60);
    let invalid = batch.add(raw("test.echo", json!({"n": null})));
    let outcomes = collect(client(&server.webhook()).run_stream(batch)).await;
    assert_eq!((server.calls().len(), outcomes.len()), (0, 61));
    assert_eq!(outcomes[60].get(invalid).unwrap().unwrap_err().kind(), ErrorKind::Request);
    assert!(outcomes[..60].iter().all(|outcome| outcome.error().unwrap().kind() == ErrorKind::NotExecuted));
    assert!(collect(client(&server.webhook()).run_stream(Batch::new())).await.is_empty());
}

#[tokio::test]
async fn only_the_rejected_requests_are_sent_again() {
    let portal = Portal::start().await.unwrap();
    let limited = bitrix24_portal::Fault::error(429, "OPERATION_TIME_LIMIT", "Method is blocked");
    portal.fail("crm.deal.add", limited, 1).skip(70);
    let retries = RetryPolicy::default().with_initial_backoff(Duration::from_millis(1));
    let client = Client::builder().limiter(NoLimit).retry_policy(retries).webhook(&portal.webhook()).unwrap();
    let mut batch = Batch::new();
    for number in 0..120 {
        let _ = batch.add(raw("crm.deal.add", json!({"fields": {"TITLE": number}})));
    }
    let outcomes = collect(client.run_stream(batch)).await;
    assert!(outcomes.iter().all(|outcome| outcome.error().is_none()), "{outcomes:?}");
    assert_eq!((portal.rows("crm.deal").len(), portal.calls().len()), (120, 4));
}

#[tokio::test]
async fn a_dropped_stream_sends_nothing_more() {
    let sent = Arc::new(AtomicUsize::new(0));
    let arrived = Arc::clone(&sent);
    let server = MockServer::start(move |call| {
        arrived.fetch_add(1, Ordering::SeqCst);
        MockResponse::result(bitrix24_testing::run_batch(&call.params, |_, _| json!({"result": 1})))
            .after(SLOW)
    })
    .await;
    let mut batch = Batch::new();
    let _ = numbers(&mut batch, 0..1000);
    let client = client(&server.webhook());
    let mut outcomes = client.run_stream(batch).concurrency(3);
    assert!(outcomes.next().await.is_some());
    drop(outcomes);
    let after = sent.load(Ordering::SeqCst);
    assert!(after <= 3, "{after}");
    sleep(SLOW * 3).await;
    assert_eq!(sent.load(Ordering::SeqCst), after);
    // The connections are usable.
    let mut batch = Batch::new();
    let _ = numbers(&mut batch, 0..10);
    assert!(collect(client.run_stream(batch)).await.iter().all(|outcome| outcome.error().is_none()));
}

#[test]
fn a_runtime_that_ends_leaves_the_outcome_open() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let server = MockServer::start_on_thread(slowly);
    let mut batch = Batch::new();
    let _ = numbers(&mut batch, 0..400);
    let mut outcomes = client(&server.webhook()).run_stream(batch).concurrency(2);
    let first = runtime();
    first.block_on(async { outcomes.next().await.unwrap() });
    drop(first);
    let rest = runtime().block_on(collect(outcomes));
    let executed: Vec<Option<Executed>> =
        rest.iter().map(|outcome| outcome.error().map(|error| error.executed())).collect();
    let count = |expected| executed.iter().filter(|executed| **executed == expected).count();
    assert_eq!(rest.len(), 399);
    let calls = server.calls().len();
    assert!((2..=4).contains(&calls), "{calls}");
    // A call may have ended, or not have been sent, at that moment.
    assert!(count(Some(Executed::Unknown)) % 50 == 0 && count(Some(Executed::Unknown)) <= 100);
    assert_eq!(count(Some(Executed::No)) % 50, 0);
    assert!(
        count(None) >= 49 && count(Some(Executed::Unknown)) + count(Some(Executed::No)) >= 300,
        "{calls}"
    );
}
