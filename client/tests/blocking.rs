//! Calls that return when they are done, in a program without an asynchronous runtime.

use std::io::{self, Cursor, Read};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use bitrix24_client::blocking::Client;
use bitrix24_client::{App, Batch, MemoryStore, Unlimited, Upload};
use bitrix24_core::oauth::Tokens;
use bitrix24_core::retry::Policy;
use bitrix24_core::{Error, Keyset, Kind, Ran, Raw, json, raw};
use portal::{Fault, Portal, Response, SECRET};
use shop::{CLIENT_ID, CLIENT_SECRET, Shop, Table};

#[path = "../../tests/support/portal.rs"]
mod portal;
#[path = "../../tests/support/shop.rs"]
mod shop;

fn echoing() -> Portal {
    Portal::start_apart(|call| match call.method.as_str() {
        "stock.item.get" => Response::result(call.params["ID"].clone()),
        _ => Response::error(404, "ERROR_METHOD_NOT_FOUND", "No such method"),
    })
}

#[test]
fn a_call_returns_its_reply_or_its_error() {
    let portal = echoing();
    let client = Client::webhook(&portal.webhook()).unwrap();
    assert_eq!(client.call(raw("stock.item.get", json!({"ID": 7}))).unwrap().result, json!(7));
    let error = client.call(raw("stock.item.gte", json!(null))).unwrap_err();
    assert_eq!(error.code(), Some("ERROR_METHOD_NOT_FOUND"));
    assert!(!format!("{client:?} {error:?}").contains(SECRET));
}

#[test]
fn threads_share_a_client() {
    let portal = echoing();
    let client = Client::webhook(&portal.webhook()).unwrap();
    thread::scope(|scope| {
        for id in 0..20 {
            let client = client.clone();
            scope.spawn(move || {
                let reply = client.call(raw("stock.item.get", json!({"ID": id}))).unwrap();
                assert_eq!(reply.result, json!(id));
            });
        }
    });
    assert_eq!(portal.calls().len(), 20);
}

#[test]
fn connections_outlive_the_thread_that_made_them() {
    let portal = echoing();
    let client = Client::webhook(&portal.webhook()).unwrap();
    for id in 0..3 {
        let client = client.clone();
        thread::spawn(move || client.call(raw("stock.item.get", json!({"ID": id}))).unwrap()).join().unwrap();
    }
    let connections: Vec<_> = portal.calls().iter().map(|call| call.connection).collect();
    assert!(connections.iter().all(|connection| *connection == connections[0]), "{connections:?}");
}

/// A portal with so many deals, and a client of it that does not wait for its turn.
fn deals(count: i64) -> (Shop, Client) {
    let shop = Shop::start_apart([Table::crm("crm.deal").filled(count)]);
    let client = unhurried(&shop);
    (shop, client)
}

fn unhurried(portal: &Portal) -> Client {
    let client = bitrix24_client::Client::builder().limiter(Unlimited).retries(Policy::never());
    Client::new(client.webhook(&portal.webhook()).unwrap())
}

/// What a portal answers for a while.
fn locked() -> Fault {
    Fault::Refuse(400, "STOCK_IS_LOCKED".to_owned(), "come back later".to_owned())
}

fn deal_list() -> Raw {
    raw("crm.deal.list", json!({"select": ["ID"]})).keyed(Keyset::new("ID")).that_only_reads()
}

#[test]
fn rows_are_an_iterator_that_asks_for_no_page_before_it_is_needed() {
    let (shop, client) = deals(120);
    let mut rows = client.rows(deal_list());
    assert_eq!(shop.calls().len(), 0);
    let first: Vec<_> = rows.by_ref().take(50).collect::<Result<_, _>>().unwrap();
    assert_eq!((first.len(), &first[49]["ID"], shop.calls().len()), (50, &json!("50"), 1));
    assert_eq!(rows.by_ref().count(), 70);
    assert_eq!(shop.calls().len(), 3);
    assert!(rows.next().is_none());
}

