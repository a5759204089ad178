//! The secret of a webhook is in no visible text: no `Debug`, no `Display`, no cause, no log line.
//!
//! A process has one logger, so this file has one test.

use std::fmt;
use std::time::Duration;

use bitrix24_client::Client;
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{Error, ErrorCode, Response, json, raw};

use bitrix24_testing::{MockResponse, MockServer, SECRET};
use faults::RESPONSES;
use methods::{CountByName, CountRows};

#[path = "common/faults.rs"]
mod faults;

#[path = "common/log_capture.rs"]
mod log_capture;

#[path = "common/methods.rs"]
mod methods;

/// A client that sends each call once; retries are tested elsewhere.
fn client_without_retries(webhook: &str) -> Client {
    Client::builder()
        .timeout(Duration::from_secs(2))
        .retry_policy(RetryPolicy::never())
        .webhook(webhook)
        .unwrap()
}

#[tokio::test]
async fn no_output_contains_the_secret() {
    log_capture::install();

    for fault in RESPONSES {
        let server = MockServer::start(fault.response).await;
        let client = client_without_retries(&server.webhook());
        check_error(fault.name, client.call(CountRows).await);
        check(fault.name, &format!("{client:?}"));
    }
    check_errors_of_typed_results().await;
    check_errors_without_a_response().await;
    log_capture::check_lines(|line| check("a log line", line));
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
        let client = client_without_retries(&server.webhook());
        check_error(&name, client.call(CountByName { store: 1 }).await);
    }
}

async fn check_errors_without_a_response() {
    let closed = MockServer::start(|_| MockResponse::bytes("")).await.webhook();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let client = client_without_retries(&closed);
    check_error("refused", client.call(CountRows).await);
    check_error("a URL as the method name", client.call(raw(closed.as_str(), json!({}))).await);
    let client = client_without_retries(&closed.replace("http:", "https:"));
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
