//! Responses that are packed by gzip.

use std::io::Write;
use std::time::Duration;

use bitrix24_client::{App, Client, MemoryStore};
use bitrix24_core::oauth::Tokens;
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{ErrorKind, Executed, json, raw};
use flate2::write::GzEncoder;
use flate2::{Compress, Compression, FlushCompress};

use bitrix24_testing::{MockResponse, MockServer};

/// What oversized responses of all tests together may cost in memory, in KiB: a body that was read may be copied when its buffer
/// grows.
const MEMORY: u64 = 96 << 10;

fn pack(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn packed(status: u16, body: &[u8]) -> MockResponse {
    MockResponse::content(status, "application/json", body).with_header("content-encoding", "gzip")
}

/// Two megabytes that unpack to a JSON text of 2 GiB zeros: the same part of 16 MiB 128 times.
fn bomb() -> Vec<u8> {
    let part = vec![0_u8; 16 << 20];
    let mut deflate = Compress::new(Compression::best(), false);
    let mut compressed = Vec::with_capacity(1 << 20);
    deflate.compress_vec(&part, &mut compressed, FlushCompress::Full).unwrap();
    assert_eq!(deflate.total_in(), part.len() as u64);
    let header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    [header.to_vec(), compressed.repeat(128)].concat()
}

fn client(server: &MockServer) -> Client {
    let builder = Client::builder().max_response_size(16 << 20).timeout(Duration::from_secs(60));
    builder.retry_policy(RetryPolicy::never()).webhook(&server.webhook()).unwrap()
}

/// The most memory that this process has used so far, in KiB.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::test]
async fn a_packed_response_is_read_although_its_length_is_that_of_the_packed_body() {
    let title = "Fence ".repeat(100_000);
    let text = json!({"result": {"TITLE": title}, "time": {"duration": 0.1}}).to_string();
    let body = pack(&text);
    assert!(body.len() < text.len() / 100);
    let server = MockServer::start(move |_| packed(200, &body)).await;
    let response = client(&server).call(raw("crm.deal.get", json!({"id": 1})).read_only()).await.unwrap();
    assert_eq!(response.result["TITLE"], title);
    assert!(server.calls()[0].header("accept-encoding").unwrap().contains("gzip"));
}

#[tokio::test]
async fn a_packed_error_is_an_error_of_the_portal() {
    let body = pack(r#"{"error": "NOT_FOUND", "error_description": "No such deal"}"#);
    let server = MockServer::start(move |_| packed(404, &body)).await;
    let error = client(&server).call(raw("crm.deal.get", json!({"id": 1}))).await.unwrap_err();
    assert_eq!((error.code(), error.status()), (Some("NOT_FOUND"), Some(404)));
}

#[tokio::test]
async fn a_response_that_is_too_large_after_unpacking_ends_in_bounded_memory() {
    let bomb = bomb();
    let server = MockServer::start(move |_| packed(200, &bomb)).await;
    let before = peak_memory();
    let error = client(&server).call(raw("crm.deal.list", json!({})).read_only()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
    assert!(error.to_string().contains("exceeds the limit of 16777216 bytes"), "{error}");
    let used = peak_memory() - before;
    assert!(used < MEMORY, "{used} KiB");
}

#[tokio::test]
async fn a_token_response_that_is_too_large_after_unpacking_ends_in_bounded_memory() {
    let bomb = bomb();
    let server = MockServer::start(move |_| packed(200, &bomb)).await;
    let app = App::new("app.1", "secret of the application").with_server(&server.origin()).unwrap();
    let tokens = Tokens::new("old", format!("{}/rest/", server.origin())).with_refresh_token("refresh");
    let store = MemoryStore::new(tokens.with_expires_at(1));
    let before = peak_memory();
    let error =
        Client::application(app, store).call(raw("profile", json!({})).read_only()).await.unwrap_err();
    assert!(error.to_string().contains("exceeds 1048576 bytes"), "{error}");
    let used = peak_memory() - before;
    assert!(used < MEMORY, "{used} KiB");
}

#[tokio::test]
async fn a_packed_response_that_ends_early_or_is_corrupt_is_incomplete() {
    let body = pack(&json!({"result": {"TITLE": (0..50_000).collect::<Vec<u32>>()}}).to_string());
    let mut corrupt = body.clone();
    let middle = corrupt.len() / 2;
    corrupt[middle..middle + 64].fill(0xff);
    let cut_off = packed(200, &body).cut_to(body.len() / 2);
    let short = packed(200, &body[..body.len() / 2]);
    for (name, response) in [("cut off", cut_off), ("short", short), ("corrupt", packed(200, &corrupt))] {
        let server = MockServer::start(move |_| response.clone()).await;
        let error = client(&server).call(raw("crm.deal.add", json!({}))).await.unwrap_err();
        assert_eq!((error.kind(), error.executed()), (ErrorKind::Truncated, Executed::Unknown), "{name}");
        assert!(error.to_string().contains("the response ends after"), "{name}: {error}");
    }
}