#[test]
fn rows_by_identifier_take_as_few_requests_as_of_the_asynchronous_client() {
    let (shop, client) = deals(2_550);
    let told = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&told);
    let rows = client.rows(deal_list()).by_id();
    let rows = rows.on_progress(move |progress| record.lock().unwrap().push(progress.rows));
    assert_eq!(rows.all().unwrap().len(), 2_550);
    assert_eq!(*told.lock().unwrap(), [50, 2_550]);
    assert_eq!(shop.calls().len(), 2);

    let unknown = raw("crm.deal.list", json!({"filter": {">ID": 2_500}})).that_only_reads();
    assert_eq!(client.rows(unknown).by(Keyset::new("ID")).all().unwrap().len(), 50);
    assert_eq!(client.rows(deal_list()).in_any_order().count(), 2_550);
}

#[test]
fn an_error_comes_behind_the_rows_before_it_and_ends_the_iterator() {
    let (shop, client) = deals(120);
    let mut rows = client.rows(deal_list());
    assert!(rows.by_ref().take(50).all(|row| row.is_ok()));
    shop.fail("crm.deal.list", locked());
    assert_eq!(rows.next().unwrap().unwrap_err().code(), Some("STOCK_IS_LOCKED"));
    assert!(rows.next().is_none());

    let later = client.rows(deal_list()).on_progress({
        let mut answers = 0;
        move |_| {
            answers += 1;
            if answers == 1 {
                shop.fail("crm.deal.list", locked());
            }
        }
    });
    let interrupted = later.all().unwrap_err();
    assert_eq!((interrupted.rows.len(), interrupted.error.code()), (50, Some("STOCK_IS_LOCKED")));
}

#[test]
fn pages_are_replies() {
    let (_shop, client) = deals(120);
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
fn a_batch_gives_each_request_its_reply() {
    let (shop, client) = deals(3);
    let mut batch = Batch::new().halt();
    let deal = batch.add(raw("crm.deal.get", json!({"id": 2})).that_only_reads());
    let same = batch.add(raw("crm.deal.get", json!({"id": 0})).that_only_reads());
    batch.put(same, "id", deal.at("ID"));
    let missing = batch.add(raw("crm.deal.gte", json!({"id": 2})).that_only_reads());
    let replies = client.run(batch);
    assert_eq!(replies.get(deal).unwrap().result["ID"], "2");
    assert_eq!(replies.get(same).unwrap().result["ID"], "2");
    assert_eq!(replies.get(missing).unwrap_err().code(), Some("ERROR_METHOD_NOT_FOUND"));
    assert_eq!(shop.calls().len(), 1);
}

/// A drive that takes and gives one file.
fn drive(content: Vec<u8>) -> Portal {
    Portal::start_apart(move |call| match call.method.as_str() {
        "disk.folder.uploadfile" => {
            Response::result(json!({"field": "file", "uploadUrl": "/rest/upload.json"}))
        }
        "upload" => Response::result(json!({"SIZE": call.body.len()})),
        "whole" => Response::content(200, "image/png", &content),
        "cut" => Response::content(200, "image/png", &content).cut_to(2_000),
        "silent" => Response::content(200, "image/png", &content).after(Duration::from_secs(60)),
        _ => Response::html(404, "<h1>Not here</h1>"),
    })
}

#[test]
fn a_file_is_read_while_it_is_sent() {
    let (portal, content) = (drive(Vec::new()), vec![7_u8; 300_000]);
    let into_folder = || raw("disk.folder.uploadfile", json!({"id": 7}));
    let upload = Upload::read("plan.bin", content.len() as u64, Cursor::new(content.clone()));
    let saved = unhurried(&portal).upload(into_folder(), upload).unwrap();
    let sent = &portal.calls_of("upload")[0].body;
    assert_eq!(saved.result["SIZE"], sent.len());
    assert!(sent.windows(content.len()).any(|window| window == content));

    // A file that cannot be read is not sent as a whole.
    let broken = Cursor::new(vec![7_u8; 70_000]).chain(Broken);
    let upload = Upload::read("plan.bin", 300_000, broken);
    let error = unhurried(&portal).upload(into_folder(), upload).unwrap_err();
    assert_ne!(error.ran(), Ran::Yes, "{error}");
    assert_eq!(portal.calls_of("upload").len(), 1);
}

/// A disk that cannot be read.
struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("the disk is broken"))
    }
}

