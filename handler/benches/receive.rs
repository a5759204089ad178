//! The requests a second on one core through the extractor, over those of plain axum with `serde_urlencoded` of the same body.
//!
//! ```text
//! cargo bench --package bitrix24-handler --features axum
//! ```
//!
//! Both servers verify nothing else in common: plain axum reads the body into pairs and compares the token with `==`; the extractor reads
//! the brackets, finds the installation, compares in constant time, and remembers the request. Each request is another one, over one
//! connection that is kept, from a client in the same thread; the ratio is of the CPU time of the thread. The benchmark fails if it is below its limit.
#![allow(clippy::print_stdout, reason = "a benchmark prints its measurements")]

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use axum::routing::post;
use bitrix24_core::json;
use bitrix24_handler::{Event, Handed, Installation, MemoryInstallations, Receiver};
use bitrix24_portal::Portal;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

#[path = "../../benches/support/paired.rs"]
mod paired;

/// The minimum share of the requests a second of plain axum, over a socket.
const NEEDED: f64 = 0.8;
/// The number of measured pairs.
const PAIRS: usize = 200;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let portal = runtime.block_on(Portal::start()).expect("a port");
    let form =
        portal.event_request("onCrmDealUpdate", json!({"FIELDS": {"ID": 7405}})).with("ts", "TIME").body();
    println!("The form of an event has {} bytes.\n", form.len());
    let mut worst = f64::INFINITY;
    let handed = handing(&runtime, receiver(&portal));
    let of_plain = |handing| plain(handing, portal.application_token());
    let received = receiving(receiver(&portal));
    for (name, plain, routes) in [("Event", of_plain(false), received), ("Handed", of_plain(true), handed)] {
        let over_sockets = over_sockets(&runtime, name, &form, [plain.clone(), routes.clone()]);
        worst = worst.min(over_sockets);
        without_sockets(&runtime, name, &form, [plain, routes]);
    }
    println!(
        "Through the extractor: {worst:.2} of the requests a second of plain axum. Expected at least {NEEDED}."
    );
    if worst < NEEDED { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Plain axum, which verifies with what a form is read into, and handles it in a task if it is `handing` over.
fn plain(handing: bool, application_token: String) -> Router {
    // It is there as long as the program.
    let application_token: &str = application_token.leak();
    let handler = async move |body: Bytes| {
        let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(&body).unwrap_or_default();
        let field =
            |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let is_genuine = field("auth[application_token]") == Some(application_token);
        if !is_genuine || field("data[FIELDS][ID]").is_none() {
            return StatusCode::FORBIDDEN;
        }
        if handing {
            tokio::spawn(async move { drop(fields) });
        }
        StatusCode::OK
    };
    Router::new().route("/events", post(handler))
}

fn receiver(portal: &Portal) -> Receiver {
    let installation =
        Installation::new(portal.member_id()).with_application_token(portal.application_token(), 1);
    // More than usual, since all requests of a turn are sent within a second.
    Receiver::builder(MemoryInstallations::from_iter([installation])).remembered(5_000_000).build()
}

fn receiving(receiver: Receiver) -> Router {
    Router::new().route("/events", post(async |Event(_): Event| StatusCode::OK)).with_state(receiver)
}

fn handing(runtime: &tokio::runtime::Runtime, receiver: Receiver) -> Router {
    let (inbox, worker) = receiver.inbox(10_000);
    runtime.spawn(worker.run(1, |incoming| async move { drop(incoming) }));
    Router::new().route("/events", post(async |_: Handed| StatusCode::OK)).with_state(inbox)
}

/// Another form each time, which is sent now: the number of the subscription counts.
struct Forms {
    start: String,
    end: String,
}

impl Forms {
    fn new(form: &str) -> Self {
        let (start, end) = form.split_once("TIME").expect("a time");
        Self { start: start.to_owned(), end: end.to_owned() }
    }

    fn next(&self) -> String {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        format!("{}{now}{}&number={:012}", self.start, self.end, COUNT.fetch_add(1, Ordering::Relaxed))
    }
}

/// The ratio of requests a second, over one connection each.
fn over_sockets(runtime: &tokio::runtime::Runtime, name: &str, form: &str, servers: [Router; 2]) -> f64 {
    let mut connections = Vec::new();
    for routes in servers {
        connections.push(runtime.block_on(async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let address = listener.local_addr().expect("an address");
            tokio::spawn(async move { axum::serve(listener, routes).await });
            let stream = TcpStream::connect(address).await.expect("a connection");
            stream.set_nodelay(true).expect("a socket");
            stream
        }));
    }
    let forms = Forms::new(form);
    let mut own = connections.pop().expect("two");
    let mut plain = connections.pop().expect("two");
    let ratio = paired::compare_work(
        PAIRS,
        &format!("`{name}`, over a socket"),
        ("plain axum", || runtime.block_on(exchange(&mut plain, &forms.next()))),
        ("bitrix24-handler", || runtime.block_on(exchange(&mut own, &forms.next()))),
    );
    1.0 / ratio
}

async fn exchange(stream: &mut TcpStream, form: &str) {
    let head = format!(
        "POST /events HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        form.len(),
    );
    stream.write_all((head + form).as_bytes()).await.expect("a request");
    let mut response = [0; 1024];
    let length = stream.read(&mut response).await.expect("a response");
    assert!(
        response[..length].starts_with(b"HTTP/1.1 200"),
        "{}",
        String::from_utf8_lossy(&response[..length])
    );
}

/// The same without HTTP, for the work of the extractor alone.
fn without_sockets(runtime: &tokio::runtime::Runtime, name: &str, form: &str, [plain, own]: [Router; 2]) {
    let forms = Forms::new(form);
    let run = |routes: &Router| {
        let request = Request::post("/events")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(forms.next()))
            .expect("a request");
        let response = runtime.block_on(async {
            let response = routes.clone().oneshot(request).await.expect("a response");
            // Lets the worker run.
            tokio::task::yield_now().await;
            response
        });
        assert_eq!(response.status(), StatusCode::OK);
    };
    paired::compare_work(
        PAIRS,
        &format!("`{name}`, without HTTP"),
        ("plain axum", || run(&plain)),
        ("bitrix24-handler", || run(&own)),
    );
}
