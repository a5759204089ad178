//! Connections that the server closes while they are unused, at any time: a write that is sent at that moment may be lost. It is
//! executed at most once, its error says so, and a connection that is known to be closed is not used.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use bitrix24_client::{Client, NoLimit};
use bitrix24_core::{Executed, json, raw};
use tokio::runtime::Builder;

/// The longest pause of the client and of the server.
const IDLE: Duration = Duration::from_millis(20);

/// The number of writes of a measurement.
const WRITES: usize = 150;

/// How many times the server has executed each write, by its number.
type Executions = Arc<Mutex<HashMap<usize, usize>>>;

/// A server that closes a connection that is unused for a time of its own, up to `idle`.
fn start(idle: Duration) -> (String, Executions) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/rest/1/k7Jq2wXv9hRz/", listener.local_addr().unwrap());
    let executions = Executions::default();
    let executed = Arc::clone(&executions);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let executed = Arc::clone(&executed);
            thread::spawn(move || serve(stream.unwrap(), idle, &executed));
        }
    });
    (url, executions)
}

/// Serves requests until the connection was unused for too long, or the client closes it.
fn serve(mut stream: TcpStream, idle: Duration, executed: &Executions) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let (mut received, mut used) = (Vec::new(), false);
    loop {
        let limit = idle.mul_f64(fastrand::f64()).max(Duration::from_micros(1));
        // A new connection is not unused.
        let is_unused = received.is_empty() && used;
        stream.set_read_timeout(Some(if is_unused { limit } else { idle * 100 })).ok()?;
        let mut bytes = [0; 4096];
        let count = stream.read(&mut bytes).ok().filter(|count| *count > 0)?;
        received.extend_from_slice(&bytes[..count]);
        let text = String::from_utf8_lossy(&received).into_owned();
        let Some((_, body)) = text.split_once("\r\n\r\n") else { continue };
        let Ok(params) = serde_json::from_str::<serde_json::Value>(body) else { continue };
        *executed.lock().unwrap().entry(params["number"].as_u64()? as usize).or_default() += 1;
        received.clear();
        used = true;
        let response =
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 12\r\n\r\n{\"result\":7}";
        stream.write_all(response.as_bytes()).ok()?;
    }
}

/// What became of the writes.
#[derive(Debug, Default)]
struct Outcomes {
    succeeded: usize,
    /// Those that the error calls possibly executed, and that the server did not execute.
    lost: usize,
}

async fn write(client: &Client, executions: &Executions, blocks: bool) -> Outcomes {
    let mut outcomes = Outcomes::default();
    for number in 0..WRITES {
        let pause = IDLE.mul_f64(fastrand::f64());
        if blocks {
            thread::sleep(pause)
        } else {
            tokio::time::sleep(pause).await
        }
        let outcome = client.call(raw("crm.deal.add", json!({"number": number}))).await;
        let runs = executions.lock().unwrap().remove(&number).unwrap_or_default();
        assert!(runs <= 1, "{number} was executed {runs} times");
        match outcome {
            Ok(_) => {
                assert_eq!(runs, 1);
                outcomes.succeeded += 1;
            }
            Err(error) => {
                assert_eq!((error.executed(), error.attempts()), (Executed::Unknown, 1), "{error}");
                outcomes.lost += 1 - runs;
            }
        }
    }
    outcomes
}

#[test]
fn a_connection_that_the_server_has_closed_is_not_used() {
    let (url, executions) = start(IDLE);
    let client = Client::builder().limiter(NoLimit).webhook(&url).unwrap();
    // A pause that blocks the runtime hides from it what the server does.
    for blocks in [true, false] {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let outcomes = runtime.block_on(write(&client, &executions, blocks));
        assert!(outcomes.lost * 10 < outcomes.succeeded, "{blocks}: {outcomes:?}");
        let (client, executions) = (client.clone(), Arc::clone(&executions));
        let task = async move { write(&client, &executions, blocks).await };
        let outcomes = runtime.block_on(async { tokio::spawn(task).await.unwrap() });
        assert!(outcomes.lost * 10 < outcomes.succeeded, "{blocks}: {outcomes:?}");
    }
}

#[test]
fn no_write_is_lost_if_each_opens_a_connection() {
    let (url, executions) = start(IDLE);
    let builder = Client::builder().limiter(NoLimit).pool_idle_timeout(Duration::ZERO);
    let client = builder.webhook(&url).unwrap();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let outcomes = runtime.block_on(write(&client, &executions, true));
    assert_eq!((outcomes.succeeded, outcomes.lost), (WRITES, 0));
}
