//! `Send`, `Sync` and the sizes of the types of this crate.

use std::future::poll_fn;
use std::task::Poll;

use bitrix24_client::{
    App, Batch, BatchHandle, BatchResponse, Client, ClientBuilder, Download, FileStore, MemoryLimiter,
    MemoryStore, Pages, Rows, Upload,
};
use bitrix24_core::oauth::Tokens;
use bitrix24_core::{Error, Failure, RawErrorCode, RawRequest, Response, Value, json, raw};

fn assert_send_sync<T: Send + Sync + 'static>() {}

fn assert_send_static<T: Send + 'static>(_: &T) {}

fn assert_send<T: Send>(_: &T) {}

#[test]
fn clients_and_their_values_are_send_and_sync() {
    assert_send_sync::<Client>();
    assert_send_sync::<ClientBuilder>();
    assert_send_sync::<(App, FileStore, MemoryStore, Tokens, MemoryLimiter)>();
    assert_send_sync::<(Batch, BatchHandle<RawRequest>, BatchResponse)>();
    assert_send_sync::<(Error<RawErrorCode>, Failure, Response<Value>)>();
    assert_send_sync::<(Download, Upload)>();
}

#[test]
fn futures_are_send_and_small() {
    let server = Client::webhook("https://example.bitrix24.com/rest/1/0a1b2c3d4e5f/").unwrap();
    let request = || raw("crm.deal.list", json!({}));
    let (call, run) = (server.call(request()), server.run(Batch::new()));
    let upload = server.upload(request(), Upload::from_bytes("a", "b"));
    let (mut rows, mut pages): (Rows<Value, RawErrorCode>, Pages<RawRequest>) =
        (server.rows(request()), server.pages(request()));
    assert_send_static(&call);
    assert_send_static(&run);
    assert_send_static(&upload);
    assert_send(&server.download("/file"));
    assert_send(&rows.next());
    assert_send(&pages.next());
    assert_send_static(&rows);
    assert_send_static(&pages);
    let sizes = [size_of_val(&call), size_of_val(&upload)];
    assert!(sizes.iter().all(|size| *size <= 256), "{sizes:?}");
}

/// A call holds what its attempt needs only while it is sent. `benches/waiting.rs` measures the memory of many calls.
#[tokio::test]
async fn a_waiting_call_is_small() {
    const CALLS: usize = 10_000;
    let client = Client::builder().limiter(MemoryLimiter::new(1, 0.001));
    let client = client.webhook("http://127.0.0.1:9/rest/1/0a1b2c3d4e5f/").unwrap();
    let mut calls = Vec::with_capacity(CALLS);
    let mut before = None;
    for _ in 0..CALLS {
        let mut call = Box::pin(client.call(raw("crm.deal.add", json!({}))));
        assert!(poll_fn(|context| Poll::Ready(call.as_mut().poll(context).is_pending())).await);
        calls.push(call);
        // The first one is sent, and creates the HTTP client.
        before = before.or_else(allocated);
    }
    let Some(before) = before else { return };
    let each = allocated().unwrap().saturating_sub(before) / CALLS;
    assert!(each < 3000, "{each} bytes");
}

/// The size of the data of this process in bytes, where Linux reports it.
fn allocated() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<usize>().ok()? * 1024)
}
