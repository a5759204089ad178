//! The blocking client, in a program without an asynchronous runtime.

use std::io::{self, Cursor, Read};
use std::ops::Deref;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use bitrix24_client::blocking::Client;
use bitrix24_client::{App, Batch, EventBinding, MemoryStore, NoLimit, Subscriptions, Upload};
use bitrix24_core::oauth::Tokens;
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{Error, ErrorKind, Executed, HasKeyset, Keyset, RawRequest, json, raw};
use bitrix24_portal::{Fault, Portal};
use bitrix24_testing::{MockResponse, MockServer, SECRET};
use tokio::runtime::Runtime;

fn echo_server() -> MockServer {
    MockServer::start_on_thread(|call| match call.method.as_str() {
        "stock.item.get" => MockResponse::result(call.params["ID"].clone()),
        _ => MockResponse::error(404, "ERROR_METHOD_NOT_FOUND", "No such method"),
    })
}

#[test]
fn a_call_returns_its_response_or_its_error() {
    let server = echo_server();
    let client = Client::webhook(&server.webhook()).unwrap();
    assert_eq!(client.call(raw("stock.item.get", json!({"ID": 7}))).unwrap().result, json!(7));
    let error = client.call(raw("stock.item.gte", json!(null))).unwrap_err();
    assert_eq!(error.code(), Some("ERROR_METHOD_NOT_FOUND"));
    assert!(!format!("{client:?} {error:?}").contains(SECRET));
}

#[test]
fn threads_share_a_client() {
    let server = echo_server();
    let client = Client::webhook(&server.webhook()).unwrap();
    thread::scope(|scope| {
        for id in 0..20 {
            let client = client.clone();
            scope.spawn(move || {
                let response = client.call(raw("stock.item.get", json!({"ID": id}))).unwrap();
                assert_eq!(response.result, json!(id));
            });
        }
    });
    assert_eq!(server.calls().len(), 20);
}

#[test]
fn connections_outlive_the_thread_that_opened_them() {
    let server = echo_server();
    let client = Client::webhook(&server.webhook()).unwrap();
    for id in 0..3 {
        let client = client.clone();
        thread::spawn(move || client.call(raw("stock.item.get", json!({"ID": id}))).unwrap()).join().unwrap();
    }
    let connections: Vec<_> = server.calls().iter().map(|call| call.connection).collect();
    assert!(connections.iter().all(|connection| *connection == connections[0]), "{connections:?}");
}

/// A portal with a thread on which it runs, as another process.
struct Local {
    portal: Portal,
    _runtime: Runtime,
}

impl Local {
    fn with_deals(count: usize) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let portal = runtime.block_on(Portal::builder().rows("crm.deal", count).start()).unwrap();
        Self { portal, _runtime: runtime }
    }

    /// The portal's application.
    fn app(&self) -> App {
        let (id, secret) = self.portal.client_credentials();
        App::new(id, secret).with_server(&self.portal.origin()).unwrap()
    }
}

impl Deref for Local {
    type Target = Portal;

    fn deref(&self) -> &Portal {
        &self.portal
    }
}

/// A portal with `count` deals, and a client without a rate limiter.
fn deals(count: usize) -> (Local, Client) {
    let portal = Local::with_deals(count);
    let client = client_without_limits(&portal.webhook());
    (portal, client)
}

fn client_without_limits(webhook: &str) -> Client {
    let client = bitrix24_client::Client::builder().limiter(NoLimit).retry_policy(RetryPolicy::never());
    Client::new(client.webhook(webhook).unwrap())
}

/// A temporary error of a portal.
fn locked_error() -> Fault {
    Fault::error(400, "STOCK_IS_LOCKED", "come back later")
}

fn deal_list() -> RawRequest<HasKeyset> {
    raw("crm.deal.list", json!({"select": ["ID"]})).keyset(Keyset::new("ID")).read_only()
}

