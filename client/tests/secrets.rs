//! The secret of a webhook is in no text that anyone could see: no `Debug`, no `Display`, no cause, no line of a log.
//!
//! The log is one for the process, so this file has one test.

use std::fmt::{self, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bitrix24_client::Client;
use bitrix24_core::retry::Policy;
use bitrix24_core::{Error, ErrorCode, Reply, json, raw};
use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber, span};

use faults::ANSWERS;
use methods::{CountByName, CountRows};
use portal::{Portal, Response, SECRET};

#[path = "../../tests/support/portal.rs"]
mod portal;

#[path = "common/faults.rs"]
mod faults;

#[path = "common/methods.rs"]
mod methods;

/// A client that sends each call once: what is repeated is another test's matter.
fn once(webhook: &str) -> Client {
    Client::builder().timeout(Duration::from_secs(2)).retries(Policy::never()).webhook(webhook).unwrap()
}

#[tokio::test]
async fn no_text_shows_the_secret() {
    log::set_logger(&Listener).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    tracing::subscriber::set_global_default(Listener).unwrap();

    for fault in ANSWERS {
        let portal = Portal::start(fault.response).await;
        let client = once(&portal.webhook());
        check_error(fault.name, client.call(CountRows).await);
        check(fault.name, &format!("{client:?}"));
    }
    check_errors_of_typed_results().await;
    check_errors_without_an_answer().await;
    check_lines();
}

async fn check_errors_of_typed_results() {
    let results = [
        json!(SECRET.to_ascii_uppercase()),
        json!({SECRET: "many"}),
        json!({"bolt": [1, SECRET]}),
        json!({"bolt": {SECRET: 1, "b": 2}}),
        json!({"bolt": [{SECRET: 1}]}),
    ];
    for result in results {
        let name = result.to_string();
        let portal = Portal::start(move |_| Response::result(result.clone())).await;
        let client = once(&portal.webhook());
        check_error(&name, client.call(CountByName { store: 1 }).await);
    }
}

async fn check_errors_without_an_answer() {
    let gone = Portal::start(|_| Response::bytes("")).await.webhook();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let client = once(&gone);
    check_error("refused", client.call(CountRows).await);
    check_error("a pasted address", client.call(raw(gone.as_str(), json!({}))).await);
    let client = once(&gone.replace("http:", "https:"));
    check_error("refused under TLS", client.call(CountRows).await);
}

fn check_error<T: fmt::Debug, E: ErrorCode>(name: &str, outcome: Result<Reply<T>, Error<E>>) {
    let error = outcome.unwrap_err();
    check(name, &format!("{error} {error:?} {error:#?}"));
    check(name, error.description());
    check(name, error.code().unwrap_or_default());
    check(name, error.method());
    check(name, &error.own().map(|own| own.code().to_owned()).unwrap_or_default());
    if let Some(mismatch) = error.mismatch() {
        check(name, &format!("{mismatch} {mismatch:?} {} {}", mismatch.path(), mismatch.found()));
    }
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        check(name, &format!("{error} {error:?} {error:#?}"));
        cause = error.source();
    }
}

fn check(name: &str, text: &str) {
    assert!(!text.to_ascii_lowercase().contains(&SECRET.to_ascii_lowercase()), "{name}: {text}");
}

/// What the libraries below have logged. That there is something shows that the listener hears.
fn check_lines() {
    let lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
    for source in ["log", "tracing"] {
        assert!(lines.iter().any(|line| line.starts_with(source)), "nothing was heard of {source}");
    }
    for line in lines.iter() {
        check("a line of the log", line);
    }
}

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Keeps every line of `log` and every span and event of `tracing`, at every level.
struct Listener;

fn keep(line: String) {
    LINES.lock().unwrap_or_else(PoisonError::into_inner).push(line);
}

impl log::Log for Listener {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        keep(format!("log {} {}", record.target(), record.args()));
    }

    fn flush(&self) {}
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = write!(self.0, " {field}={value:?}");
    }
}

impl Subscriber for Listener {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        let mut line = Line(format!("tracing {}", span.metadata().name()));
        span.record(&mut line);
        keep(line.0);
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        let mut line = Line("tracing".to_owned());
        values.record(&mut line);
        keep(line.0);
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(format!("tracing {}", event.metadata().target()));
        event.record(&mut line);
        keep(line.0);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}
