//! Fleets of processes that call one portal: with a real Redis server, and without it. Each process is this test, started with
//! arguments.
#![expect(clippy::print_stdout, reason = "a test with a `main` of its own reports itself")]

use std::env;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use bitrix24_client::{App, Client, MemoryLimiter, NoLimit, TokenStore};
use bitrix24_core::oauth::Tokens;
use bitrix24_core::{json, raw};
use bitrix24_redis::{OnLoss, RedisLimiter, RedisStore, redis};

use bitrix24_portal::{Fault, Plan, Portal};
use redis_server::RedisServer;
use tokio::runtime::Runtime;

#[path = "common/redis_server.rs"]
mod redis_server;

/// The processes of a fleet, and the calls of each.
const PROCESSES: usize = 8;
const CALLS: usize = 60;

/// The bucket of the portal, faster than a real one: 460 of 480 calls wait for it, 11.5 s in all.
const CAPACITY: u32 = 20;
const PER_SECOND: f64 = 40.0;
const IDEAL: Duration = Duration::from_millis(11_500);

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let ["program", program, rest @ ..] = &arguments[1..] {
        return run_program(program, rest);
    }
    let tests: [(&str, fn()); 6] = [
        ("a_fleet_keeps_the_pace_of_one_client", a_fleet_keeps_the_pace_of_one_client),
        ("a_fleet_survives_a_restart_of_redis", a_fleet_survives_a_restart_of_redis),
        ("a_fleet_without_redis_loses_no_call", a_fleet_without_redis_loses_no_call),
        ("a_fleet_refreshes_once", a_fleet_refreshes_once),
        ("the_lock_of_a_killed_process_ends", the_lock_of_a_killed_process_ends),
        (
            "tokens_survive_a_restart_and_keep_an_installation",
            tokens_survive_a_restart_and_keep_an_installation,
        ),
    ];
    let filters: Vec<&&str> = arguments[1..].iter().filter(|argument| !argument.starts_with('-')).collect();
    for (name, test) in tests {
        if filters.is_empty() || filters.iter().any(|filter| name.contains(**filter)) {
            test();
            println!("test {name} ... ok");
        }
    }
}

/// The programs that the tests start.
fn run_program(program: &str, arguments: &[&str]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    match (program, arguments) {
        ("calls", [webhook, "alone"]) => {
            runtime.block_on(call_all(
                Client::builder().limiter(MemoryLimiter::new(CAPACITY, PER_SECOND)),
                webhook,
            ));
        }
        ("calls", [webhook, redis]) => {
            let limiter = RedisLimiter::new(redis::Client::open(*redis).unwrap(), OnLoss::Wait);
            let limiter = limiter.with_quota(CAPACITY, PER_SECOND);
            runtime.block_on(call_all(Client::builder().limiter(limiter), webhook));
        }
        ("application", [id, secret, origin, redis]) => runtime.block_on(async {
            let app = App::new(*id, *secret).with_server(origin).unwrap();
            let portal = Client::builder().limiter(NoLimit).application(app, store(redis));
            for _ in 0..5 {
                portal.call(raw("crm.deal.get", json!({"id": 2})).read_only()).await.unwrap();
            }
        }),
        ("locks", [redis]) => runtime.block_on(async {
            let _lock = store(redis).lock().await.unwrap();
            println!("locked");
            tokio::time::sleep(Duration::from_secs(60)).await;
        }),
        _ => panic!("no such program: {program}"),
    }
}

/// Adds deals, all at once.
async fn call_all(builder: bitrix24_client::ClientBuilder, webhook: &str) {
    let portal = builder.webhook(webhook).unwrap();
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..CALLS {
        calls.spawn(portal.call(raw("crm.deal.add", json!({"fields": {"TITLE": number}}))));
    }
    while let Some(call) = calls.join_next().await {
        call.unwrap().unwrap();
    }
}

fn store(redis: &str) -> RedisStore {
    RedisStore::new(redis::Client::open(redis).unwrap(), "tokens:shop")
        .with_lock_lifetime(Duration::from_secs(5))
}

