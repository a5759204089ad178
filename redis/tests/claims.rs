//! Claims of offline events, of workers with connections of their own to a real Redis server.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use bitrix24_client::offline::{OfflineClaim, OfflineClaims};
use bitrix24_client::{App, Client, MemoryStore, NoLimit};
use bitrix24_core::oauth::Tokens;
use bitrix24_core::{Map, Value, json};
use bitrix24_portal::Portal;
use bitrix24_redis::RedisClaims;
use tokio::runtime::Runtime;
use tokio::time::sleep;

use redis_server::RedisServer;

#[path = "common/redis_server.rs"]
mod redis_server;

const LIFETIME: Duration = Duration::from_millis(600);

/// The claims of one worker.
fn claims(server: &RedisServer) -> RedisClaims {
    RedisClaims::new(server.client(), "claims:shop").with_lifetime(LIFETIME)
}

async fn claim(claims: &RedisClaims, process_id: &str) -> Option<OfflineClaim> {
    claims.claim(process_id).await.unwrap()
}

/// How long it takes until a worker gets a claim.
async fn wait_for(claims: &RedisClaims, process_id: &str) -> (OfflineClaim, Duration) {
    let start = Instant::now();
    loop {
        if let Some(claim) = claim(claims, process_id).await {
            return (claim, start.elapsed());
        }
        assert!(start.elapsed() < Duration::from_secs(20), "no worker gets the claim");
        sleep(Duration::from_millis(20)).await;
    }
}

/// A worker that can be killed: its tasks end where they are.
fn worker() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

#[tokio::test]
async fn a_claim_belongs_to_one_worker_until_it_is_dropped() {
    let server = RedisServer::start();
    let [one, other] = [(); 2].map(|()| claims(&server));
    let own = claim(&one, "p1").await.unwrap();
    for workers in [&one, &other] {
        assert!(claim(workers, "p1").await.is_none(), "also not twice by one worker");
    }
    let second = claim(&other, "p2").await.unwrap();
    // It is prolonged.
    sleep(LIFETIME * 3).await;
    assert!(claim(&other, "p1").await.is_none() && claim(&one, "p2").await.is_none());
    drop(own);
    let (_own, waited) = wait_for(&other, "p1").await;
    assert!(waited < LIFETIME, "{waited:?}");
    // Other portals have other claims.
    let elsewhere = RedisClaims::new(server.client(), "claims:other");
    assert!(claim(&elsewhere, "p1").await.is_some());
    drop(second);
}

#[tokio::test]
async fn the_claim_of_a_killed_worker_ends_by_itself() {
    let server = RedisServer::start();
    let (killed, other) = (claims(&server), claims(&server));
    let runtime = worker();
    let own = runtime.spawn(async move { claim(&killed, "p1").await.unwrap() }).await.unwrap();
    sleep(LIFETIME * 2).await;
    assert!(claim(&other, "p1").await.is_none());
    runtime.shutdown_background();
    let (_claim, waited) = wait_for(&other, "p1").await;
    assert!(waited < LIFETIME * 3, "{waited:?}");
    // What is left of the killed one takes nothing away.
    drop(own);
    sleep(LIFETIME * 2).await;
    assert!(claim(&claims(&server), "p1").await.is_none());
}

#[tokio::test]
async fn claims_outlive_a_restart_of_redis_and_its_loss_is_an_error() {
    let mut server = RedisServer::start();
    let [one, other] = [(); 2].map(|()| claims(&server).with_lifetime(Duration::from_secs(3)));
    let own = claim(&one, "p1").await.unwrap();
    server.kill();
    assert!(other.claim("p1").await.is_err() && other.claim("p2").await.is_err());
    // It comes back empty, and its worker takes the key again.
    server.forget();
    server.restart();
    sleep(Duration::from_millis(2200)).await;
    assert!(claim(&other, "p1").await.is_none());
    drop(own);
    wait_for(&other, "p1").await;
}

/// The rows whose events were handled.
type Handled = Arc<Mutex<BTreeSet<i64>>>;

/// A worker that handles events until it is killed.
fn start(portal: &Portal, server: &RedisServer, token: &str, handled: &Handled) -> Runtime {
    let runtime = worker();
    let (origin, token, handled) = (portal.origin(), token.to_owned(), Arc::clone(handled));
    let claims = claims(server);
    let (id, secret) = portal.client_credentials();
    runtime.spawn(async move {
        let app = App::new(id, secret).with_server(&origin).unwrap();
        let tokens = Tokens::new(token, format!("{origin}/rest/"));
        let client = Client::builder().limiter(NoLimit).application(app, MemoryStore::new(tokens));
        let mut events = client
            .offline_events()
            .limit(10)
            .poll_interval(Duration::from_millis(20), Duration::from_millis(100))
            .clear_within(Duration::from_millis(100))
            // Far longer than the test: only claims show who is alive.
            .lease(Duration::from_secs(3600))
            .claims(claims);
        while let Some(event) = events.next().await {
            let event = event.expect("an event");
            sleep(Duration::from_millis(2)).await;
            handled.lock().unwrap().insert(event.raw().envelope.offline.clone().unwrap().id.unwrap());
            event.done().await;
        }
    });
    runtime
}

#[test]
fn workers_on_several_machines_take_over_the_events_of_killed_ones() {
    const EVENTS: i64 = 400;
    let server = RedisServer::start();
    let runtime = worker();
    let portal = runtime.block_on(Portal::start()).unwrap();
    let binding = [("event", "onCrmDealUpdate"), ("event_type", "offline")];
    portal
        .call(
            "event.bind",
            binding.map(|(name, value)| (name.to_owned(), json!(value))).into_iter().collect(),
        )
        .unwrap();
    for deal in 1..=EVENTS {
        assert_eq!(portal.fire_event("onCrmDealUpdate", json!({"FIELDS": {"ID": deal}})).unwrap(), 1);
    }
    let token = portal.issue_tokens().access_token;
    let handled = Handled::default();
    // The first page of what is left.
    let left =
        || portal.call("event.offline.list", Map::new()).unwrap().as_array().map_or(0, Vec::<Value>::len);
    let mut workers: Vec<Runtime> = (0..3).map(|_| start(&portal, &server, &token, &handled)).collect();
    let (begin, mut kills) = (Instant::now(), 0);
    while left() > 0 {
        thread::sleep(Duration::from_millis(70));
        if kills < 6 {
            workers.swap_remove(kills % 3).shutdown_background();
            workers.push(start(&portal, &server, &token, &handled));
            kills += 1;
        }
        assert!(begin.elapsed() < Duration::from_secs(90), "{} events or more are left", left());
    }
    assert_eq!(kills, 6);
    assert_eq!(handled.lock().unwrap().len(), EVENTS as usize, "an event was cleared that was not handled");
    workers.into_iter().for_each(Runtime::shutdown_background);
    drop(portal);
    runtime.shutdown_background();
}
