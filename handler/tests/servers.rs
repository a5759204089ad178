//! The extractors of axum and actix-web behave in the same way, over real sockets.
#![cfg(all(feature = "axum", feature = "actix-web"))]

mod common;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bitrix24_core::events::{EventType, Received};
use bitrix24_core::json;
use bitrix24_core::wire::{Fields, FromFields};
use bitrix24_handler::{Event, Handed, Inbox, Incoming, Page, Receiver, Worker};

use common::{builder, portal};

#[derive(Debug, Default)]
struct Fed {
    grams: Option<i64>,
}

impl FromFields for Fed {
    fn from_fields(fields: &mut Fields<'_>) -> Self {
        Self { grams: fields.optional("GRAMS") }
    }
}

impl EventType for Fed {
    const NAME: &'static str = "ONZEBRAFED";
}

fn kind(incoming: &Incoming) -> String {
    format!("{incoming:?}").split('(').next().unwrap_or_default().to_owned()
}

/// What the tests need of a server: its address.
struct Server {
    name: &'static str,
    address: SocketAddr,
}

impl Server {
    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

fn small() -> Receiver {
    builder().max_body(10_000).body_timeout(Duration::from_millis(400)).build()
}

async fn on_axum(inbox: Inbox) -> Server {
    use axum::routing::post;
    let routes = axum::Router::new()
        .route("/any", post(async |incoming: Incoming| kind(&incoming)))
        .route("/event", post(async |Event(event): Event| event.name().to_owned()))
        .route("/fed", post(async |Event(fed): Event<Received<Fed>>| format!("{:?} g", fed.grams)))
        .route("/page", post(async |Page(page): Page| page.placement().code().to_owned()))
        .route("/queue", post(async |_: Handed| ()))
        .with_state(inbox);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    Server { name: "axum", address }
}

async fn on_actix(inbox: Inbox) -> Server {
    use actix_web::web::{Data, post};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let server = actix_web::HttpServer::new(move || {
            actix_web::App::new()
                .app_data(Data::new(inbox.clone()))
                .route("/any", post().to(async |incoming: Incoming| kind(&incoming)))
                .route("/event", post().to(async |Event(event): Event| event.name().to_owned()))
                .route(
                    "/fed",
                    post().to(async |Event(fed): Event<Received<Fed>>| format!("{:?} g", fed.grams)),
                )
                .route("/page", post().to(async |Page(page): Page| page.placement().code().to_owned()))
                .route("/queue", post().to(async |_: Handed| ""))
        });
        let server = server.workers(1).disable_signals().listen(listener).unwrap().run();
        actix_web::rt::System::new().block_on(server)
    });
    Server { name: "actix-web", address }
}

/// Both servers, each with its own receiver.
async fn servers(receiver: impl Fn() -> Receiver, capacity: usize) -> [(Server, Inbox, Worker); 2] {
    let (inbox, worker) = receiver().inbox(capacity);
    let first = (on_axum(inbox.clone()).await, inbox, worker);
    let (inbox, worker) = receiver().inbox(capacity);
    [first, (on_actix(inbox.clone()).await, inbox, worker)]
}

#[tokio::test(flavor = "multi_thread")]
async fn each_extractor_takes_its_kind() {
    let portal = portal().await;
    for (server, _inbox, _worker) in servers(|| builder().build(), 10).await {
        let event = |at: u64| portal.event_request("OnZebraFed", json!({"GRAMS": 250, "AT": at}));
        let page = portal.page_request("DEFAULT", &json!(null));
        let cases = [
            ("/any", event(1), 200, "Event"),
            ("/any", portal.robot_request("robot", &json!({"text": "x"})), 200, "Handler"),
            ("/any", page.clone(), 200, "Page"),
            ("/event", event(2), 200, "ONZEBRAFED"),
            ("/event", page.clone(), 400, "another kind"),
            ("/event", portal.robot_request("robot", &json!({"text": "y"})), 400, "another kind"),
            ("/fed", event(3), 200, "Some(250) g"),
            ("/fed", portal.event_request("OnZebraFed", json!({"GRAMS": "much"})), 200, "None g"),
            ("/fed", portal.event_request("onCrmDealAdd", json!({})), 400, "another kind"),
            ("/page", page.clone(), 200, "DEFAULT"),
            ("/page", event(4), 400, "another kind"),
            (
                "/event",
                event(5).with("auth[application_token]", "another"),
                403,
                "not from an installed portal",
            ),
            ("/event", event(6).with("ts", 1_500_000_000), 403, "too long ago"),
            // What a handler does not take changes nothing.
            ("/event", portal.uninstall_request(true), 400, "another kind"),
            ("/event", event(10), 200, "ONZEBRAFED"),
            ("/queue", event(7), 200, ""),
            ("/queue", page.clone(), 400, "another kind"),
        ];
        for (path, request, status, text) in cases {
            let sent = request.send(&server.url(path)).await;
            assert_eq!(sent.status(), Some(status), "{} {path}: {}", server.name, sent.body());
            assert!(sent.body().contains(text), "{} {path}: {}", server.name, sent.body());
        }
        let event = event(8);
        let statuses = [event.send(&server.url("/event")).await, event.send(&server.url("/event")).await];
        assert_eq!(statuses.map(|sent| sent.status()), [Some(200), Some(409)], "{}", server.name);
    }
}

