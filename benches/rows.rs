//! The overhead of reading a list of 100,000 rows by identifier over the same requests with plain `reqwest` and `serde_json`.
//!
//! ```text
//! cargo bench --bench rows --no-default-features --features client,rustls
//! ```
//!
//! The responses are those of `bitrix24-portal`, which is asked once: a server on its own thread sends them again. It
//! replaces the names of commands, which are new in each batch, and does no other work: that of a portal would be the same on both sides,
//! and hide a difference. The benchmark fails if the list takes more than 41
//! requests, if reading it as a struct of the program takes more than 0.6 of the CPU time of the requests alone, or as
//! `serde_json::Value`, as they do, more than 0.8, or a quarter longer. Where both make a `Value` of each row, most of the time is its
//! allocations, which are the same.
#![allow(clippy::print_stdout, reason = "a benchmark prints its measurements")]

use std::collections::HashMap;
use std::process::ExitCode;

use bitrix24::{Client, HasKeyset, Keyset, Method, RawRequest, Value, json, raw};
use bitrix24_client::MemoryLimiter;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use tokio::runtime::Runtime;

use bitrix24_portal::Portal;
use bitrix24_testing::{Call, MockResponse, MockServer};

#[path = "support/paired.rs"]
mod paired;

/// The number of rows of the list.
const ROWS: i64 = 100_000;
/// The maximum number of requests: one for both ends of the list, and one for each fifty pages after the first.
const REQUESTS: usize = 41;
/// The maximum ratio of the time of the list to that of its requests, with rows as JSON: the client reads the identifier of each row
/// and returns it separately.
const ALLOWED: f64 = 1.25;
/// The maximum ratio of CPU time with rows as JSON.
const ALLOWED_WORK: f64 = 0.8;
/// The maximum ratio of CPU time with rows as a struct.
const ALLOWED_TYPED: f64 = 0.6;
/// The number of measured pairs; few, because a turn is long.
const PAIRS: usize = 20;

/// A row as a program reads it.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "UPPERCASE")]
struct Deal {
    id: u32,
    title: String,
}

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let responses = responses(&runtime);
    let unknown = || MockResponse::error(404, "ERROR_METHOD_NOT_FOUND", "the portal was not asked this");
    let server = MockServer::start_on_thread(move |call| {
        let prefix = prefix(&call.params);
        let response = responses.get(&call.params.to_string().replace(prefix, PREFIX));
        let response =
            response.map(|body| MockResponse::text(200, "application/json", &body.replace(PREFIX, prefix)));
        response.unwrap_or_else(unknown)
    });
    let client = client(&server.webhook());
    let as_json = || runtime.block_on(client.rows(deals()).by_id().collect_all()).expect("a whole list");
    let as_struct = || {
        let rows = client.rows(deals().of::<Deal>()).by_id().collect_all();
        runtime.block_on(rows).expect("a whole list")
    };
    let rows = as_json();
    let calls = server.calls();
    server.forget_calls();
    println!("A list of {} rows takes {} requests by identifier.\n", rows.len(), calls.len());
    assert!(as_struct().iter().map(|deal| deal.id).eq(1..=ROWS as u32) && !as_struct()[0].title.is_empty());
    let [_, typed] = measure(&runtime, &server, &calls, "a struct", as_struct);
    let [json, work] = measure(&runtime, &server, &calls, "serde_json::Value", as_json);
    // Where CPU time is not known, it is no number.
    let is_within = |work: f64, allowed| work.is_nan() || work <= allowed;
    let is_fast = json <= ALLOWED && is_within(work, ALLOWED_WORK) && is_within(typed, ALLOWED_TYPED);
    if rows.len() as i64 != ROWS || calls.len() > REQUESTS || !is_fast {
        println!(
            "Expected {ROWS} rows, at most {REQUESTS} requests, at most {ALLOWED} times the time of plain reqwest and \
             {ALLOWED_WORK} of its CPU time as `Value`, and {ALLOWED_TYPED} of it with a struct."
        );
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn client(webhook: &str) -> Client {
    // The limiter runs as usual, but never delays a request.
    let limiter = MemoryLimiter::new(u32::MAX, f64::from(u32::MAX));
    Client::builder().limiter(limiter).webhook(webhook).expect("an address")
}

/// What the names of commands begin with in `responses`.
const PREFIX: &str = "<prefix>";

/// What the names of a batch's commands begin with.
fn prefix(params: &Value) -> &str {
    let first = params["cmd"].as_object().and_then(|commands| commands.keys().next());
    first.and_then(|name| name.split_once('_')).expect("a batch").0
}

/// The responses of a portal to the requests of the list, by the parameters of each request.
fn responses(runtime: &Runtime) -> HashMap<String, String> {
    let portal = Portal::builder().rows("crm.deal", ROWS as usize).recorded_bytes(1 << 30);
    let portal = runtime.block_on(portal.start()).expect("a port");
    let rows = client(&portal.webhook()).rows(deals()).by_id();
    runtime.block_on(rows.collect_all()).expect("a whole list");
    let recorded = portal.recorded();
    let lines = recorded.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON"));
    let lines: Vec<Value> = lines.collect();
    let pairs = lines.chunks_exact(2).map(|pair| {
        let [request, response] = pair else { unreachable!("two lines") };
        let of = |part: &Value| part["body"].to_string().replace(prefix(&request["body"]), PREFIX);
        (of(request), of(response))
    });
    pairs.collect()
}

fn deals() -> RawRequest<HasKeyset> {
    let deals = raw("crm.deal.list", json!({"select": ["ID", "TITLE"]}));
    deals.keyset(Keyset::new("ID")).read_only()
}

/// The ratios of the list to its requests: of wall time, and of CPU time.
fn measure<T>(
    runtime: &Runtime,
    server: &MockServer,
    calls: &[Call],
    rows: &str,
    by_id: impl FnMut() -> Vec<T>,
) -> [f64; 2] {
    let http = reqwest::Client::builder().no_proxy().build().expect("an HTTP client");
    let send = async |call: &Call| -> Value {
        let request = http.post(format!("{}{}", server.origin(), call.path));
        let request = request.header(CONTENT_TYPE, "application/json").header(ACCEPT, "application/json");
        let response = request.body(call.body.clone()).send().await.expect("an answer");
        serde_json::from_slice(&response.bytes().await.expect("a body")).expect("an envelope")
    };
    let plain = async || {
        let mut rows = Vec::new();
        for call in calls {
            let mut envelope = send(call).await;
            for page in envelope["result"]["result"].as_object_mut().expect("commands").values_mut() {
                rows.append(page.as_array_mut().expect("rows"));
            }
        }
        rows
    };
    paired::ratios(
        PAIRS,
        &format!("a list of 100,000 rows, each as {rows}"),
        ("reqwest and serde_json::Value", || runtime.block_on(plain())),
        ("this client, by identifier", by_id),
    )
}
