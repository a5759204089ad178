//! Clients of many portals in one process.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bitrix24_client::{App, Client, MemoryStore, NoLimit, Portals, StoreFuture, StoreLock, TokenStore};
use bitrix24_core::oauth::Tokens;
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{Error, ErrorKind, json, raw};
use tokio::task::JoinSet;
use tokio::time::sleep;

use bitrix24_testing::{Call, Fault, MockResponse, MockServer};

/// The stores of all portals, as a database has them.
type Stores = Arc<Mutex<HashMap<String, MemoryStore>>>;

/// A portal that returns the token of the call, and an authorization server that counts refreshes.
fn answer(refreshes: &AtomicUsize, call: &Call) -> MockResponse {
    match call.method.as_str() {
        "token" => {
            let number = refreshes.fetch_add(1, Ordering::SeqCst);
            let host = call.header("host").unwrap();
            let old = call.field("refresh_token").unwrap();
            MockResponse::json(
                200,
                &json!({
                    "access_token": format!("new-{number}"), "refresh_token": format!("{old}+"), "expires_in": 3600,
                    "client_endpoint": format!("http://{host}/rest/"), "member_id": "m",
                }),
            )
        }
        _ => MockResponse::result(call.params["auth"].clone()),
    }
}

async fn start() -> (MockServer, Arc<AtomicUsize>) {
    let refreshes = Arc::<AtomicUsize>::default();
    let counted = Arc::clone(&refreshes);
    (MockServer::start(move |call| answer(&counted, call)).await, refreshes)
}

fn app(server: &MockServer) -> App {
    App::new("app.1", "secret of the application").with_server(&server.origin()).unwrap()
}

fn tokens(server: &MockServer, member_id: &str, expired: bool) -> Tokens {
    let value = json!({
        "access_token": format!("access-{member_id}"), "refresh_token": format!("refresh-{member_id}"),
        "client_endpoint": format!("{}/rest/", server.origin()), "member_id": member_id,
    });
    let tokens = Tokens::from_json(&value).unwrap();
    tokens.with_expires_at(if expired { 1 } else { u64::MAX / 2 })
}

fn stores(server: &MockServer, count: usize, expired: bool) -> Stores {
    let store = |number: usize| {
        let member_id = format!("m{number}");
        (member_id.clone(), MemoryStore::new(tokens(server, &member_id, expired)))
    };
    Arc::new(Mutex::new((0..count).map(store).collect()))
}

fn store_of(stores: &Stores) -> impl Fn(&str) -> MemoryStore + Send + Sync + 'static + use<> {
    let stores = Arc::clone(stores);
    move |member_id| stores.lock().unwrap().entry(member_id.to_owned()).or_default().clone()
}