fn start(arguments: &[&str]) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command.arg("program").args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn wait_for_all(programs: Vec<Child>) {
    for program in programs {
        let output = program.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Runs a fleet against a portal with a bucket, and returns how long it takes and how many calls the portal rejected.
fn run_fleet(limiter: &str, meanwhile: impl FnOnce()) -> (Duration, usize) {
    let runtime = portal_runtime();
    let plan = Plan::Bucket { burst: CAPACITY, per_second: PER_SECOND };
    let portal = runtime.block_on(Portal::builder().plan(plan).start()).unwrap();
    let begin = Instant::now();
    let webhook = portal.webhook();
    let programs: Vec<Child> = (0..PROCESSES).map(|_| start(&["calls", &webhook, limiter])).collect();
    meanwhile();
    wait_for_all(programs);
    let elapsed = begin.elapsed();
    assert_eq!(portal.rows("crm.deal").len(), PROCESSES * CALLS, "each call was executed once");
    let rejected = portal.calls().len() - PROCESSES * CALLS;
    println!(
        "    {PROCESSES} processes with {CALLS} calls, {limiter}: {:.1} s, {rejected} rejections; {:.1} s at best",
        elapsed.as_secs_f64(),
        IDEAL.as_secs_f64()
    );
    (elapsed, rejected)
}

fn a_fleet_keeps_the_pace_of_one_client() {
    let server = RedisServer::start();
    let (elapsed, rejected) = run_fleet(&server.url(), || {});
    assert!(elapsed < IDEAL.mul_f64(1.4), "{elapsed:?}");
    assert!(rejected <= PROCESSES * CALLS / 10, "{rejected}");
}

fn a_fleet_survives_a_restart_of_redis() {
    let mut server = RedisServer::start();
    let url = server.url();
    run_fleet(&url, || {
        thread::sleep(Duration::from_secs(3));
        server.kill();
        thread::sleep(Duration::from_secs(1));
        server.forget();
        server.restart();
    });
}

fn a_fleet_without_redis_loses_no_call() {
    run_fleet("alone", || {});
}

/// Where a portal runs: on a thread of its own.
fn portal_runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

/// A portal with an application whose tokens are in Redis, and where it runs.
fn install(server: &RedisServer) -> (Portal, Runtime) {
    let runtime = portal_runtime();
    let portal = runtime.block_on(Portal::builder().rows("crm.deal", 3).start()).unwrap();
    let pair = portal.issue_tokens();
    let tokens =
        Tokens::new(pair.access_token, portal.client_endpoint()).with_refresh_token(pair.refresh_token);
    block_on(store(&server.url()).save(&tokens)).unwrap();
    (portal, runtime)
}

/// Starts a program with the application of a portal.
fn start_application(portal: &Portal, server: &RedisServer) -> Child {
    let (id, secret) = portal.client_credentials();
    start(&["application", &id, &secret, &portal.origin(), &server.url()])
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn a_fleet_refreshes_once() {
    let server = RedisServer::start();
    let (portal, _runtime) = install(&server);
    for refreshes in 1..=2 {
        portal.expire_tokens();
        portal.fail("oauth.token", Fault::Delay(Duration::from_millis(1500)), 1);
        wait_for_all((0..PROCESSES).map(|_| start_application(&portal, &server)).collect());
        let requests = portal.token_requests();
        assert_eq!((requests.received, requests.granted), (refreshes, refreshes));
    }
}

fn the_lock_of_a_killed_process_ends() {
    let server = RedisServer::start();
    let (portal, _runtime) = install(&server);
    portal.expire_tokens();
    let mut holder = start(&["locks", &server.url()]);
    while block_on(async { exists(&server, "tokens:shop:lock").await }) == 0 {
        thread::sleep(Duration::from_millis(20));
    }
    holder.kill().unwrap();
    holder.wait().unwrap();
    let begin = Instant::now();
    wait_for_all(vec![start_application(&portal, &server)]);
    assert!(begin.elapsed() > Duration::from_secs(2), "the lock of the killed process lasts for a while");
    assert_eq!(portal.token_requests().granted, 1);
    assert_eq!(block_on(async { exists(&server, "tokens:shop:lock").await }), 0, "it was released");
}

async fn exists(server: &RedisServer, key: &str) -> usize {
    let mut connection = server.client().get_multiplexed_async_connection().await.unwrap();
    redis::cmd("EXISTS").arg(key).query_async(&mut connection).await.unwrap()
}

fn tokens_survive_a_restart_and_keep_an_installation() {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let next = || {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        Tokens::new(format!("access-{number}"), "https://shop.example/rest/").with_refresh_token("r")
    };
    let mut server = RedisServer::start();
    block_on(async {
        let store = store(&server.url());
        let (first, second, installed, late) = (next(), next(), next(), next());
        assert_eq!(store.load().await.unwrap(), None);
        assert!(!store.replace(Some(&first), &second).await.unwrap());
        assert!(store.replace(None, &first).await.unwrap());
        assert!(!store.replace(None, &second).await.unwrap());
        store.prepare(&first).await.unwrap();
        assert!(store.replace(Some(&first), &second).await.unwrap());
        store.save(&installed).await.unwrap();
        assert!(!store.replace(Some(&second), &late).await.unwrap(), "a new installation is kept");
        server.restart();
        assert_eq!(store.load().await.unwrap(), Some(installed.clone()));
        server.kill();
        assert!(store.with_timeout(Duration::from_millis(200)).prepare(&installed).await.is_err());
    });
}
