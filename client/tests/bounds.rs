//! What may be done with the types of this crate on other threads, and how large they are.

use bitrix24_client::{
    App, Batch, BatchHandle, BatchResponse, Client, ClientBuilder, Download, FileStore, MemoryLimiter,
    MemoryStore, Pages, Rows, Upload,
};
use bitrix24_core::oauth::Tokens;
use bitrix24_core::{Error, Failure, RawErrorCode, RawRequest, Response, Value, json, raw};

fn shared<T: Send + Sync + 'static>() {}

fn sent<T: Send + 'static>(_: &T) {}

fn lent<T: Send>(_: &T) {}

#[test]
fn clients_and_what_they_give_may_be_shared_between_threads() {
    shared::<Client>();
    shared::<ClientBuilder>();
    shared::<(App, FileStore, MemoryStore, Tokens, MemoryLimiter)>();
    shared::<(Batch, BatchHandle<RawRequest>, BatchResponse)>();
    shared::<(Error<RawErrorCode>, Failure, Response<Value>)>();
    shared::<(Download, Upload)>();
}

#[test]
fn whatever_is_under_way_may_go_to_another_thread_and_is_small() {
    let server = Client::webhook("https://example.bitrix24.com/rest/1/0a1b2c3d4e5f/").unwrap();
    let request = || raw("crm.deal.list", json!({}));
    let (call, run) = (server.call(request()), server.run(Batch::new()));
    let upload = server.upload(request(), Upload::from_bytes("a", "b"));
    let (mut rows, mut pages): (Rows<Value, RawErrorCode>, Pages<RawRequest>) =
        (server.rows(request()), server.pages(request()));
    sent(&call);
    sent(&run);
    sent(&upload);
    lent(&server.download("/file"));
    lent(&rows.next());
    lent(&pages.next());
    sent(&rows);
    sent(&pages);
    let sizes = [size_of_val(&call), size_of_val(&upload)];
    assert!(sizes.iter().all(|size| *size <= 256), "{sizes:?}");
}
