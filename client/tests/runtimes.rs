//! One client on several runtimes: a connection ends with the runtime on which it was opened, and no response may be lost with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use bitrix24_client::{Client, NoLimit};
use bitrix24_core::{json, raw};
use tokio::runtime::{Builder, Runtime};

use bitrix24_testing::{MockResponse, MockServer};

fn one_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn server() -> MockServer {
    // The response arrives after the runtimes of other calls have ended.
    MockServer::start_on_thread(|call| {
        let delay = Duration::from_micros(call.params["number"].as_u64().unwrap_or_default() * 7919 % 3000);
        MockResponse::result(json!(7)).after(delay)
    })
}

fn client(server: &MockServer) -> Client {
    Client::builder().limiter(NoLimit).webhook(&server.webhook()).unwrap()
}

async fn add(client: &Client, number: usize) -> Result<(), bitrix24_core::Error> {
    client.call(raw("crm.deal.add", json!({"number": number}))).await.map(drop)
}

#[test]
fn a_client_on_many_short_runtimes_loses_no_response() {
    const RUNTIMES: usize = 50;
    let server = server();
    let client = client(&server);
    for number in 0..RUNTIMES {
        let runtime = if number % 2 == 0 { one_thread() } else { Runtime::new().unwrap() };
        runtime.block_on(async {
            let calls: tokio::task::JoinSet<_> = (0..4)
                .map(|call| {
                    let client = client.clone();
                    async move { add(&client, number * 4 + call).await }
                })
                .collect();
            calls.join_all().await.into_iter().for_each(|outcome| outcome.unwrap());
        });
        runtime.shutdown_background();
    }
    assert_eq!(server.runs("crm.deal.add"), RUNTIMES * 4);
}

#[test]
fn a_client_on_overlapping_runtimes_loses_no_response() {
    let server = server();
    let client = client(&server);
    let lost = Arc::new(AtomicUsize::new(0));
    let threads = (0..4_usize).map(|thread| {
        let (client, lost) = (client.clone(), Arc::clone(&lost));
        thread::spawn(move || {
            for number in 0..200 {
                let outcome = one_thread().block_on(add(&client, thread * 200 + number));
                lost.fetch_add(usize::from(outcome.is_err()), Ordering::Relaxed);
            }
        })
    });
    threads.collect::<Vec<_>>().into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!((lost.load(Ordering::Relaxed), server.runs("crm.deal.add")), (0, 800));
}

#[test]
fn connections_are_reused_within_each_runtime() {
    let server = server();
    let client = client(&server);
    let runtimes = [one_thread(), one_thread()];
    for number in 0..20 {
        runtimes[number % 2].block_on(add(&client, number)).unwrap();
    }
    let connections: std::collections::HashSet<usize> =
        server.calls().iter().map(|call| call.connection).collect();
    assert_eq!(connections.len(), 2);
}
