//! The outcome of a call with a fault: its error, how many times it was sent, and how many times the portal executed it. Every
//! row of the table is checked in the same way: no call is lost or duplicated, and no secret is leaked.
//!
//! The table is in `common/outcomes.rs`. Each row is tried over a new connection and over a reused one, where other clients retry
//! what they should not; with reads, and with writes over both APIs; and with a fault in one attempt or in all of them.

use std::net::SocketAddr;
use std::time::Duration;

use bitrix24_client::{Client, NoLimit};
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{Api, Error, ErrorKind, Executed, Method, RawErrorCode, RawRequest, json, raw};
use tokio::task::JoinSet;

use bitrix24_portal::{Call, Fault, Portal};
use bitrix24_testing::{MockResponse, MockServer};
use outcomes::{
    ATTEMPTS, Operation, Outcome, Retried, Row, portal_with_deals, rows, secret, webhook_elsewhere,
};

#[path = "common/outcomes.rs"]
mod outcomes;

impl Operation {
    fn request(self) -> RawRequest {
        let task = json!({"fields": {"title": "Oak", "creatorId": 1, "responsibleId": 1}});
        match self {
            Self::Write => raw("crm.deal.add", json!({"fields": {"TITLE": "Oak", "UF_CRM_PLACES": [1, 2]}})),
            Self::WriteV3 => raw("tasks.task.add", task).v3(),
            Self::Read => raw("crm.deal.get", json!({"ID": 2})).read_only(),
        }
    }
}

/// One scenario of a row.
#[derive(Clone, Copy, Debug)]
struct Scenario {
    operation: Operation,
    /// Whether the connection was used before.
    reused: bool,
    /// How many attempts have the fault.
    times: usize,
}

/// Every scenario of a row. A call that is never retried has the fault once.
fn scenarios(row: &Row) -> impl Iterator<Item = Scenario> {
    let limit = if row.retried == Retried::Never { 1 } else { ATTEMPTS };
    let acts = [Operation::Write, Operation::WriteV3, Operation::Read].into_iter();
    acts.flat_map(|operation| [false, true].map(|reused| (operation, reused))).flat_map(
        move |(operation, reused)| {
            (1..=limit).step_by(ATTEMPTS - 1).map(move |times| Scenario { operation, reused, times })
        },
    )
}

/// A portal for the scenarios of a row, and a client with a short backoff, so that the test is fast.
struct Trial {
    row: Row,
    portal: Portal,
    client: Client,
}

impl Trial {
    async fn of(row: Row) -> Self {
        let portal = portal_with_deals(3).await;
        let attempts = u32::try_from(ATTEMPTS).unwrap();
        let retries =
            RetryPolicy::default().with_max_attempts(attempts).with_initial_backoff(Duration::from_millis(1));
        // A fault has no effect on the calls after it.
        let builder = Client::builder().limiter(NoLimit).retry_policy(retries).overload_pause(Duration::ZERO);
        let client = builder.webhook(&portal.webhook()).unwrap();
        Self { row, portal, client }
    }

    /// Makes one call without a fault, over a connection that is kept or closed.
    async fn prepare(&self, reused: bool) -> SocketAddr {
        let list = || raw("crm.deal.list", json!({}));
        if !reused {
            let headers = vec![("connection".to_owned(), "close".to_owned())];
            let closing = Fault::Respond { status: 200, headers, body: r#"{"result": []}"#.into() };
            self.portal.fail("crm.deal.list", closing, 1);
        }
        self.client.call(list()).await.unwrap();
        self.portal.calls().last().unwrap().peer
    }

    async fn check(&self, scenario: Scenario) {
        let Self { row, portal, .. } = self;
        let context = format!("{}: {:?}, {scenario:?}", row.name, row.fault);
        let request = scenario.operation.request();
        let method = request.info().name.to_owned();
        let connection = self.prepare(scenario.reused).await;
        let count = || portal.rows("crm.deal").len() + portal.rows("tasks.task").len();
        let before = (calls_of(portal, &method).len(), portal.runs(&method), count());

        let plan = portal.fail(&method, row.fault.clone(), scenario.times);
        let plan = if row.after_running { plan.after_running() } else { plan };
        let timeouts = Duration::from_secs(if row.times_out() { 2 } else { 60 });
        let outcome = self.client.with_timeout(timeouts).call(request).await;
        plan.end();
        let error = outcome.as_ref().err();
        let (calls, expected) =
            (&calls_of(portal, &method)[before.0..], row.expected(scenario.operation, scenario.times));
        let found = Outcome {
            error: error
                .map(|error| (error.kind(), error.executed(), error.status(), code(&expected, error))),
            sent: calls.len(),
            runs: portal.runs(&method) - before.1,
        };
        assert_eq!(found, expected, "{context}: {error:?}");
        assert_eq!(plan.hits(), scenario.times.min(found.sent), "{context}: the fault was applied");
        error.inspect(|error| check_error(&context, &secret(portal), error, found.runs));
        check_calls(&context, calls, scenario.operation);
        assert_eq!(calls[0].peer == connection, scenario.reused, "{context}: the connection");
        let written = if scenario.operation == Operation::Read { 0 } else { found.runs };
        assert_eq!(count(), before.2 + written, "{context}: the rows match the executions");
    }
}

/// The calls of a method.
fn calls_of(portal: &Portal, method: &str) -> Vec<Call> {
    portal.calls().into_iter().filter(|call| call.method == method).collect()
}

/// The code of an error, as a `'static` text if it is the expected one.
fn code(expected: &Outcome, error: &Error<RawErrorCode>) -> Option<&'static str> {
    let code = error.code()?;
    let expected = expected.error.and_then(|error| error.3).filter(|expected| *expected == code);
    Some(expected.unwrap_or("another code"))
}

