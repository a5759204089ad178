//! What becomes of a call when something goes wrong: what the caller is told, how often it was sent, and how often the portal
//! carried it out. That nothing was lost, doubled or leaked is checked in the same way for every row of the table.
//!
//! The table is in `common/outcomes.rs`: a row has the fault and what is to come of a write and of a read. Each is tried over a
//! new connection and over one that has served before, where other clients repeat what they should not, and writes over both
//! interfaces.

use std::time::Duration;

use bitrix24_client::Client;
use bitrix24_core::{Api, Code, Error, Kind, Method, Ran, Raw, Value, json, raw};
use tokio::task::JoinSet;

use outcomes::{Outcome, Row, rows};
use portal::{Call, Fault, Portal, Response, SECRET};
use shop::{Shop, Table};

#[path = "common/outcomes.rs"]
mod outcomes;

#[path = "../../tests/support/portal.rs"]
mod portal;

#[path = "../../tests/support/shop.rs"]
mod shop;

/// What is called: a write of either interface, or a read.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Act {
    Write,
    WriteV3,
    Read,
}

impl Act {
    const ALL: [Self; 3] = [Self::Write, Self::WriteV3, Self::Read];

    fn request(self) -> Raw {
        let fields = json!({"fields": {"NAME": "Oak", "PLACES": [1, 2]}});
        match self {
            Self::Write => raw("crm.deal.add", fields),
            Self::WriteV3 => raw("note.page.add", fields).v3(),
            Self::Read => raw("crm.deal.get", json!({"ID": 2})).that_only_reads(),
        }
    }

    fn expected(self, row: &Row) -> Outcome {
        if self == Self::Read { row.read } else { row.write }
    }
}

async fn opened() -> Shop {
    Shop::start([Table::crm("crm.deal").filled(3), Table::v3("note.page").filled(3)]).await
}

/// Tries one row in one way.
async fn check(row: Row, act: Act, warm: bool) {
    let told = format!(
        "{}: {:?}, {act:?}, over a {} connection",
        row.name,
        row.fault,
        if warm { "warm" } else { "new" }
    );
    let shop = opened().await;
    let timeout = if row.waits() { Duration::from_secs(2) } else { Duration::from_secs(30) };
    let client = Client::builder().timeout(timeout).webhook(&shop.webhook()).unwrap();
    if warm {
        client.call(raw("crm.deal.list", json!({}))).await.unwrap();
    }
    let method = method_of(&act.request());
    let plan = shop.fail(&method, row.fault.clone());
    let plan = if row.having_run { plan.having_run() } else { plan };

    let outcome = client.call(act.request()).await;
    let error = outcome.as_ref().err();
    let found = Outcome {
        told: error
            .map(|error| (error.kind(), error.ran(), error.status(), known(act.expected(&row), error))),
        sent: shop.calls_of(&method).len(),
        runs: shop.runs(&method),
    };
    assert_eq!(found, act.expected(&row), "{told}: {error:?}");
    assert_eq!(plan.met(), 1, "{told}: the fault was met");
    error.inspect(|error| check_error(&told, error, found.runs));
    check_calls(&told, &shop.calls_of(&method), act, warm);
    let rows = shop.rows("crm.deal").len() + shop.rows("note.page").len();
    let written = if act == Act::Read { 0 } else { found.runs };
    assert_eq!(rows, 6 + written, "{told}: what is there is what was carried out");

    // Whatever it was, it is over.
    assert!(client.call(act.request()).await.is_ok(), "{told}: the next call");
}

/// The code that an error has, as a text that lives as long as the table.
fn known(expected: Outcome, error: &Error<Code>) -> Option<&'static str> {
    let code = error.code()?;
    let expected = expected.told.and_then(|told| told.3).filter(|expected| *expected == code);
    Some(expected.unwrap_or("another code"))
}

fn method_of(request: &Raw) -> String {
    request.info().name.to_owned()
}

/// An error tells the truth about what has happened, and nothing of the key.
fn check_error(told: &str, error: &Error<Code>, runs: usize) {
    assert!(error.ran() != Ran::No || runs == 0, "{told}: it has run");
    let mut text = format!("{error} {error:?} {error:#?} {}", error.description());
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text += &format!(" {error} {error:?}");
        cause = error.source();
    }
    assert!(!text.contains(SECRET), "{told}: {text}");
}

/// Whatever was sent is the call, whole.
fn check_calls(told: &str, calls: &[Call], act: Act, warm: bool) {
    let request = act.request();
    let expected = Value::Object(request.params().into_map());
    for call in calls {
        assert_eq!((call.verb.as_str(), &call.params), ("POST", &expected), "{told}");
        assert_eq!(call.v3, request.info().api == Api::V3, "{told}");
    }
    if warm {
        assert_eq!(calls[0].connection, 0, "{told}: the connection that had served before");
    }
}

#[tokio::test]
async fn nothing_is_lost_doubled_or_leaked() {
    let elsewhere = opened().await;
    let (waiting, others): (Vec<Row>, Vec<Row>) = rows(&elsewhere.origin()).into_iter().partition(Row::waits);
    let ways = || Act::ALL.into_iter().flat_map(|act| [(act, false), (act, true)]);
    let mut pending = JoinSet::new();
    for row in waiting {
        for (act, warm) in ways() {
            pending.spawn(check(row.clone(), act, warm));
        }
    }
    for row in others {
        for (act, warm) in ways() {
            check(row.clone(), act, warm).await;
        }
    }
    while let Some(checked) = pending.join_next().await {
        checked.unwrap();
    }
    assert_eq!(elsewhere.calls(), [], "nothing was told to another portal");
}

#[tokio::test]
async fn a_connection_that_died_in_the_meantime_repeats_nothing() {
    let ends: [fn() -> Response; 3] = [
        || Response::result(json!(7)).hanging_up(),
        || Response::result(json!(7)).resetting(),
        || Response::result(json!(7)).closing(),
    ];
    for end in ends {
        let portal = Portal::start(move |_| end()).await;
        let client = Client::webhook(&portal.webhook()).unwrap();
        for number in 0..20 {
            let outcome = client.call(raw("stock.add", json!({"number": number}))).await;
            let arrived = portal.calls().iter().filter(|call| call.params["number"] == number).count();
            match outcome {
                Ok(_) => assert_eq!(arrived, 1, "{number}"),
                Err(error) => {
                    assert_eq!((error.kind(), error.ran()), (Kind::Transport, Ran::Maybe), "{error:?}");
                    assert!(arrived <= 1, "{number} arrived {arrived} times");
                }
            }
        }
    }
}

#[tokio::test]
async fn answers_lost_among_many_are_told_to_those_who_wait_for_them() {
    let shop = opened().await;
    let client = Client::webhook(&shop.webhook()).unwrap();
    shop.fail("crm.deal.add", Fault::LoseAnswer).skipping(3).times(4);
    let add = |number: i64| client.call(raw("crm.deal.add", json!({"fields": {"NUMBER": number}})));
    let mut calls: JoinSet<_> = (0..20).map(add).collect();
    let mut lost = 0;
    while let Some(outcome) = calls.join_next().await {
        lost += usize::from(outcome.unwrap().is_err_and(|error| error.ran() == Ran::Maybe));
    }
    let mut numbers: Vec<_> =
        shop.rows("crm.deal").iter().filter_map(|row| row.get("NUMBER")?.as_i64()).collect();
    numbers.sort_unstable();
    assert_eq!((lost, numbers), (4, (0..20).collect()));
}
