//! Worker processes that are killed at random moments while they read one queue. The workers are this test, started with arguments.
//!
//! `EVENTS=10000 cargo test --package bitrix24-client --test offline_workers` runs it with as many events.

#![expect(clippy::print_stdout, reason = "a test with a `main` of its own reports itself")]

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use bitrix24_client::offline::FileClaims;
use bitrix24_client::{App, Client, MemoryStore, NoLimit};
use bitrix24_core::oauth::Tokens;
use bitrix24_core::{Map, Value, json, raw};
use bitrix24_portal::{Fault, Portal};

/// How many events there are by default.
const EVENTS: i64 = 600;

/// How many workers run at the same time.
const WORKERS: usize = 4;

/// How many events a worker handles at the same time.
const HANDLERS: usize = 8;

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let ["worker", rest @ ..] = &arguments[1..] {
        return work(rest);
    }
    let tests: [(&str, fn()); 2] = [
        ("killed_workers_with_claims_lose_no_event", killed_workers_with_claims_lose_no_event),
        ("killed_workers_without_claims_lose_no_event", killed_workers_without_claims_lose_no_event),
    ];
    let filters: Vec<&&str> = arguments[1..].iter().filter(|argument| !argument.starts_with('-')).collect();
    for (name, test) in tests {
        if filters.is_empty() || filters.iter().any(|filter| name.contains(**filter)) {
            let start = Instant::now();
            test();
            println!("test {name} ... ok ({:.1} s)", start.elapsed().as_secs_f64());
        }
    }
}

/// Handles events until it is killed, or until its input ends.
fn work(arguments: &[&str]) {
    let [origin, id, secret, token, lease, claims @ ..] = arguments else { panic!("{arguments:?}") };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let app = App::new(*id, *secret).with_server(origin).unwrap();
        let tokens = Tokens::new(*token, format!("{origin}/rest/"));
        let portal = Client::builder().limiter(NoLimit).application(app, MemoryStore::new(tokens));
        let mut events = portal
            .offline_events()
            .limit(20)
            .poll_interval(Duration::from_millis(20), Duration::from_millis(200))
            .clear_within(Duration::from_millis(200))
            .lease(Duration::from_millis(lease.parse().unwrap()));
        if let [folder] = claims {
            events = events.claims(FileClaims::new(*folder).unwrap());
        }
        let handlers = Arc::new(tokio::sync::Semaphore::new(HANDLERS));
        loop {
            let Some(event) = events.next().await else { break };
            // A lost response, which the test schedules.
            let Ok(event) = event else { continue };
            let (portal, place) = (portal.clone(), Arc::clone(&handlers).acquire_owned().await.unwrap());
            tokio::spawn(async move {
                let data = event.raw().data.to_value();
                let row = event.raw().envelope.offline.clone().unwrap().id;
                // The effect of the event, which the test checks.
                let effect = json!({"fields": {"TITLE": row, "SOURCE_DESCRIPTION": data["FIELDS"]["ID"]}});
                if portal.call(raw("crm.lead.add", effect)).await.is_ok() {
                    event.done().await;
                }
                drop(place);
            });
        }
    });
}

fn killed_workers_with_claims_lose_no_event() {
    let folder = tempfile::tempdir().unwrap();
    kill_workers("3000", Some(folder.path().to_str().unwrap()));
}

fn killed_workers_without_claims_lose_no_event() {
    kill_workers("3000", None);
}

struct Workers<'a> {
    arguments: Vec<&'a str>,
    running: Vec<Child>,
}

