//! HTTP clients of a program work with the default features, although no provider of TLS is installed.

use bitrix24_client::{App, Client, MemoryStore};
use bitrix24_core::oauth::Tokens;
use bitrix24_core::{json, raw};
use bitrix24_own_client::portal;

use bitrix24_testing::{MockResponse, MockServer};

#[tokio::test]
async fn an_http_client_of_the_program_works() {
    let server = MockServer::start(|_| MockResponse::result(json!(7))).await;
    // `Client::new` panics if there is no provider of TLS.
    for http in [
        reqwest::Client::new(),
        bitrix24_client::reqwest_0_13::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap(),
    ] {
        let portal = portal(http, &server.webhook()).unwrap();
        assert_eq!(portal.call(raw("profile", json!({}))).await.unwrap().result, 7);
    }
}

#[tokio::test]
async fn a_client_of_this_crate_works_beside_it() {
    let server = MockServer::start(|_| MockResponse::result(json!(7))).await;
    assert!(reqwest::get(format!("{}/rest/profile", server.origin())).await.unwrap().status().is_success());
    let webhook = Client::webhook(&server.webhook()).unwrap();
    assert_eq!(webhook.call(raw("profile", json!({}))).await.unwrap().result, 7);
    let tokens = Tokens::new("a-token", format!("{}/rest/", server.origin()));
    let application = Client::application(App::new("app.1", "secret"), MemoryStore::new(tokens));
    assert_eq!(application.call(raw("profile", json!({}))).await.unwrap().result, 7);
}
