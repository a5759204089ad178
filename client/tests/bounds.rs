//! `Send`, `Sync` and the sizes of the types of this crate.

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