async fn call(portal: &Client) -> Result<String, Error> {
    let response = portal.call(raw("profile", json!({})).read_only()).await?;
    Ok(response.result.as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn each_portal_has_one_client_with_its_own_tokens() {
    let (server, refreshes) = start().await;
    let stores = stores(&server, 50, false);
    let portals = Portals::builder(app(&server), store_of(&stores))
        .settings(Client::builder().limiter(NoLimit))
        .build();
    assert!(portals.is_empty());
    let mut calls = JoinSet::new();
    for number in (0..50).chain(0..50) {
        let portals = portals.clone();
        calls.spawn(async move {
            let portal = portals.portal(&format!("m{number}")).unwrap();
            assert_eq!(call(&portal).await.unwrap(), format!("access-m{number}"));
        });
    }
    calls.join_all().await;
    assert_eq!((portals.len(), refreshes.load(Ordering::SeqCst)), (50, 0));
    let error = call(&portals.portal("unknown").unwrap()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authorization, "{error}");
    for member_id in ["", "../m1", "m 1", "m1/../m2"] {
        assert_eq!(portals.portal(member_id).unwrap_err().kind(), ErrorKind::Request);
    }
    portals.shutdown().await.unwrap();
}

#[tokio::test]
async fn a_new_installation_is_saved_and_used() {
    let (server, _) = start().await;
    let stores = Stores::default();
    let portals = Portals::builder(app(&server), store_of(&stores)).build();
    assert!(call(&portals.portal("m7").unwrap()).await.is_err());
    let portal = portals.install(&tokens(&server, "m7", false)).await.unwrap();
    assert_eq!(call(&portal).await.unwrap(), "access-m7");
    let without = Tokens::new("a", format!("{}/rest/", server.origin()));
    assert!(portals.install(&without).await.unwrap_err().to_string().contains("member id"));
}

#[tokio::test]
async fn unused_clients_are_removed_and_created_again() {
    let (server, refreshes) = start().await;
    let stores = stores(&server, 20, true);
    let portals = Portals::builder(app(&server), store_of(&stores)).idle_time(Duration::from_secs(4)).build();
    for number in 0..20 {
        call(&portals.portal(&format!("m{number}")).unwrap()).await.unwrap();
    }
    assert_eq!(refreshes.load(Ordering::SeqCst), 20);
    let held = portals.portal("m3").unwrap();
    portals.remove_unused();
    assert_eq!(portals.len(), 20, "they were used just now");
    sleep(Duration::from_millis(4100)).await;
    // Creating a client removes the others, except one that the program holds.
    let _ = portals.portal("new").unwrap();
    assert_eq!(portals.len(), 2);
    drop(held);
    // The new tokens come from the store.
    for number in 0..20 {
        assert!(call(&portals.portal(&format!("m{number}")).unwrap()).await.unwrap().starts_with("new-"));
    }
    assert_eq!(refreshes.load(Ordering::SeqCst), 20);
}

/// A store that cannot save for a while, and has no lock: two clients would use one refresh token twice.
#[derive(Clone, Default)]
struct FailingStore {
    store: MemoryStore,
    fails: Arc<Mutex<bool>>,
}

impl TokenStore for FailingStore {
    fn load(&self) -> StoreFuture<'_, Option<Tokens>> {
        self.store.load()
    }

    fn save<'a>(&'a self, tokens: &'a Tokens) -> StoreFuture<'a, ()> {
        let fails = *self.fails.lock().unwrap() && self.store.tokens().as_ref() != Some(tokens);
        if fails { Box::pin(async { Err("no room".into()) }) } else { self.store.save(tokens) }
    }

    fn lock(&self) -> StoreFuture<'_, Option<StoreLock>> {
        Box::pin(async { Ok(None) })
    }
}