#[test]
fn a_download_is_read_as_any_file() {
    let content: Vec<u8> = (0..300_000_u32).map(|n| n.to_le_bytes()[1]).collect();
    let portal = drive(content.clone());
    let client = unhurried(&portal);
    let mut download = client.download("/whole").unwrap();
    assert_eq!((download.length(), download.content_type()), (Some(300_000), Some("image/png")));
    let mut received = Vec::new();
    assert_eq!(io::copy(&mut download, &mut received).unwrap(), 300_000);
    assert!(received == content);
    assert_eq!(download.read(&mut [0; 9]).unwrap(), 0);

    let error = io::copy(&mut client.download("/cut").unwrap(), &mut io::sink()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    let own = error.get_ref().and_then(|error| error.downcast_ref::<Error>()).unwrap();
    assert_eq!(own.kind(), Kind::Truncated);
    assert_eq!(client.download("/gone").unwrap_err().kind(), Kind::NotAnAnswer);
    let hasty = client.with_timeout(Duration::from_millis(50));
    assert_eq!(hasty.download("/silent").unwrap_err().kind(), Kind::Timeout);
}

#[test]
fn a_call_may_take_no_longer_than_it_is_given() {
    let portal = Portal::start_apart(|_| Response::nothing().after(Duration::from_secs(60)));
    let client = unhurried(&portal);
    let request = || raw("stock.item.add", json!({}));
    let error = client.with_timeout(Duration::from_millis(50)).call(request()).unwrap_err();
    assert_eq!((error.kind(), error.ran()), (Kind::Timeout, Ran::Maybe));
    let error = client.with_deadline(Duration::from_millis(50)).call(request()).unwrap_err();
    assert_eq!(error.kind(), Kind::Timeout);
}

#[test]
fn an_application_calls_with_the_tokens_that_its_code_is_exchanged_for() {
    let shop = Shop::start_apart([Table::crm("crm.deal").filled(3)]);
    let app = App::new(CLIENT_ID, CLIENT_SECRET).with_server(&shop.origin()).unwrap();
    let code = shop.tokens(|tokens| tokens.code());
    let tokens: Tokens = app.exchange_blocking(&code).unwrap();
    assert_eq!(app.exchange_blocking(&code).unwrap_err().kind(), Kind::Authorisation);

    let client = Client::application(app, MemoryStore::new(tokens));
    shop.tokens(|tokens| tokens.expire());
    let deal = client.call(raw("crm.deal.get", json!({"id": 2})).that_only_reads()).unwrap();
    assert_eq!(deal.result["ID"], "2");
    assert_eq!(shop.tokens(|tokens| tokens.renewals), 1);
}

#[test]
fn what_has_no_twin_is_run_by_wait() {
    let portal = echoing();
    let client = Client::webhook(&portal.webhook()).unwrap();
    let sum = client
        .wait(|portal| async move {
            let mut sum = 0;
            for id in 1..4 {
                let reply = portal
                    .with_timeout(Duration::from_secs(9))
                    .call(raw("stock.item.get", json!({"ID": id})));
                sum += reply.await.unwrap().result.as_i64().unwrap();
            }
            sum
        })
        .unwrap();
    assert_eq!(sum, 6);
}

#[tokio::test]
async fn on_a_thread_of_a_runtime_a_call_is_refused_before_it_is_sent() {
    let portal = Portal::start(|_| Response::result(json!(1))).await;
    let client = Client::webhook(&portal.webhook()).unwrap();
    let error = client.call(raw("profile", json!(null))).unwrap_err();
    assert_eq!((error.kind(), error.ran()), (Kind::Request, Ran::No));

    let mut rows = client.rows(deal_list());
    assert_eq!(rows.next().unwrap().unwrap_err().kind(), Kind::Request);
    assert!(rows.next().is_none());
    let mut batch = Batch::new();
    let deal = batch.add(raw("crm.deal.get", json!({"id": 2})));
    let error = client.run(batch).get(deal).unwrap_err();
    assert_eq!((error.kind(), error.ran()), (Kind::Request, Ran::No));
    assert_eq!(client.download("/file").unwrap_err().kind(), Kind::Request);
    assert_eq!(portal.calls(), []);
}