#[test]
fn rows_are_an_iterator_that_requests_pages_lazily() {
    let (portal, client) = deals(120);
    let mut rows = client.rows(deal_list());
    assert_eq!(portal.calls().len(), 0);
    let first: Vec<_> = rows.by_ref().take(50).collect::<Result<_, _>>().unwrap();
    assert_eq!((first.len(), &first[49]["ID"], portal.calls().len()), (50, &json!("50"), 1));
    assert_eq!(rows.by_ref().count(), 70);
    assert_eq!(portal.calls().len(), 3);
    assert!(rows.next().is_none());
}

#[test]
fn rows_by_identifier_take_as_few_requests_as_with_the_async_client() {
    let (portal, client) = deals(2_550);
    let row_counts = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&row_counts);
    let rows = client.rows(deal_list()).by_id();
    let rows = rows.on_progress(move |progress| record.lock().unwrap().push(progress.rows));
    assert_eq!(rows.collect_all().unwrap().len(), 2_550);
    assert_eq!(*row_counts.lock().unwrap(), [50, 2_550]);
    assert_eq!(portal.calls().len(), 2);

    let unknown = raw("crm.deal.list", json!({"filter": {">ID": 2_500}})).read_only();
    assert_eq!(client.rows(unknown).by_keyset(Keyset::new("ID")).collect_all().unwrap().len(), 50);
    assert_eq!(client.rows(deal_list()).unordered().count(), 2_550);
}

#[test]
fn an_error_follows_the_rows_before_it_and_ends_the_iterator() {
    let (portal, client) = deals(120);
    let mut rows = client.rows(deal_list());
    assert!(rows.by_ref().take(50).all(|row| row.is_ok()));
    portal.fail("crm.deal.list", locked_error(), 1);
    assert_eq!(rows.next().unwrap().unwrap_err().code(), Some("STOCK_IS_LOCKED"));
    assert!(rows.next().is_none());

    let later = client.rows(deal_list()).on_progress({
        let mut answers = 0;
        move |_| {
            answers += 1;
            if answers == 1 {
                portal.fail("crm.deal.list", locked_error(), 1);
            }
        }
    });
    let interrupted = later.collect_all().unwrap_err();
    assert_eq!((interrupted.rows.len(), interrupted.error.code()), (50, Some("STOCK_IS_LOCKED")));
}

#[test]
fn pages_are_responses() {
    let (_portal, client) = deals(120);
    let mut requests = 0;
    let pages = client.pages(deal_list()).on_progress(|progress| assert_eq!(progress.total, Some(120)));
    for page in pages {
        let page = page.unwrap();
        requests += 1;
        assert_eq!(
            (page.result.as_array().unwrap().len(), page.total),
            ([50, 50, 20][requests - 1], Some(120))
        );
    }
    assert_eq!(requests, 3);
}

#[test]
fn a_batch_returns_a_response_for_each_request() {
    let (portal, client) = deals(3);
    let mut batch = Batch::new().halt_on_error();
    let deal = batch.add(raw("crm.deal.get", json!({"id": 2})).read_only());
    let same = batch.add(raw("crm.deal.get", json!({"id": 0})).read_only());
    batch.set_param(same, "id", deal.at("ID"));
    let missing = batch.add(raw("crm.deal.gte", json!({"id": 2})).read_only());
    let responses = client.run(batch);
    assert_eq!(responses.get(deal).unwrap().result["ID"], "2");
    assert_eq!(responses.get(same).unwrap().result["ID"], "2");
    assert_eq!(responses.get(missing).unwrap_err().code(), Some("ERROR_METHOD_NOT_FOUND"));
    assert_eq!(portal.calls().len(), 1);
}

/// A drive that stores and serves one file.
fn drive(content: Vec<u8>) -> MockServer {
    MockServer::start_on_thread(move |call| match call.method.as_str() {
        "disk.folder.uploadfile" => {
            MockResponse::result(json!({"field": "file", "uploadUrl": "/rest/upload.json"}))
        }
        "upload" => MockResponse::result(json!({"SIZE": call.body.len()})),
        "whole" => MockResponse::content(200, "image/png", &content),
        "cut" => MockResponse::content(200, "image/png", &content).cut_to(2_000),
        "silent" => MockResponse::content(200, "image/png", &content).after(Duration::from_secs(60)),
        _ => MockResponse::html(404, "<h1>Not here</h1>"),
    })
}

