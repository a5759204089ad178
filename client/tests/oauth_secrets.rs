//! No token and no secret of an application is in any visible text: no `Debug`, no error, no log line.
//!
//! A process has one logger, so this file has one test.

use std::time::Duration;

use bitrix24_client::{App, Client, MemoryStore, NoLimit, TokenStore};
use bitrix24_core::oauth::Tokens;
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{Error, json, raw};

use bitrix24_testing::{Call, Fault, MockResponse, MockServer};
use faults::RESPONSES;

#[path = "common/faults.rs"]
mod faults;

#[path = "common/log_capture.rs"]
mod log_capture;

/// Short, so that calls without a response end soon. Their errors must not show a secret either.
const TIMEOUT: Duration = Duration::from_millis(500);

const SECRETS: [&str; 5] = ["acc3ss.one", "acc3ss.two", "r3fresh.one", "r3fresh.two", "app-s3cret"];

#[tokio::test]
async fn no_output_contains_a_token() {
    log_capture::install();
    for fault in RESPONSES {
        let server =
            MockServer::start(
                move |call| if call.method == "token" { refreshed(call) } else { (fault.response)(call) },
            );
        let server = server.await;
        call_and_check(fault.name, &server, tokens(&server)).await;
    }
    // Echoes of the portal and of the authorization server, and the failures of the latter.
    let server = MockServer::start(echo_error).await;
    call_and_check("an echo", &server, tokens(&server)).await;
    call_and_check("an echo after a refresh", &server, tokens(&server).with_expires_at(1)).await;
    let server_faults = [
        Fault::refuse(400, "invalid_grant", "r3fresh.one of app-s3cret"),
        Fault::refuse(400, "acc3ss.one", ""),
        Fault::Html(500),
        Fault::LoseResponse,
        Fault::Truncate(30),
        Fault::Silence,
        Fault::Redirect(302, "https://app-s3cret.example/r3fresh.one?acc3ss.one".to_owned()),
        Fault::Instead(MockResponse::text(200, "text/html", "acc3ss.two r3fresh.two")),
        Fault::Instead(MockResponse::json(
            200,
            &json!({"access_token": "acc3ss.two", "client_endpoint": "http://acc3ss.two@shop.example/acc3ss.two?r3fresh.two"}),
        )),
    ];
    for fault in server_faults {
        let name = format!("{fault:?}");
        let server = MockServer::start(echo_error).await;
        server.fail("token", fault);
        call_and_check(&name, &server, tokens(&server).with_expires_at(1)).await;
    }
    log_capture::check_lines(|line| check("a log line", line));
}

fn tokens(server: &MockServer) -> Tokens {
    Tokens::new("acc3ss.one", format!("{}/rest/", server.origin())).with_refresh_token("r3fresh.one")
}

fn refreshed(call: &Call) -> MockResponse {
    let endpoint = format!("http://{}/rest/", call.header("host").unwrap_or_default());
    let pair =
        json!({"access_token": "acc3ss.two", "refresh_token": "r3fresh.two", "client_endpoint": endpoint});
    MockResponse::json(200, &pair)
}

/// Fails each call with an error that repeats its body.
fn echo_error(call: &Call) -> MockResponse {
    if call.method == "token" { refreshed(call) } else { MockResponse::error(400, "ECHO", &call.text()) }
}

async fn call_and_check(name: &str, server: &MockServer, tokens: Tokens) {
    let app = App::new("app.1", "app-s3cret").with_server(&server.origin()).unwrap();
    let app = app.with_timeout(TIMEOUT);
    let store = MemoryStore::new(tokens);
    let builder = Client::builder().limiter(NoLimit).retry_policy(RetryPolicy::never()).timeout(TIMEOUT);
    check(name, &format!("{builder:?} {app:?} {store:?} {:?}", store.load().await));
    let client = builder.application(app, store.clone());
    for request in
        [raw("stock.rows.count", json!({"STORE": 1})), raw("stock.rows.count", json!({"STORE": 1})).v3()]
    {
        if let Err(error) = client.call(request).await {
            check_error(name, &error);
        }
    }
    check(name, &format!("{client:?} {client:#?} {store:?} {:?}", store.tokens()));
}

fn check_error(name: &str, error: &Error) {
    check(name, &format!("{error} {error:?} {error:#?}"));
    check(name, &format!("{} {:?} {:?}", error.description(), error.code(), error.auth_error()));
    let mut cause: Option<&(dyn std::error::Error + 'static)> = std::error::Error::source(error);
    while let Some(error) = cause {
        check(name, &format!("{error} {error:?} {error:#?}"));
        cause = error.source();
    }
}

fn check(name: &str, text: &str) {
    for secret in SECRETS {
        assert!(!text.to_ascii_lowercase().contains(secret), "{name}: {text}");
    }
}
