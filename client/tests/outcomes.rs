//! What becomes of a call when something goes wrong: what the caller is told, how often it was sent, and how often the portal
//! carried it out. That nothing was lost, doubled or leaked is checked in the same way for every row of the table.
//!
//! The table is in `common/outcomes.rs`. Each row is tried over a new connection and over one that has served before, where other
//! clients repeat what they should not; with reads, and with writes over both interfaces; and with a fault that befalls one
//! attempt or all of them.

use std::time::Duration;

use bitrix24_client::{Client, NoLimit};
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{Api, Error, ErrorKind, Executed, Method, RawErrorCode, RawRequest, Value, json, raw};
use tokio::task::JoinSet;

use mock_portal::{MockPortal, Table};
use mock_server::{Call, Fault, MockResponse, MockServer, SECRET};
use outcomes::{ATTEMPTS, Act, Again, Outcome, Row, rows};

#[path = "common/outcomes.rs"]
mod outcomes;

#[path = "../../tests/support/mock_server.rs"]
mod mock_server;

#[path = "../../tests/support/mock_portal.rs"]
mod mock_portal;

impl Act {
    fn request(self) -> RawRequest {
        let fields = json!({"fields": {"NAME": "Oak", "PLACES": [1, 2]}});
        match self {
            Self::Write => raw("crm.deal.add", fields),
            Self::WriteV3 => raw("note.page.add", fields).v3(),
            Self::Read => raw("crm.deal.get", json!({"ID": 2})).read_only(),
        }
    }
}

/// One way to try a row.
#[derive(Clone, Copy, Debug)]
struct Way {
    act: Act,
    /// Over a connection that has served before.
    warm: bool,
    /// How many attempts the fault befalls.
    times: usize,
}

/// Every way to try a row. A call that is made once in any case need not meet with the fault again.
fn ways(row: &Row) -> impl Iterator<Item = Way> {
    let most = if row.again == Again::Never { 1 } else { ATTEMPTS };
    let acts = [Act::Write, Act::WriteV3, Act::Read].into_iter();
    acts.flat_map(|act| [false, true].map(|warm| (act, warm))).flat_map(move |(act, warm)| {
        (1..=most).step_by(ATTEMPTS - 1).map(move |times| Way { act, warm, times })
    })
}

async fn opened() -> MockPortal {
    MockPortal::start([Table::crm("crm.deal").filled(3), Table::v3("note.page").filled(3)]).await
}

/// A portal for trials of a row, and a client that comes back soon, so that the test is over soon.
struct Trial {
    row: Row,
    portal: MockPortal,
    client: Client,
}

impl Trial {
    async fn of(row: Row) -> Self {
        let portal = opened().await;
        let attempts = u32::try_from(ATTEMPTS).unwrap();
        let retries =
            RetryPolicy::default().with_max_attempts(attempts).with_initial_backoff(Duration::from_millis(1));
        let client =
            Client::builder().limiter(NoLimit).retry_policy(retries).webhook(&portal.webhook()).unwrap();
        Self { row, portal, client }
    }

    /// Calls once without a fault, over a connection that is kept or not.
    async fn prepare(&self, warm: bool) -> usize {
        let list = || raw("crm.deal.list", json!({}));
        if !warm {
            let closing = MockResponse::result(json!([])).closing();
            self.portal.fail("crm.deal.list", Fault::Instead(closing));
        }
        self.client.call(list()).await.unwrap();
        self.portal.calls().last().unwrap().connection
    }

    async fn check(&self, way: Way) {
        let Self { row, portal, .. } = self;
        let told = format!("{}: {:?}, {way:?}", row.name, row.fault);
        let request = way.act.request();
        let method = request.info().name.to_owned();
        let connection = self.prepare(way.warm).await;
        let count = || portal.rows("crm.deal").len() + portal.rows("note.page").len();
        let before = (portal.calls_of(&method).len(), portal.runs(&method), count());

        let plan = portal.fail(&method, row.fault.clone()).times(way.times);
        let plan = if row.after_running { plan.after_running() } else { plan };
        let timeouts = Duration::from_secs(if row.waits() { 2 } else { 60 });
        let outcome = self.client.with_timeout(timeouts).call(request).await;
        plan.end();
        let error = outcome.as_ref().err();
        let (calls, expected) = (&portal.calls_of(&method)[before.0..], row.expected(way.act, way.times));
        let found = Outcome {
            told: error.map(|error| (error.kind(), error.executed(), error.status(), code(&expected, error))),
            sent: calls.len(),
            runs: portal.runs(&method) - before.1,
        };
        assert_eq!(found, expected, "{told}: {error:?}");
        assert_eq!(plan.hits(), way.times.min(found.sent), "{told}: the fault was met");
        error.inspect(|error| check_error(&told, error, found.runs));
        check_calls(&told, calls, way.act);
        assert_eq!(calls[0].connection == connection, way.warm, "{told}: the connection");
        let written = if way.act == Act::Read { 0 } else { found.runs };
        assert_eq!(count(), before.2 + written, "{told}: what is there is what was carried out");
    }
}

