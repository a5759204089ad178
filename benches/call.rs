//! The overhead of a call over plain `reqwest` and `serde_json`, with the same bytes and one reused connection each.
//!
//! ```text
//! cargo bench --bench call --no-default-features --features client,rustls
//! ```
//!
//! The portal runs on its own thread, so that its work is not measured. The benchmark fails if a call takes more than a tenth
//! longer.
#![allow(clippy::print_stdout, reason = "a benchmark prints its measurements")]

use std::process::ExitCode;
use std::time::Duration;

use bitrix24::{Client, Value, json, raw};
use bitrix24_client::MemoryLimiter;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use tokio::runtime::Runtime;

use bitrix24_testing::{MockResponse, MockServer};

#[path = "support/deals.rs"]
mod deals;
#[path = "support/paired.rs"]
mod paired;

/// The maximum ratio of a call to plain reqwest.
const ALLOWED: f64 = 1.10;
/// The number of measured pairs.
const PAIRS: usize = 200;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let single = json!({"result": 4711, "time": {"duration": 0.25}});
    let worst =
        [("a call with a short response", single), ("a call with a page of 50 deals", deals::page(50))]
            .map(|(name, answer)| measure(&runtime, name, &answer))
            .into_iter()
            .fold(0.0, f64::max);
    if worst > ALLOWED {
        println!("A call takes {worst:.3} times as long as plain reqwest; at most {ALLOWED} is allowed.");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// The wall-time ratio of a call to plain reqwest.
fn measure(runtime: &Runtime, name: &str, answer: &Value) -> f64 {
    let response = MockResponse::json(200, answer);
    let server = MockServer::start_on_thread(move |_| response.clone());
    server.forget_calls();
    let params = json!({
        "select": ["*"], "filter": {">ID": 4711, "CATEGORY_ID": 1}, "order": {"ID": "ASC"}, "start": -1,
    });
    // The timeouts of a usual setup.
    let http = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(10))
        .timeout(Duration::from_secs(70))
        .user_agent("bench/1.0")
        .build()
        .expect("an HTTP client");
    let url = format!("{}crm.deal.list.json", server.webhook());
    let plain = async || -> Value {
        let body = serde_json::to_vec(&params).expect("JSON");
        let request =
            http.post(&url).header(CONTENT_TYPE, "application/json").header(ACCEPT, "application/json");
        let response = request.body(body).send().await.expect("an answer");
        let envelope = serde_json::from_slice(&response.bytes().await.expect("a body"));
        envelope.expect("an envelope")
    };
    // The limiter runs as usual, but never delays a request.
    let limiter = MemoryLimiter::new(u32::MAX, f64::from(u32::MAX));
    let client = Client::builder().limiter(limiter).webhook(&server.webhook()).expect("an address");
    let typeless =
        async || client.call(raw("crm.deal.list", params.clone())).await.expect("an answer").result;
    paired::compare(
        PAIRS,
        name,
        ("reqwest and serde_json::Value", || runtime.block_on(plain())),
        ("this client, serde_json::Value", || runtime.block_on(typeless())),
    )
}
