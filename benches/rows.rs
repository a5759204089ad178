//! What it costs to read a list of 100,000 rows by identifier, beyond the same requests by plain `reqwest` and `serde_json`.
//!
//! ```text
//! cargo bench --bench rows --no-default-features --features client,rustls
//! ```
//!
//! The portal has a thread of its own, so that its work is not taken for the client's. It fails where the list takes more than 41
//! requests, or where reading it takes more than a quarter longer than the requests alone.
#![allow(clippy::print_stdout, reason = "a benchmark tells what it measured")]

use std::process::ExitCode;

use bitrix24::{Client, Keyset, Value, json, raw};
use bitrix24_client::MemoryLimiter;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use tokio::runtime::Runtime;

use mock_portal::{MockPortal, Table};
use mock_server::Call;

#[path = "../tests/support/mock_portal.rs"]
mod mock_portal;
#[path = "../tests/support/mock_server.rs"]
mod mock_server;
#[path = "support/paired.rs"]
mod paired;

/// How many rows the list has.
const ROWS: i64 = 100_000;
/// How many requests that takes at most: one for both ends, and one for each fifty pages behind the first.
const REQUESTS: usize = 41;
/// How much longer it may take to read the rows: each is looked at for its identifier and given by itself.
const ALLOWED: f64 = 1.25;
/// How many pairs are measured; a turn takes long enough here.
const PAIRS: usize = 20;

fn main() -> ExitCode {
    // reqwest asks for a provider of TLS before it knows that there will be none to speak.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let portal = MockPortal::start_apart([Table::crm("crm.deal").filled(ROWS)]);
    // The limiter works as always, and lets everything pass at once.
    let pace = MemoryLimiter::new(u32::MAX, f64::from(u32::MAX));
    let client = Client::builder().limiter(pace).webhook(&portal.webhook()).expect("an address");
    let by_id = || runtime.block_on(rows_of(&client));
    let rows = by_id();
    let calls = portal.calls();
    portal.forget_calls();
    println!("A list of {} rows takes {} requests by identifier.\n", rows.len(), calls.len());
    let ratio = measure(&runtime, &portal, &calls, by_id);
    if rows.len() as i64 != ROWS || calls.len() > REQUESTS || ratio > ALLOWED {
        println!(
            "{ROWS} rows, {REQUESTS} requests and {ALLOWED} times the time of plain reqwest are what is allowed."
        );
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

async fn rows_of(client: &Client) -> Vec<Value> {
    let deals = raw("crm.deal.list", json!({"select": ["ID", "TITLE"]})).keyset(Keyset::new("ID"));
    client.rows(deals.read_only()).by_id().collect_all().await.expect("a whole list")
}

/// The ratio of the list to its requests, by the clock.
fn measure(runtime: &Runtime, portal: &MockPortal, calls: &[Call], by_id: impl FnMut() -> Vec<Value>) -> f64 {
    let http = reqwest::Client::builder().no_proxy().build().expect("an HTTP client");
    let send = async |call: &Call| -> Value {
        let request = http.post(format!("{}{}", portal.origin(), call.path));
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
    paired::compare(
        PAIRS,
        "a list of 100,000 rows",
        ("reqwest and serde_json::Value", || runtime.block_on(plain())),
        ("this client, by identifier", by_id),
    )
}
