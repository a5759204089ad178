//! Redirects of renamed portals.

use bitrix24_client::Client;
use bitrix24_core::redirect::RedirectPolicy;
use bitrix24_core::{ErrorKind, Executed, json, raw};
use bitrix24_testing::{MockResponse, MockServer, SECRET};

/// A portal that redirects every call to the same path at `origin`.
async fn start_redirecting_portal(status: u16, origin: String) -> MockServer {
    MockServer::start(move |call| MockResponse::redirect(status, Some(&format!("{origin}{}", call.path))))
        .await
}

async fn start_portal() -> MockServer {
    MockServer::start(|_| MockResponse::result(json!(7))).await
}

fn origin(server: &MockServer) -> String {
    format!("http://{}", server.address())
}

#[tokio::test]
async fn a_call_to_a_renamed_portal_is_repeated_unchanged() {
    for status in [301, 302, 307, 308] {
        let new = start_portal().await;
        let old = start_redirecting_portal(status, origin(&new).replace("//", "//user:word@")).await;
        let client = Client::webhook(&old.webhook()).unwrap();
        let response = client.call(raw("stock.item.add", json!({"TITLE": "Kettle & Söhne"}))).await.unwrap();
        assert_eq!(new.calls()[0].header("authorization"), None, "only the host is taken from the redirect");
        assert_eq!(response.result, json!(7));

        let (first, second) = (&old.calls()[0], &new.calls()[0]);
        assert_eq!((&*second.verb, &second.path, &second.params), ("POST", &first.path, &first.params));
        assert_eq!((old.calls().len(), new.calls().len()), (1, 1), "{status}");
    }
}

#[tokio::test]
async fn a_redirect_that_is_not_a_rename_is_an_error() {
    let new = start_portal().await;
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
async fn the_redirect_policy_is_configurable() {
    let new = start_portal().await;
    let there = format!("http://localhost:{}", new.address().port());
    let cases = [
        (RedirectPolicy::Never, origin(&new), false),
        (RedirectPolicy::SameHost, origin(&new), true),
        (RedirectPolicy::ParentDomain, there.clone(), false),
        (RedirectPolicy::Anywhere, there, true),
    ];
    for (policy, target, followed) in cases {
        let old = start_redirecting_portal(302, target).await;
        let client = Client::builder().redirect_policy(policy).webhook(&old.webhook()).unwrap();
        let response = client.call(raw("profile", json!(null))).await;
        assert_eq!(response.is_ok(), followed, "{policy:?}: {response:?}");
    }
}

#[tokio::test]
async fn a_redirect_loop_is_an_error() {
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
