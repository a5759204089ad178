//! The mock server of other tests responds and fails as scripted.

use std::time::Duration;

use bitrix24_client::Client;
use bitrix24_core::{ErrorKind, json, raw};
use tokio::io::AsyncWriteExt;

use bitrix24_testing::{Fault, MockResponse, MockServer};

#[tokio::test]
async fn faults_apply_to_the_scheduled_calls() {
    let server = MockServer::start(|_| MockResponse::result(json!(7))).await;
    let client = Client::builder().timeout(Duration::from_secs(5)).webhook(&server.webhook()).unwrap();
    let plan = server.fail("stock.count", Fault::Html(502)).skipping(1).times(2);
    server.fail("stock.count", Fault::Html(500)).after_running();
    let mut statuses = Vec::new();
    for _ in 0..5 {
        let outcome = client.call(raw("stock.count", json!({}))).await;
        statuses.push(outcome.err().and_then(|error| error.status()));
    }
    assert_eq!(statuses, [None, Some(502), Some(502), Some(500), None]);
    assert_eq!((plan.hits(), server.runs("stock.count"), server.calls().len()), (2, 3, 5));
    assert!(client.call(raw("stock.other", json!({}))).await.is_ok());
    assert!(server.calls().iter().all(|call| call.connection == 0), "the connection is reused");
}

#[tokio::test]
async fn a_connection_ends_as_its_fault_specifies() {
    let cases = [
        (Fault::HangUp, ErrorKind::Transport),
        (Fault::Reset, ErrorKind::Transport),
        (Fault::Truncate(5), ErrorKind::Truncated),
        (Fault::Silence, ErrorKind::Timeout),
    ];
    for (fault, kind) in cases {
        let server = MockServer::start(|_| MockResponse::result(json!(7))).await;
        let client =
            Client::builder().timeout(Duration::from_millis(700)).webhook(&server.webhook()).unwrap();
        let name = format!("{fault:?}");
        server.fail("*", fault);
        let error = client.call(raw("stock.count", json!({}))).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{name}: {error:?}");
        assert!(client.call(raw("stock.count", json!({}))).await.is_ok(), "{name}");
    }
    let server = MockServer::start(|_| MockResponse::result(json!(7))).await;
    server.fail("*", Fault::Drip(40, Duration::from_millis(2)));
    let client = Client::webhook(&server.webhook()).unwrap();
    assert_eq!(client.call(raw("stock.count", json!({}))).await.unwrap().result, 7);
}

#[tokio::test]
async fn a_chunked_body_is_joined_and_the_next_request_follows() {
    let server = MockServer::start(|_| MockResponse::result(json!(7))).await;
    let mut stream = tokio::net::TcpStream::connect(server.address()).await.unwrap();
    let first = "POST /upload?kind=a%20b HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\n\r\n\r\n0\r\n\r\n";
    let second = "GET /files/7/ HTTP/1.1\r\nauthorization: Bearer t0k\r\nconnection: close\r\n\r\n";
    stream.write_all(first.as_bytes()).await.unwrap();
    stream.write_all(second.as_bytes()).await.unwrap();
    while server.calls().len() < 2 {
        stream.readable().await.unwrap();
        tokio::task::yield_now().await;
    }
    let calls = server.calls();
    assert_eq!((calls[0].text().as_str(), calls[0].field("kind").as_deref()), ("abc\r\n", Some("a b")));
    assert_eq!(
        (calls[1].verb.as_str(), calls[1].method.as_str(), calls[1].bearer()),
        ("GET", "7", Some("t0k"))
    );
}

#[test]
fn a_server_can_run_without_a_runtime_in_the_program() {
    let server = MockServer::start_on_thread(|_| MockResponse::result(json!(7)));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = Client::webhook(&server.webhook()).unwrap();
    assert_eq!(runtime.block_on(client.call(raw("stock.count", json!({})))).unwrap().result, 7);
}
