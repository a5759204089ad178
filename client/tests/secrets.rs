//! The secret of a webhook is in no text that anyone could see: no `Debug`, no `Display`, no cause, no line of a log.
//!
//! The log is one for the process, so this file has one test.

use std::fmt;
use std::time::Duration;

use bitrix24_client::Client;
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{Error, ErrorCode, Response, json, raw};

use faults::ANSWERS;
use methods::{CountByName, CountRows};
use mock_server::{MockResponse, MockServer, SECRET};

#[path = "../../tests/support/mock_server.rs"]
mod mock_server;

#[path = "common/faults.rs"]
mod faults;

#[path = "common/listener.rs"]
mod listener;

#[path = "common/methods.rs"]
mod methods;

/// A client that sends each call once: what is repeated is another test's matter.
fn once(webhook: &str) -> Client {
    Client::builder()
        .timeout(Duration::from_secs(2))
        .retry_policy(RetryPolicy::never())
        .webhook(webhook)
        .unwrap()
}

#[tokio::test]
async fn no_text_shows_the_secret() {
    listener::listen();

    for fault in ANSWERS {
        let server = MockServer::start(fault.response).await;
        let client = once(&server.webhook());
        check_error(fault.name, client.call(CountRows).await);
        check(fault.name, &format!("{client:?}"));
    }
    check_errors_of_typed_results().await;
    check_errors_without_an_answer().await;
    listener::each_line(|line| check("a line of the log", line));
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
        let server = MockServer::start(move |_| MockResponse::result(result.clone())).await;
        let client = once(&server.webhook());
        check_error(&name, client.call(CountByName { store: 1 }).await);
    }
}

async fn check_errors_without_an_answer() {
    let gone = MockServer::start(|_| MockResponse::bytes("")).await.webhook();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let client = once(&gone);
    check_error("refused", client.call(CountRows).await);
    check_error("a pasted address", client.call(raw(gone.as_str(), json!({}))).await);
    let client = once(&gone.replace("http:", "https:"));
    check_error("refused under TLS", client.call(CountRows).await);
}

fn check_error<T: fmt::Debug, E: ErrorCode>(name: &str, outcome: Result<Response<T>, Error<E>>) {
    let error = outcome.unwrap_err();
    check(name, &format!("{error} {error:?} {error:#?}"));
    check(name, error.description());
    check(name, error.code().unwrap_or_default());
    check(name, error.method());
    check(name, &error.method_error().map(|own| own.code().to_owned()).unwrap_or_default());
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
