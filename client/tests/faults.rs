//! The errors of failed calls.

use std::time::Duration;

use bitrix24_client::{Client, HttpClient};
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{ErrorKind, Executed, json, raw};
use tokio::net::TcpListener;

use bitrix24_testing::{MockResponse, MockServer, SECRET};
use faults::RESPONSES;
use methods::CountRows;

#[path = "common/faults.rs"]
mod faults;

#[path = "common/methods.rs"]
mod methods;

fn client_without_retries(webhook: &str) -> Client {
    // Retries are tested elsewhere.
    Client::builder()
        .timeout(Duration::from_secs(2))
        .retry_policy(RetryPolicy::never())
        .webhook(webhook)
        .unwrap()
}

#[tokio::test]
async fn each_fault_has_its_own_error_and_is_sent_once() {
    for fault in RESPONSES {
        let server = MockServer::start(fault.response).await;
        let error = client_without_retries(&server.webhook()).call(CountRows).await.unwrap_err();
        let found = (error.kind(), error.status(), error.code());
        assert_eq!(found, (fault.kind, fault.status, fault.code), "{}: {error:?}", fault.name);
        assert!(error.to_string().contains(fault.message), "{}: {error}", fault.name);
        assert_eq!(error.method(), "stock.rows.count");
        assert_eq!(server.calls().len(), 1, "{}", fault.name);
    }
}

#[tokio::test]
async fn a_response_that_a_custom_http_client_fetched_elsewhere_is_refused() {
    let other = MockServer::start(|_| MockResponse::result(json!(7))).await;
    for status in [302, 307] {
        let target = other.webhook();
        let server = MockServer::start(move |_| MockResponse::redirect(status, Some(&target))).await;
        let client = Client::builder()
            .http_client(HttpClient::from_reqwest_0_13(reqwest_client()))
            .webhook(&server.webhook())
            .unwrap();
        let error = client.call(CountRows).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.executed()),
            (ErrorKind::UnexpectedResponse, Executed::Unknown),
            "{error}"
        );
        assert!(error.to_string().contains("redirect policy `none`"), "{error}");
        assert!(!format!("{error:?}").contains(SECRET));
    }
    assert_eq!(other.calls().len(), 2, "the HTTP client followed the redirect");
}

/// An HTTP client with the default redirect policy.
fn reqwest_client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

#[tokio::test]
async fn a_failed_connection_has_sent_nothing() {
    let silent_listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let plain = MockServer::start(|_| MockResponse::result(json!(7))).await;
    let closed = {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        listener.local_addr().unwrap()
    };
    let cases = [
        ("refused", format!("http://{closed}/rest/1/{SECRET}/")),
        ("a server without TLS", format!("https://{}/rest/1/{SECRET}/", plain.address())),
        (
            "a TLS handshake that times out",
            format!("https://{}/rest/1/{SECRET}/", silent_listener.local_addr().unwrap()),
        ),
        ("an unknown host", format!("https://portal.invalid/rest/1/{SECRET}/")),
    ];
    for (name, address) in cases {
        let client = Client::builder()
            .connect_timeout(Duration::from_millis(500))
            .retry_policy(RetryPolicy::never())
            .webhook(&address)
            .unwrap();
        let error = client.call(CountRows).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.executed(), error.status()),
            (ErrorKind::Connect, Executed::No, None),
            "{name}: {error:?}"
        );
        assert!(std::error::Error::source(&error).is_some(), "{name}");
        assert!(!format!("{error} {error:?}").contains(SECRET), "{name}: {error:?}");
    }
    assert_eq!(plain.calls(), []);
}

#[tokio::test]
async fn a_response_that_times_out_reports_the_bytes_received() {
    let server = MockServer::start(|_| MockResponse::cut_off("{\"result\"", 100).then_silence()).await;
    let error = client_without_retries(&server.webhook()).call(CountRows).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.executed(), error.status()),
        (ErrorKind::Timeout, Executed::Unknown, Some(200)),
        "{error:?}"
    );
    assert!(error.to_string().contains("9 bytes"), "{error}");
}

#[tokio::test]
async fn an_invalid_http_client_setting_is_an_error_of_the_call() {
    let server = MockServer::start(|_| MockResponse::result(json!(7))).await;
    let client = Client::builder().user_agent("two\nlines").webhook(&server.webhook()).unwrap();
    let error = client.call(raw("profile", json!({}))).await.unwrap_err();
    assert_eq!((error.kind(), error.executed()), (ErrorKind::Request, Executed::No));
    assert!(error.to_string().contains("cannot be set up"), "{error}");
    assert_eq!(server.calls(), []);
}
