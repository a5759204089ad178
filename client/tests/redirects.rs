//! What happens to a call whose portal was renamed.

use bitrix24_client::Client;
use bitrix24_core::redirect::Redirects;
use bitrix24_core::{Kind, Ran, json, raw};
use portal::{Portal, Response, SECRET};

#[path = "../../tests/support/portal.rs"]
mod portal;

/// A portal that sends every call to the same method of another one, at `origin`.
async fn moved(status: u16, origin: String) -> Portal {
    Portal::start(move |call| Response::redirect(status, Some(&format!("{origin}{}", call.path)))).await
}

async fn settled() -> Portal {
    Portal::start(|_| Response::result(json!(7))).await
}

fn origin(portal: &Portal) -> String {
    format!("http://{}", portal.address())
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
        let old = Portal::start(move |_| Response::redirect(status, Some(&target))).await;
        let error =
            Client::webhook(&old.webhook()).unwrap().call(raw("profile", json!(null))).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.status(), error.ran()),
            (Kind::Redirect, Some(status), Ran::No),
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
        (Redirects::Never, origin(&new), false),
        (Redirects::SameHost, origin(&new), true),
        (Redirects::ParentDomain, there.clone(), false),
        (Redirects::Anywhere, there, true),
    ];
    for (setting, target, followed) in cases {
        let old = moved(302, target).await;
        let client = Client::builder().redirects(setting).webhook(&old.webhook()).unwrap();
        let reply = client.call(raw("profile", json!(null))).await;
        assert_eq!(reply.is_ok(), followed, "{setting:?}: {reply:?}");
    }
}

#[tokio::test]
async fn portals_that_send_a_call_round_in_a_circle_are_left() {
    let old = Portal::start(|call| {
        let other = if call.header("host").is_some_and(|host| host.starts_with("127")) {
            "localhost"
        } else {
            "127.0.0.1"
        };
        let port = call.header("host").and_then(|host| host.rsplit(':').next()).unwrap_or_default();
        Response::redirect(302, Some(&format!("http://{other}:{port}{}", call.path)))
    })
    .await;
    let client = Client::builder().redirects(Redirects::Anywhere).webhook(&old.webhook()).unwrap();
    let error = client.call(raw("profile", json!(null))).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Redirect);
    assert!(old.calls().len() <= 4, "{}", old.calls().len());
}
