//! The overhead of a call over plain `reqwest` and `serde_json`, with the same bytes and one reused connection each.
//!
//! ```text
//! cargo bench --bench call --no-default-features --features client,rustls,crm
//! ```
//!
//! The portal runs on its own thread, so that its work is not measured. The benchmark fails if a ratio is above its limit.
#![allow(clippy::print_stdout, reason = "a benchmark prints its measurements")]

use std::process::ExitCode;
use std::time::Duration;

use bitrix24::crm::deal::Deal;
use bitrix24::wire::FromWire;
use bitrix24::{Client, Typed, Value, json, raw};
use bitrix24_client::MemoryLimiter;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use tokio::runtime::Runtime;

use bitrix24_testing::{MockResponse, MockServer};

#[path = "support/deals.rs"]
mod deals;
#[path = "support/paired.rs"]
mod paired;

/// The maximum ratio of a call with a short response to plain reqwest.
const ALLOWED: f64 = 1.10;
/// The maximum ratio of a call with typed rows to plain reqwest and `serde_json::Value`.
const ALLOWED_TYPED: f64 = 0.7;
/// The number of measured pairs.
const PAIRS: usize = 200;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let single = json!({"result": 4711, "time": {"duration": 0.25}});
    let [short, _] = measure::<Value>(&runtime, "a call with a short response", &single);
    let [raw, typed] = measure::<Vec<Deal>>(&runtime, "a call with a page of 50 deals", &deals::page(50));
    if short.max(raw) > ALLOWED || typed > ALLOWED_TYPED {
        println!("Expected at most {ALLOWED}, and {ALLOWED_TYPED} for typed rows.");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// The wall-time ratios of a call to plain reqwest: with the result as JSON, and as its type.
fn measure<T: FromWire>(runtime: &Runtime, name: &str, answer: &Value) -> [f64; 2] {
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
    let typed = async || {
        let request = Typed::<_, T>::new(raw("crm.deal.list", params.clone()));
        client.call(request).await.expect("an answer").result
    };
    let value = paired::compare(
        PAIRS,
        name,
        ("reqwest and serde_json::Value", || runtime.block_on(plain())),
        ("this client, serde_json::Value", || runtime.block_on(typeless())),
    );
    let typed = paired::compare(
        PAIRS,
        name,
        ("reqwest and serde_json::Value", || runtime.block_on(plain())),
        ("this client, typed", || runtime.block_on(typed())),
    );
    [value.wall, typed.wall]
}
