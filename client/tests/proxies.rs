//! Proxies of the environment. The environment belongs to a process, so this test starts itself again to make the calls.

use std::env;
use std::process::Command;

use bitrix24_client::{App, Client, MemoryStore, NoLimit, Portals};
use bitrix24_core::oauth::Tokens;
use bitrix24_core::{json, raw};

use bitrix24_testing::{Call, MockResponse, MockServer};

/// The origin of the portal, for the process that calls it.
const PORTAL: &str = "PORTAL_BEHIND_NO_PROXY";

fn answer(call: &Call) -> MockResponse {
    match call.method.as_str() {
        "token" => {
            let endpoint = format!("http://{}/rest/", call.header("host").unwrap());
            MockResponse::json(
                200,
                &json!({"access_token": "new", "refresh_token": "next", "client_endpoint": endpoint, "member_id": "m"}),
            )
        }
        _ => MockResponse::result(json!("the portal")),
    }
}

/// Calls a portal on this machine by a webhook, as an application, and as one of many portals.
async fn call_all(origin: &str) {
    let app = || App::new("app.1", "app-s3cret").with_server(origin).unwrap();
    let store = || {
        let tokens = Tokens::new("old", format!("{origin}/rest/")).with_refresh_token("first");
        MemoryStore::new(tokens.with_expires_at(1))
    };
    let builder = || Client::builder().limiter(NoLimit);
    let tokens = store();
    let portals = Portals::builder(app(), move |_: &str| tokens.clone()).settings(builder()).build();
    let clients = [
        builder().webhook(&format!("{origin}/rest/1/k7Jq2wXv9hRz/")).unwrap(),
        builder().application(app(), store()),
        portals.portal("m").unwrap(),
    ];
    for client in clients {
        let response = client.call(raw("profile", json!({})).read_only()).await.unwrap();
        assert_eq!(response.result, "the portal", "{client:?}");
    }
    let other = reqwest::get("http://shop.example/").await.unwrap().text().await.unwrap();
    assert!(other.contains("the proxy"), "the environment has a proxy: {other}");
}

#[tokio::test]
async fn no_proxy_of_the_environment_sees_a_call_to_this_machine() {
    if let Ok(origin) = env::var(PORTAL) {
        return call_all(&origin).await;
    }
    let portal = MockServer::start_on_thread(answer);
    let proxy = MockServer::start_on_thread(|_| MockResponse::result(json!("the proxy")));
    let mut calls = Command::new(env::current_exe().unwrap());
    calls.args(["--exact", "no_proxy_of_the_environment_sees_a_call_to_this_machine"]);
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        calls.env(name, format!("http://{}", proxy.address()));
    }
    let output =
        calls.env(PORTAL, portal.origin()).env_remove("NO_PROXY").env_remove("no_proxy").output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    assert_eq!((portal.calls().len(), proxy.calls().len()), (5, 1), "two refreshes, three calls");
}