#[test]
fn a_file_is_streamed_while_it_is_sent() {
    let (server, content) = (drive(Vec::new()), vec![7_u8; 300_000]);
    let into_folder = || raw("disk.folder.uploadfile", json!({"id": 7}));
    let upload = Upload::from_read("plan.bin", content.len() as u64, Cursor::new(content.clone()));
    let saved = client_without_limits(&server.webhook()).upload(into_folder(), upload).unwrap();
    let sent = &server.calls_of("upload")[0].body;
    assert_eq!(saved.result["SIZE"], sent.len());
    assert!(sent.windows(content.len()).any(|window| window == content));

    // An unreadable file is not sent as complete.
    let broken = Cursor::new(vec![7_u8; 70_000]).chain(BrokenReader);
    let upload = Upload::from_read("plan.bin", 300_000, broken);
    let error = client_without_limits(&server.webhook()).upload(into_folder(), upload).unwrap_err();
    assert_ne!(error.executed(), Executed::Yes, "{error}");
    assert_eq!(server.calls_of("upload").len(), 1);
}

/// A reader that fails.
struct BrokenReader;

impl Read for BrokenReader {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("the disk is broken"))
    }
}

#[test]
fn a_download_implements_read() {
    let content: Vec<u8> = (0..300_000_u32).map(|n| n.to_le_bytes()[1]).collect();
    let server = drive(content.clone());
    let client = client_without_limits(&server.webhook());
    let mut download = client.download("/whole").unwrap();
    assert_eq!((download.length(), download.content_type()), (Some(300_000), Some("image/png")));
    let mut received = Vec::new();
    assert_eq!(io::copy(&mut download, &mut received).unwrap(), 300_000);
    assert!(received == content);
    assert_eq!(download.read(&mut [0; 9]).unwrap(), 0);

    let error = io::copy(&mut client.download("/cut").unwrap(), &mut io::sink()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    let source = error.get_ref().and_then(|error| error.downcast_ref::<Error>()).unwrap();
    assert_eq!(source.kind(), ErrorKind::Truncated);
    assert_eq!(client.download("/gone").unwrap_err().kind(), ErrorKind::UnexpectedResponse);
    let short_timeout = client.with_timeout(Duration::from_millis(50));
    assert_eq!(short_timeout.download("/silent").unwrap_err().kind(), ErrorKind::Timeout);
}

#[test]
fn a_call_ends_at_its_timeout_or_deadline() {
    let server = MockServer::start_on_thread(|_| MockResponse::empty().after(Duration::from_secs(60)));
    let client = client_without_limits(&server.webhook());
    let request = || raw("stock.item.add", json!({}));
    let error = client.with_timeout(Duration::from_millis(50)).call(request()).unwrap_err();
    assert_eq!((error.kind(), error.executed()), (ErrorKind::Timeout, Executed::Unknown));
    let error = client.with_deadline(Duration::from_millis(50)).call(request()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[test]
fn an_application_calls_with_tokens_exchanged_for_a_code() {
    let portal = Local::with_deals(3);
    let (app, code) = (portal.app(), portal.issue_code());
    let tokens: Tokens = app.exchange_code_blocking(&code).unwrap();
    assert_eq!(app.exchange_code_blocking(&code).unwrap_err().kind(), ErrorKind::Authorization);

    let client = Client::application(app, MemoryStore::new(tokens));
    portal.expire_tokens();
    let deal = client.call(raw("crm.deal.get", json!({"id": 2})).read_only()).unwrap();
    assert_eq!(deal.result["ID"], "2");
    // One for the code, and one for the refresh token.
    assert_eq!(portal.token_requests().granted, 2);
}

#[test]
fn block_on_runs_any_future_of_the_async_client() {
    let server = echo_server();
    let client = Client::webhook(&server.webhook()).unwrap();
    let sum = client
        .block_on(|portal| async move {
            let mut sum = 0;
            for id in 1..4 {
                let response = portal
                    .with_timeout(Duration::from_secs(9))
                    .call(raw("stock.item.get", json!({"ID": id})));
                sum += response.await.unwrap().result.as_i64().unwrap();
            }
            sum
        })
        .unwrap();
    assert_eq!(sum, 6);
}

#[tokio::test]
async fn a_call_on_a_runtime_thread_is_refused_before_it_is_sent() {
    let server = MockServer::start(|_| MockResponse::result(json!(1))).await;
    let client = Client::webhook(&server.webhook()).unwrap();
    let error = client.call(raw("profile", json!(null))).unwrap_err();
    assert_eq!((error.kind(), error.executed()), (ErrorKind::Request, Executed::No));

    let mut rows = client.rows(deal_list());
    assert_eq!(rows.next().unwrap().unwrap_err().kind(), ErrorKind::Request);
    assert!(rows.next().is_none());
    let mut batch = Batch::new();
    let deal = batch.add(raw("crm.deal.get", json!({"id": 2})));
    let error = client.run(batch).get(deal).unwrap_err();
    assert_eq!((error.kind(), error.executed()), (ErrorKind::Request, Executed::No));
    assert_eq!(client.download("/file").unwrap_err().kind(), ErrorKind::Request);
    assert_eq!(server.calls(), []);
}

#[test]
fn offline_events_are_bound_taken_and_cleared() {
    let portal = Local::with_deals(3);
    let tokens = Tokens::new(portal.issue_tokens().access_token, portal.client_endpoint());
    let client = Client::application(portal.app(), MemoryStore::new(tokens));
    let list = Subscriptions::new().event(EventBinding::offline("onCrmDealUpdate"));
    assert!(
        client.block_on(|portal| async move { list.apply(&portal).await }).unwrap().unwrap().is_complete()
    );
    for deal in 1..=3 {
        let change = json!({"id": deal, "fields": {"TITLE": "New"}});
        portal.call("crm.deal.update", change.as_object().unwrap().clone()).unwrap();
    }
    let mut events = client.block_on(|portal| std::future::ready(portal.offline_events())).unwrap();
    for _ in 0..3 {
        let event = client.block_on(|_| events.next()).unwrap().unwrap().unwrap();
        assert_eq!(event.name(), "ONCRMDEALUPDATE");
        client.block_on(|_| event.done()).unwrap();
    }
    assert_eq!(client.block_on(|_| events.drain()).unwrap().unwrap().cleared, 3);
    assert_eq!(client.call(raw("event.offline.list", json!({}))).unwrap().result, json!([]));
}

#[test]
fn streams_are_iterators() {
    let portal = Local::with_deals(120);
    let client = Client::webhook(&portal.webhook()).unwrap();
    let mut batch = Batch::new();
    let handles: Vec<_> =
        (1..=120).map(|id| batch.add(raw("crm.deal.get", json!({"ID": id})).read_only())).collect();
    let mut read = 0;
    for outcome in client.iter(|portal| portal.run_stream(batch)) {
        let outcome = outcome.unwrap();
        assert!(outcome.get(handles[outcome.position()]).unwrap().is_ok());
        read += 1;
    }
    let updates =
        (1..=60).map(|id| (id, raw("crm.deal.update", json!({"ID": id, "fields": {"TITLE": "New"}}))));
    let outcomes: Vec<_> = client.iter(|portal| portal.bulk(updates)).map(Result::unwrap).collect();
    assert!(outcomes.iter().all(|(_, outcome)| outcome.is_ok()), "{outcomes:?}");
    assert_eq!((read, outcomes.len(), portal.calls().len()), (120, 60, 5));
    // A thread of a runtime cannot block.
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut items = client.iter(|portal| portal.run_stream(Batch::new()));
    let error = runtime.block_on(async { items.next().unwrap().unwrap_err() });
    assert_eq!((error.kind(), items.next().is_none()), (ErrorKind::Request, true));
}
