//! The overhead of reading a list of 100,000 rows by identifier over the same requests with plain `reqwest` and `serde_json`.
//!
//! ```text
//! cargo bench --bench rows --no-default-features --features client,rustls
//! ```
//!
//! The portal runs on its own thread, so that its work is not measured. The benchmark fails if the list takes more than 41
//! requests, or more than a quarter longer than the requests alone.
#![allow(clippy::print_stdout, reason = "a benchmark prints its measurements")]

use std::process::ExitCode;

use bitrix24::{Client, Keyset, Value, json, raw};
use bitrix24_client::MemoryLimiter;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use tokio::runtime::Runtime;

use bitrix24_testing::{Call, MockPortal, Table};

#[path = "support/paired.rs"]
mod paired;

/// The number of rows of the list.
const ROWS: i64 = 100_000;
/// The maximum number of requests: one for both ends of the list, and one for each fifty pages after the first.
const REQUESTS: usize = 41;
/// The maximum ratio of the list to its requests: the client reads the identifier of each row and returns it separately.
const ALLOWED: f64 = 1.25;
/// The number of measured pairs; few, because a turn is long.
const PAIRS: usize = 20;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let portal = MockPortal::start_on_thread([Table::crm("crm.deal").with_rows(ROWS)]);
    // The limiter runs as usual, but never delays a request.
    let limiter = MemoryLimiter::new(u32::MAX, f64::from(u32::MAX));
    let client = Client::builder().limiter(limiter).webhook(&portal.webhook()).expect("an address");
    let by_id = || runtime.block_on(rows_of(&client));
    let rows = by_id();
    let calls = portal.calls();
    portal.forget_calls();
    println!("A list of {} rows takes {} requests by identifier.\n", rows.len(), calls.len());
    let ratio = measure(&runtime, &portal, &calls, by_id);
    if rows.len() as i64 != ROWS || calls.len() > REQUESTS || ratio > ALLOWED {
        println!(
            "Expected {ROWS} rows, at most {REQUESTS} requests, and at most {ALLOWED} times the time of plain reqwest."
        );
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

async fn rows_of(client: &Client) -> Vec<Value> {
    let deals = raw("crm.deal.list", json!({"select": ["ID", "TITLE"]})).keyset(Keyset::new("ID"));
    client.rows(deals.read_only()).by_id().collect_all().await.expect("a whole list")
}

/// The wall-time ratio of the list to its requests.
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