/// The code that an error has, as a text that lives as long as the table.
fn code(expected: &Outcome, error: &Error<RawErrorCode>) -> Option<&'static str> {
    let code = error.code()?;
    let expected = expected.told.and_then(|told| told.3).filter(|expected| *expected == code);
    Some(expected.unwrap_or("another code"))
}

/// An error tells the truth about what has happened, and nothing of the key.
fn check_error(told: &str, error: &Error<RawErrorCode>, runs: usize) {
    assert!(error.executed() != Executed::No || runs == 0, "{told}: it has run");
    let mut text = format!("{error} {error:?} {error:#?} {}", error.description());
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text += &format!(" {error} {error:?}");
        cause = error.source();
    }
    assert!(!text.contains(SECRET), "{told}: {text}");
}

/// Whatever was sent is the call, whole, and a repeat is the same again.
fn check_calls(told: &str, calls: &[Call], act: Act) {
    let request = act.request();
    let expected = Value::Object(request.params().into_map());
    for call in calls {
        assert_eq!((call.verb.as_str(), &call.params), ("POST", &expected), "{told}");
        assert_eq!(call.v3, request.info().api == Api::V3, "{told}");
        assert_eq!(call.header("idempotency-key"), calls[0].header("idempotency-key"), "{told}");
    }
    assert_eq!(calls[0].header("idempotency-key").is_some(), act == Act::WriteV3, "{told}");
}

#[tokio::test]
async fn nothing_is_lost_doubled_or_leaked() {
    let elsewhere = opened().await;
    let origin = elsewhere.origin().replace("127.0.0.1", "localhost");
    let (waiting, others): (Vec<Row>, Vec<Row>) = rows(&origin).into_iter().partition(Row::waits);
    // Those who wait do it together, beside the others, and begin when all are ready.
    let mut ready = Vec::new();
    for row in waiting {
        for way in ways(&row) {
            ready.push((Trial::of(row.clone()).await, way));
        }
    }
    let waits = ready.into_iter().map(|(trial, way)| async move { trial.check(way).await });
    let mut pending: JoinSet<()> = waits.collect();
    for row in others {
        let trial = Trial::of(row).await;
        for way in ways(&trial.row) {
            trial.check(way).await;
        }
    }
    while let Some(checked) = pending.join_next().await {
        checked.unwrap();
    }
    assert_eq!(elsewhere.calls(), [], "nothing was told to another portal");
}

#[tokio::test]
async fn a_connection_that_died_in_the_meantime_repeats_nothing() {
    let ends: [fn() -> MockResponse; 3] = [
        || MockResponse::result(json!(7)).hanging_up(),
        || MockResponse::result(json!(7)).resetting(),
        || MockResponse::result(json!(7)).closing(),
    ];
    for end in ends {
        let server = MockServer::start(move |_| end()).await;
        let client = Client::webhook(&server.webhook()).unwrap();
        for number in 0..20 {
            let outcome = client.call(raw("stock.add", json!({"number": number}))).await;
            let arrived = server.calls().iter().filter(|call| call.params["number"] == number).count();
            match outcome {
                Ok(_) => assert_eq!(arrived, 1, "{number}"),
                Err(error) => {
                    assert_eq!(
                        (error.kind(), error.executed()),
                        (ErrorKind::Transport, Executed::Unknown),
                        "{error:?}"
                    );
                    assert!(arrived <= 1, "{number} arrived {arrived} times");
                }
            }
        }
    }
}

#[tokio::test]
async fn answers_lost_among_many_are_told_to_those_who_wait_for_them() {
    let portal = opened().await;
    let client = Client::webhook(&portal.webhook()).unwrap();
    portal.fail("crm.deal.add", Fault::LoseResponse).skipping(3).times(4);
    let add = |number: i64| client.call(raw("crm.deal.add", json!({"fields": {"NUMBER": number}})));
    let mut calls: JoinSet<_> = (0..20).map(add).collect();
    let mut lost = 0;
    while let Some(outcome) = calls.join_next().await {
        lost += usize::from(outcome.unwrap().is_err_and(|error| error.executed() == Executed::Unknown));
    }
    let rows = portal.rows("crm.deal");
    let mut numbers: Vec<i64> = rows.iter().filter_map(|row| row.get("NUMBER")?.as_i64()).collect();
    numbers.sort_unstable();
    assert_eq!((lost, numbers), (4, (0..20).collect()));
}
