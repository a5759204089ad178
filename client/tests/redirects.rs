//! What happens to a call whose portal was renamed.

use bitrix24_client::Client;
use bitrix24_core::redirect::RedirectPolicy;
use bitrix24_core::{ErrorKind, Executed, json, raw};
use mock_server::{MockResponse, MockServer, SECRET};

#[path = "../../tests/support/mock_server.rs"]
mod mock_server;

/// A portal that sends every call to the same method of another one, at `origin`.
async fn moved(status: u16, origin: String) -> MockServer {
    MockServer::start(move |call| MockResponse::redirect(status, Some(&format!("{origin}{}", call.path))))
        .await
}

async fn settled() -> MockServer {
    MockServer::start(|_| MockResponse::result(json!(7))).await
}

fn origin(server: &MockServer) -> String {
    format!("http://{}", server.address())
}

#[tokio::test]
async fn a_call_to_a_renamed_portal_is_repeated_as_it_was() {
    for status in [301, 302, 307, 308] {
        let new = settled().await;
        let old = moved(status, origin(&new).replace("//", "//user:word@")).await;
        let client = Client::webhook(&old.webhook()).unwrap();
        let reply = client.call(raw("stock.item.add", json!({"TITLE": "Kettle & Söhne"}))).await.unwrap();
        assert_eq!(new.calls()[0].header("authorization"), None, "only the place is taken from the portal");
        assert_eq!(reply.result, json!(7));

        let (first, second) = (&old.calls()[0], &new.calls()[0]);
        assert_eq!((&*second.verb, &second.path, &second.params), ("POST", &first.path, &first.params));
        assert_eq!((old.calls().len(), new.calls().len()), (1, 1), "{status}");
    }
}

#[tokio::test]
async fn a_redirect_that_means_something_else_is_an_error() {
    let new = settled().await;
    let elsewhere = origin(&new);
    let cases = [
        (300, format!("{elsewhere}/rest/1/{SECRET}/profile.json")),
        (303, format!("{elsewhere}/rest/1/{SECRET}/profile.json")),
        (302, format!("{elsewhere}/auth/")),
        (302, "/auth/?backurl=%2Frest".to_owned()),
        (302, format!("http://localhost:{}/rest/1/{SECRET}/profile.json", new.address().port())),
    ];
    for (status, location) in cases {
        let target = location.clone();
        let old = MockServer::start(move |_| MockResponse::redirect(status, Some(&target))).await;
        let error =
            Client::webhook(&old.webhook()).unwrap().call(raw("profile", json!(null))).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.status(), error.executed()),
            (ErrorKind::Redirect, Some(status), Executed::No),
            "{location}"
        );
        assert!(!format!("{error} {error:?}").contains(SECRET), "{error:?}");
    }
    assert_eq!(new.calls(), []);
}

#[tokio::test]
async fn how_far_a_redirect_is_followed_is_a_setting() {
    let new = settled().await;
    let there = format!("http://localhost:{}", new.address().port());
    let cases = [
        (RedirectPolicy::Never, origin(&new), false),
        (RedirectPolicy::SameHost, origin(&new), true),
        (RedirectPolicy::ParentDomain, there.clone(), false),
        (RedirectPolicy::Anywhere, there, true),
    ];
    for (setting, target, followed) in cases {
        let old = moved(302, target).await;
        let client = Client::builder().redirect_policy(setting).webhook(&old.webhook()).unwrap();
        let reply = client.call(raw("profile", json!(null))).await;
        assert_eq!(reply.is_ok(), followed, "{setting:?}: {reply:?}");
    }
}

#[tokio::test]
async fn portals_that_send_a_call_round_in_a_circle_are_left() {
    let old = MockServer::start(|call| {
        let other = if call.header("host").is_some_and(|host| host.starts_with("127")) {
            "localhost"
        } else {
            "127.0.0.1"
        };
        let port = call.header("host").and_then(|host| host.rsplit(':').next()).unwrap_or_default();
        MockResponse::redirect(302, Some(&format!("http://{other}:{port}{}", call.path)))
    })
    .await;
    let client = Client::builder().redirect_policy(RedirectPolicy::Anywhere).webhook(&old.webhook()).unwrap();
    let error = client.call(raw("profile", json!(null))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert!(old.calls().len() <= 4, "{}", old.calls().len());
}