#[tokio::test]
async fn a_client_whose_tokens_are_being_refreshed_or_not_saved_is_not_removed() {
    let (server, refreshes) = start().await;
    server.fail("token", Fault::Slow(Duration::from_secs(2)));
    let store =
        FailingStore { store: MemoryStore::new(tokens(&server, "m1", true)), ..FailingStore::default() };
    let for_portals = store.clone();
    let portals =
        Portals::builder(app(&server), move |_| for_portals.clone()).idle_time(Duration::ZERO).build();

    // The caller stops waiting in the midst of the refresh.
    let impatient = portals.portal("m1").unwrap().with_deadline(Duration::from_millis(300));
    assert_eq!(call(&impatient).await.unwrap_err().kind(), ErrorKind::Deadline);
    drop(impatient);
    *store.fails.lock().unwrap() = true;
    portals.remove_unused();
    assert_eq!(portals.len(), 1, "a refresh is in progress");
    sleep(Duration::from_secs(4)).await;
    portals.remove_unused();
    assert_eq!(portals.len(), 1, "the new pair is not saved");
    assert!(portals.shutdown().await.is_err());

    *store.fails.lock().unwrap() = false;
    portals.shutdown().await.unwrap();
    assert_eq!(store.store.tokens().unwrap().refresh_token(), Some("refresh-m1+"));
    portals.remove_unused();
    assert_eq!(portals.len(), 0);
    assert!(call(&portals.portal("m1").unwrap()).await.unwrap().starts_with("new-"));
    assert_eq!(refreshes.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn calls_wait_for_a_connection_within_their_deadline() {
    let (server, _) = start().await;
    server.fail("profile", Fault::Slow(Duration::from_secs(3))).times(2);
    let stores = stores(&server, 10, false);
    let portals = Portals::builder(app(&server), store_of(&stores)).max_connections(2).build();
    let mut slow = JoinSet::new();
    for number in 0..2 {
        let portal = portals.portal(&format!("m{number}")).unwrap();
        slow.spawn(async move { call(&portal).await.unwrap() });
    }
    while server.calls().len() < 2 {
        sleep(Duration::from_millis(10)).await;
    }
    let patient = portals.portal("m2").unwrap();
    let error = call(&patient.with_deadline(Duration::from_millis(100))).await.unwrap_err();
    assert_eq!((error.kind(), server.calls().len()), (ErrorKind::Deadline, 2), "{error}");
    assert_eq!(call(&patient).await.unwrap(), "access-m2");
    assert_eq!(slow.join_all().await.len(), 2);
}

#[tokio::test]
async fn a_download_that_reconnects_does_not_wait_for_itself() {
    let content = vec![7_u8; 200_000];
    let whole = content.clone();
    let server = MockServer::start(move |call| {
        let response = MockResponse::content(200, "video/mp4", &whole).with_header("etag", "\"1\"");
        if call.method == "file" { response } else { MockResponse::result(json!(1)) }
    })
    .await;
    server.fail("file", Fault::Truncate(1000)).times(2);
    let stores = stores(&server, 2, false);
    let portals = Portals::builder(app(&server), store_of(&stores)).max_connections(1).build();
    let portal = portals.portal("m1").unwrap().with_deadline(Duration::from_secs(20));
    let download = portal.download("/file").await.unwrap();
    assert!(download.bytes(1 << 20).await.unwrap() == content);
    // Its place is free again.
    call(&portal).await.unwrap();
}

/// A server that sends the beginning of a file and then nothing, on each connection but the last. It counts the open connections.
fn stalling_server(open: Arc<AtomicUsize>, most: Arc<AtomicUsize>) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let (mut stream, open, most) = (stream.unwrap(), Arc::clone(&open), Arc::clone(&most));
            most.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::spawn(move || {
                let head = "HTTP/1.1 200 OK\r\netag: \"v1\"\r\ncontent-length: 9\r\n\r\n";
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).unwrap();
                let body = if number < 3 { "zebra" } else { "zebra fil" };
                stream.write_all((head.to_owned() + body).as_bytes()).unwrap();
                // Until the client closes the connection.
                let _ = stream.read(&mut request);
                open.fetch_sub(1, Ordering::SeqCst);
            });
        }
    });
    origin
}

#[tokio::test]
async fn a_download_that_stalls_gives_its_connection_back_before_it_opens_another_one() {
    let (open, most) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
    let origin = stalling_server(Arc::clone(&open), Arc::clone(&most));
    let tokens = Tokens::new("access", format!("{origin}/rest/")).with_expires_at(u64::MAX / 2);
    let app = App::new("app.1", "secret of the application").with_server(&origin).unwrap();
    let retries = RetryPolicy::default().with_initial_backoff(Duration::from_millis(100));
    let portals = Portals::builder(app, move |_| MemoryStore::new(tokens.clone()))
        .settings(Client::builder().retry_policy(retries).limiter(NoLimit))
        .max_connections(1)
        .build();
    let portal = portals.portal("m0").unwrap().with_timeout(Duration::from_millis(300));
    let file = portal.download("/film").await.unwrap().bytes(100).await.unwrap();
    assert_eq!(file, b"zebra fil");
    assert_eq!(most.load(Ordering::SeqCst), 1, "connections at the same time");
}