/// Sends bytes, and returns the status of the response, after at most so many seconds.
fn raw(server: &Server, head: &str, chunks: impl Iterator<Item = Vec<u8>>, pause: Duration) -> Option<u16> {
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    for chunk in chunks {
        if stream.write_all(&chunk).is_err() {
            break;
        }
        if !pause.is_zero() {
            std::thread::sleep(pause);
        }
    }
    let mut response = [0; 64];
    let length = stream.read(&mut response).ok()?;
    String::from_utf8_lossy(&response[..length]).split(' ').nth(1)?.parse().ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_is_read_within_its_limits() {
    const HEAD: &str =
        "POST /event HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    for (server, _inbox, _worker) in servers(small, 10).await {
        let server = Arc::new(server);
        let run = |head: String, chunks: Vec<Vec<u8>>, pause: Duration| {
            let server = Arc::clone(&server);
            tokio::task::spawn_blocking(move || {
                let begin = Instant::now();
                (raw(&server, &format!("{HEAD}{head}\r\n\r\n"), chunks.into_iter(), pause), begin.elapsed())
            })
        };
        let name = server.name;
        // A length that is announced is refused before the body arrives.
        let (status, time) = run("Content-Length: 10001".into(), vec![], Duration::ZERO).await.unwrap();
        assert_eq!(status, Some(413), "{name}");
        assert!(time < Duration::from_millis(300), "{name}: {time:?}");
        // An endless body in chunks.
        let chunk = format!("400\r\n{}\r\n", "x".repeat(1024)).into_bytes();
        let chunks = vec![chunk; 40];
        let (status, _) =
            run("Transfer-Encoding: chunked".into(), chunks, Duration::from_millis(1)).await.unwrap();
        assert!(matches!(status, Some(413) | None), "{name}: {status:?}");
        // A body that does not arrive, and one that arrives slowly.
        let (status, _) =
            run("Content-Length: 100".into(), vec![b"event=".to_vec()], Duration::ZERO).await.unwrap();
        assert_eq!(status, Some(408), "{name}");
        let slow = vec![b"1\r\nx\r\n".to_vec(); 12];
        let (status, time) =
            run("Transfer-Encoding: chunked".into(), slow, Duration::from_millis(100)).await.unwrap();
        assert_eq!(status, Some(408), "{name}");
        assert!(time < Duration::from_secs(3), "{name}: {time:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_inbox_refuses_and_a_closed_one_is_drained() {
    let portal = portal().await;
    for (server, inbox, worker) in servers(|| builder().build(), 3).await {
        let event = |at: u64| portal.event_request("onCrmDealAdd", json!({"FIELDS": {"ID": at}}));
        for at in 0..3 {
            assert_eq!(event(at).send(&server.url("/queue")).await.status(), Some(200));
        }
        let fourth = event(3);
        assert_eq!(fourth.send(&server.url("/queue")).await.status(), Some(503), "{}", server.name);
        assert_eq!(inbox.len(), 3);

        let handled = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&handled);
        let worker = tokio::spawn(worker.run(2, move |incoming| {
            let count = Arc::clone(&count);
            async move {
                let Incoming::Event(event) = incoming else { panic!("{incoming:?}") };
                tokio::time::sleep(Duration::from_millis(50)).await;
                assert_ne!(event.data()["FIELDS"]["ID"], "1", "a handler that panics");
                count.fetch_add(1, Ordering::SeqCst);
            }
        }));
        while !inbox.is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // What was refused was not remembered: a proxy may send it again.
        assert_eq!(fourth.send(&server.url("/queue")).await.status(), Some(200), "{}", server.name);
        inbox.close();
        assert_eq!(event(5).send(&server.url("/queue")).await.status(), Some(503), "{}", server.name);
        let result = worker.await.unwrap();
        assert_eq!((result.completed(), result.panicked()), (3, 1), "{}", server.name);
        assert_eq!(handled.load(Ordering::SeqCst), 3);
    }
}

#[tokio::test]
async fn a_removal_that_finds_no_place_changes_nothing() {
    let portal = portal().await;
    let (inbox, mut worker) = builder().build().inbox(1);
    let receive = async |request: &bitrix24_portal::Outgoing| {
        let body = request.clone().with("ts", common::NOW).body();
        let request = bitrix24_core::oauth::IncomingRequest::new(body.as_bytes());
        inbox.receive(request, common::NOW).await.map_err(|refusal| refusal.status())
    };
    assert_eq!(receive(&portal.event_request("onCrmDealAdd", json!({}))).await, Ok(()));
    assert_eq!(receive(&portal.uninstall_request(false)).await, Err(503));
    assert!(matches!(worker.next().await, Some(Incoming::Event(_))));
    assert_eq!(receive(&portal.event_request("onCrmDealUpdate", json!({}))).await, Ok(()), "still installed");
    assert!(matches!(worker.next().await, Some(Incoming::Event(_))));
    assert_eq!(receive(&portal.uninstall_request(false)).await, Ok(()));
    drop(inbox);
    assert!(matches!(worker.next().await, Some(Incoming::Uninstall(_))));
    assert!(worker.next().await.is_none());
}
