//! What a call costs beyond plain `reqwest` and `serde_json`: the same bytes there and back, over one kept connection each.
//!
//! ```text
//! cargo bench --bench call --no-default-features --features client,rustls
//! ```
//!
//! The portal has a thread of its own, so that its work is not taken for the client's. It fails where a call takes more than
//! a tenth longer.
#![allow(clippy::print_stdout, reason = "a benchmark tells what it measured")]

use std::process::ExitCode;
use std::time::Duration;

use bitrix24::{Client, Value, json, raw};
use bitrix24_client::MemoryLimiter;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use tokio::runtime::Runtime;

use mock_server::{MockResponse, MockServer};

#[path = "support/deals.rs"]
mod deals;
#[path = "../tests/support/mock_server.rs"]
mod mock_server;
#[path = "support/paired.rs"]
mod paired;

/// How much longer a call may take.
const ALLOWED: f64 = 1.10;
/// How many pairs are measured.
const PAIRS: usize = 200;

fn main() -> ExitCode {
    // reqwest asks for a provider of TLS before it knows that there will be none to speak.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let single = json!({"result": 4711, "time": {"duration": 0.25}});
    let worst = [("a call with a short answer", single), ("a call with a page of 50 deals", deals::page(50))]
        .map(|(name, answer)| measure(&runtime, name, &answer))
        .into_iter()
        .fold(0.0, f64::max);
    if worst > ALLOWED {
        println!("A call takes {worst:.3} times as long as plain reqwest; {ALLOWED} is what is allowed.");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// The ratio of a call to plain reqwest, by the clock.
fn measure(runtime: &Runtime, name: &str, answer: &Value) -> f64 {
    let response = MockResponse::json(200, answer);
    let server = MockServer::start_apart(move |_| response.clone());
    server.forget_calls();
    let params = json!({
        "select": ["*"], "filter": {">ID": 4711, "CATEGORY_ID": 1}, "order": {"ID": "ASC"}, "start": -1,
    });
    // As anyone would set it up who calls a portal: what never ends must not be waited for.
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
    // The limiter works as always, and lets everything pass at once.
    let pace = MemoryLimiter::new(u32::MAX, f64::from(u32::MAX));
    let client = Client::builder().limiter(pace).webhook(&server.webhook()).expect("an address");
    let typeless =
        async || client.call(raw("crm.deal.list", params.clone())).await.expect("an answer").result;
    paired::compare(
        PAIRS,
        name,
        ("reqwest and serde_json::Value", || runtime.block_on(plain())),
        ("this client, serde_json::Value", || runtime.block_on(typeless())),
    )
}
