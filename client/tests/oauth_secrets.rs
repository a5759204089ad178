//! No token and no secret of an application is in any text that someone could see: no `Debug`, no error, no line of a log.
//!
//! The log is one for the process, so this file has one test.

use std::time::Duration;

use bitrix24_client::{App, Client, MemoryStore, TokenStore, Unlimited};
use bitrix24_core::oauth::Tokens;
use bitrix24_core::retry::Policy;
use bitrix24_core::{Error, json, raw};

use faults::ANSWERS;
use portal::{Call, Fault, Portal, Response};

#[path = "../../tests/support/portal.rs"]
mod portal;

#[path = "common/faults.rs"]
mod faults;

#[path = "common/listener.rs"]
mod listener;

/// A call that is cut short by it fails in another way, and must show as little.
const PATIENCE: Duration = Duration::from_millis(500);

const SECRETS: [&str; 5] = ["acc3ss.one", "acc3ss.two", "r3fresh.one", "r3fresh.two", "app-s3cret"];

#[tokio::test]
async fn no_text_shows_a_token() {
    listener::listen();
    for fault in ANSWERS {
        let portal =
            Portal::start(
                move |call| if call.method == "token" { renewed(call) } else { (fault.response)(call) },
            );
        let portal = portal.await;
        call_and_check(fault.name, &portal, tokens(&portal)).await;
    }
    // What the portal repeats, what the authorisation server repeats, and each way in which the latter fails.
    let portal = Portal::start(echo).await;
    call_and_check("an echo", &portal, tokens(&portal)).await;
    call_and_check("an echo after a renewal", &portal, tokens(&portal).with_expires(1)).await;
    let server_faults = [
        Fault::refuse(400, "invalid_grant", "r3fresh.one of app-s3cret"),
        Fault::refuse(400, "acc3ss.one", ""),
        Fault::Html(500),
        Fault::LoseAnswer,
        Fault::CutOff(30),
        Fault::Silence,
        Fault::Redirect(302, "https://app-s3cret.example/r3fresh.one?acc3ss.one".to_owned()),
        Fault::Instead(Response::text(200, "text/html", "acc3ss.two r3fresh.two")),
        Fault::Instead(Response::json(
            200,
            &json!({"access_token": "acc3ss.two", "client_endpoint": "http://acc3ss.two@shop.example/acc3ss.two?r3fresh.two"}),
        )),
    ];
    for fault in server_faults {
        let name = format!("{fault:?}");
        let portal = Portal::start(echo).await;
        portal.fail("token", fault);
        call_and_check(&name, &portal, tokens(&portal).with_expires(1)).await;
    }
    listener::each_line(|line| check("a line of the log", line));
}

fn tokens(portal: &Portal) -> Tokens {
    Tokens::new("acc3ss.one", format!("{}/rest/", portal.origin())).with_refresh_token("r3fresh.one")
}

fn renewed(call: &Call) -> Response {
    let endpoint = format!("http://{}/rest/", call.header("host").unwrap_or_default());
    let pair =
        json!({"access_token": "acc3ss.two", "refresh_token": "r3fresh.two", "client_endpoint": endpoint});
    Response::json(200, &pair)
}

/// Refuses each call with all that it brought.
fn echo(call: &Call) -> Response {
    if call.method == "token" { renewed(call) } else { Response::error(400, "ECHO", &call.text()) }
}

async fn call_and_check(name: &str, portal: &Portal, tokens: Tokens) {
    let app = App::new("app.1", "app-s3cret").with_server(&portal.origin()).unwrap();
    let app = app.with_timeout(PATIENCE);
    let store = MemoryStore::new(tokens);
    let builder = Client::builder().limiter(Unlimited).retries(Policy::never()).timeout(PATIENCE);
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
    check(name, &format!("{} {:?} {:?}", error.description(), error.code(), error.authorisation()));
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
