//! Calls that return when they are done, in a program without an asynchronous runtime.

use std::thread;
use std::time::Duration;

use bitrix24_client::blocking::Client;
use bitrix24_core::{Kind, Ran, json, raw};
use portal::{Portal, Response, SECRET};

#[path = "../../tests/support/portal.rs"]
mod portal;

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
    assert_eq!(portal.calls(), []);
}