impl Workers<'_> {
    fn start(&mut self) {
        let mut command = Command::new(env::current_exe().unwrap());
        command.arg("worker").args(&self.arguments).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A worker that fails shows why.
        let errors = BufReader::new(child.stderr.take().unwrap());
        thread::spawn(move || {
            errors.lines().map_while(Result::ok).for_each(|line| println!("worker: {line}"))
        });
        self.running.push(child);
    }

    /// Kills one by SIGKILL.
    fn kill(&mut self, at: usize) {
        let mut child = self.running.swap_remove(at % self.running.len());
        assert!(child.try_wait().unwrap().is_none(), "a worker has ended by itself");
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

impl Drop for Workers<'_> {
    fn drop(&mut self) {
        for child in &mut self.running {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Every event is handled, and no row is cleared before its event was handled, whatever happens to workers and responses.
fn kill_workers(lease: &str, claims: Option<&str>) {
    let count = env::var("EVENTS").map_or(EVENTS, |events| events.parse().unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    // The record has all calls of the test.
    let portal = runtime.block_on(Portal::builder().recorded_bytes(1 << 30).start()).unwrap();
    let binding = [("event", "onCrmDealUpdate"), ("event_type", "offline")];
    let binding = binding.map(|(name, value)| (name.to_owned(), json!(value)));
    portal.call("event.bind", binding.into_iter().collect()).unwrap();
    for deal in 1..=count {
        assert_eq!(portal.fire_event("onCrmDealUpdate", json!({"FIELDS": {"ID": deal}})).unwrap(), 1);
    }
    let token = portal.issue_tokens().access_token;
    let (origin, (id, secret)) = (portal.origin(), portal.client_credentials());
    let arguments = [&*origin, &*id, &*secret, &*token, lease].into_iter().chain(claims).collect();
    let mut workers = Workers { arguments, running: Vec::new() };
    (0..WORKERS).for_each(|_| workers.start());
    let wanted_kills = (count / 50).clamp(12, 100);
    let (mut kills, mut lost, start) = (0, 0, Instant::now());
    loop {
        let left = events_left(&portal);
        if left == 0 {
            break;
        }
        thread::sleep(Duration::from_millis(5 + scattered(kills) % 80));
        if kills < wanted_kills && count - left >= (kills + 1) * count / (wanted_kills + 2) {
            workers.kill(scattered(kills) as usize);
            workers.start();
            kills += 1;
            if kills % 2 == 0 {
                let methods = ["event.offline.get", "event.offline.clear", "event.offline.list"];
                portal.fail(methods[(kills / 2) as usize % 3], Fault::LoseAnswer, 1);
                lost += 1;
            }
        }
        // Several times what it takes, for machines that do other work too.
        let limit = Duration::from_secs(60 + count as u64 / 8);
        assert!(start.elapsed() < limit, "{left} events are left after {:?}, {kills} kills", start.elapsed());
    }
    drop(workers);
    assert!(kills >= wanted_kills / 2, "{kills} kills");
    check(&portal, count, kills, lost);
}

/// How many events are in the queue.
fn events_left(portal: &Portal) -> i64 {
    let mut left = 0;
    loop {
        let start = Map::from_iter([("start".to_owned(), json!(left))]);
        let page = portal.call("event.offline.list", start).unwrap().as_array().map_or(0, Vec::len) as i64;
        left += page;
        if page < 50 {
            return left;
        }
    }
}

/// A number that differs with each kill.
fn scattered(kills: i64) -> u64 {
    (kills as u64 + 1).wrapping_mul(6_364_136_223_846_793_005).rotate_left(17)
}

fn check(portal: &Portal, count: i64, kills: i64, lost: i64) {
    let effects = portal.rows("crm.lead");
    let mut handled: BTreeMap<i64, u32> = BTreeMap::new();
    for effect in &effects {
        *handled.entry(number(&effect["SOURCE_DESCRIPTION"])).or_default() += 1;
    }
    assert_eq!(
        handled.keys().copied().collect::<Vec<_>>(),
        (1..=count).collect::<Vec<_>>(),
        "an event is lost"
    );
    // The calls in the order in which the portal got them.
    let mut done = BTreeSet::new();
    let (mut cleared, mut clears, mut takes) = (0, 0, 0);
    for call in portal.calls() {
        match &*call.method {
            "crm.lead.add" => {
                done.insert(call.params["fields"]["TITLE"].as_i64().unwrap());
            }
            "event.offline.get" => {
                takes += 1;
                assert_eq!(call.params["clear"], 0);
            }
            "event.offline.clear" => {
                clears += 1;
                cleared += check_clear(&done, &Value::Object(call.params));
            }
            "batch" => {
                bitrix24_testing::run_batch(&Value::Object(call.params), |method, params| {
                    assert_eq!(method, "event.offline.clear");
                    clears += 1;
                    cleared += check_clear(&done, &Value::Object(params.clone()));
                    json!({"result": true})
                });
            }
            _ => {}
        }
    }
    assert!(cleared >= count, "{cleared} rows were cleared");
    let twice: u32 = handled.values().map(|times| times - 1).sum();
    println!(
        "{count} events, {kills} kills, {lost} lost responses: none lost, none cleared unhandled, {twice} handled again; \
         {takes} calls to take, {clears} to clear"
    );
}

fn number(value: &Value) -> i64 {
    bitrix24_core::wire::decode_strict(value).unwrap()
}

/// Each row of the call has been handled. Returns their number.
fn check_clear(done: &BTreeSet<i64>, params: &Value) -> i64 {
    let ids = params["id"].as_array().unwrap();
    assert!(!ids.is_empty() && params["process_id"].as_str().is_some_and(|process| !process.is_empty()));
    for id in ids {
        let id = number(id);
        assert!(done.contains(&id), "row {id} was cleared before its event was handled");
    }
    ids.len() as i64
}
