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
use bitrix24_client::Pace;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use tokio::runtime::Runtime;

use portal::Call;
use shop::{Shop, Table};

#[path = "support/paired.rs"]
mod paired;
#[path = "../tests/support/portal.rs"]
mod portal;
#[path = "../tests/support/shop.rs"]
mod shop;

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
    let shop = Shop::start_apart([Table::crm("crm.deal").filled(ROWS)]);
    // The limiter works as always, and lets everything pass at once.
    let pace = Pace::new(u32::MAX, f64::from(u32::MAX));
    let client = Client::builder().limiter(pace).webhook(&shop.webhook()).expect("an address");
    let by_id = || runtime.block_on(rows_of(&client));
    let rows = by_id();
    let calls = shop.calls();
    shop.forget_calls();
    println!("A list of {} rows takes {} requests by identifier.\n", rows.len(), calls.len());
    let ratio = measure(&runtime, &shop, &calls, by_id);
    if rows.len() as i64 != ROWS || calls.len() > REQUESTS || ratio > ALLOWED {
        println!(
            "{ROWS} rows, {REQUESTS} requests and {ALLOWED} times the time of plain reqwest are what is allowed."
        );
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

async fn rows_of(client: &Client) -> Vec<Value> {
    let deals = raw("crm.deal.list", json!({"select": ["ID", "TITLE"]})).keyed(Keyset::new("ID"));
    client.rows(deals.that_only_reads()).by_id().all().await.expect("a whole list")
}

/// The ratio of the list to its requests, by the clock.
fn measure(runtime: &Runtime, shop: &Shop, calls: &[Call], by_id: impl FnMut() -> Vec<Value>) -> f64 {
    let http = reqwest::Client::builder().no_proxy().build().expect("an HTTP client");
    let send = async |call: &Call| -> Value {
        let request = http.post(format!("{}{}", shop.origin(), call.path));
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