/// Checks that an error is right about the execution, and that it does not contain the secret.
fn check_error(context: &str, secret: &str, error: &Error<RawErrorCode>, runs: usize) {
    assert!(error.executed() != Executed::No || runs == 0, "{context}: it was executed");
    let mut text = format!("{error} {error:?} {error:#?} {}", error.description());
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text += &format!(" {error} {error:?}");
        cause = error.source();
    }
    assert!(!text.contains(secret), "{context}: {text}");
}

/// Checks that each attempt is the complete call, and that all attempts are equal.
fn check_calls(context: &str, calls: &[Call], operation: Operation) {
    let request = operation.request();
    let expected = request.params().into_map();
    for call in calls {
        assert_eq!(call.params, expected, "{context}");
        assert_eq!(call.api == bitrix24_portal::Api::V3, request.info().api == Api::V3, "{context}");
        assert_eq!(call.idempotency_key, calls[0].idempotency_key, "{context}");
    }
    assert_eq!(calls[0].idempotency_key.is_some(), operation == Operation::WriteV3, "{context}");
}

#[tokio::test]
async fn no_call_is_lost_duplicated_or_leaked() {
    let elsewhere = portal_with_deals(3).await;
    let webhook = webhook_elsewhere(&elsewhere);
    let (slow, others): (Vec<Row>, Vec<Row>) = rows(&webhook).into_iter().partition(Row::times_out);
    // Calls that time out run concurrently with the others, and start when all are prepared.
    let mut ready = Vec::new();
    for row in slow {
        for scenario in scenarios(&row) {
            ready.push((Trial::of(row.clone()).await, scenario));
        }
    }
    let checks = ready.into_iter().map(|(trial, scenario)| async move { trial.check(scenario).await });
    let mut pending: JoinSet<()> = checks.collect();
    for row in others {
        let trial = Trial::of(row).await;
        for scenario in scenarios(&trial.row) {
            trial.check(scenario).await;
        }
    }
    while let Some(checked) = pending.join_next().await {
        checked.unwrap();
    }
    assert!(elsewhere.calls().is_empty(), "the other portal received no request");
}

#[tokio::test]
async fn a_connection_closed_while_idle_causes_no_duplicate() {
    let ends: [fn() -> MockResponse; 3] = [
        || MockResponse::result(json!(7)).then_hang_up(),
        || MockResponse::result(json!(7)).then_reset(),
        || MockResponse::result(json!(7)).then_close(),
    ];
    for end in ends {
        let server = MockServer::start(move |_| end()).await;
        let client = Client::webhook(&server.webhook()).unwrap();
        for number in 0..20 {
            let outcome = client.call(raw("stock.add", json!({"number": number}))).await;
            let received = server.calls().iter().filter(|call| call.params["number"] == number).count();
            match outcome {
                Ok(_) => assert_eq!(received, 1, "{number}"),
                Err(error) => {
                    assert_eq!(
                        (error.kind(), error.executed()),
                        (ErrorKind::Transport, Executed::Unknown),
                        "{error:?}"
                    );
                    assert!(received <= 1, "{number} arrived {received} times");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_lost_response_among_many_fails_only_its_own_call() {
    let portal = portal_with_deals(3).await;
    let client = Client::webhook(&portal.webhook()).unwrap();
    portal.fail("crm.deal.add", Fault::LoseAnswer, 4).skip(3);
    let add =
        |number: i64| client.call(raw("crm.deal.add", json!({"fields": {"TITLE": number.to_string()}})));
    let mut calls: JoinSet<_> = (0..20).map(add).collect();
    let mut lost = 0;
    while let Some(outcome) = calls.join_next().await {
        lost += usize::from(outcome.unwrap().is_err_and(|error| error.executed() == Executed::Unknown));
    }
    let rows = portal.rows("crm.deal");
    let mut numbers: Vec<i64> =
        rows.iter().filter_map(|row| row.get("TITLE")?.as_str()?.parse().ok()).collect();
    numbers.sort_unstable();
    assert_eq!((lost, numbers), (4, (0..20).collect()));
}
