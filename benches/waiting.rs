//! The memory of calls that wait for the rate limit.
//!
//! ```text
//! cargo bench --bench waiting --no-default-features --features client,rustls
//! ```
//!
//! It starts 50,000 calls that wait, and prints how much the resident memory of the process grows. It fails above 150 MB. It reads
//! `/proc/self/status`, so it measures on Linux only.
#![allow(clippy::print_stdout, reason = "a benchmark prints its measurements")]

use std::fs;
use std::process::ExitCode;
use std::time::Duration;

use bitrix24::{Client, json, raw};
use bitrix24_client::MemoryLimiter;
use tokio::task::JoinSet;

/// The number of calls.
const CALLS: usize = 50_000;
/// The maximum of the memory of all calls, in bytes.
const ALLOWED: usize = 150_000_000;

fn main() -> ExitCode {
    let Some(before) = resident() else {
        println!("There is no /proc/self/status; nothing is measured.");
        return ExitCode::SUCCESS;
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    // The bucket holds one request, and that one goes nowhere.
    let limiter = MemoryLimiter::new(1, 0.001);
    let client = Client::builder()
        .limiter(limiter)
        .webhook("http://127.0.0.1:9/rest/1/0a1b2c3d/")
        .expect("an address");
    let grown = runtime.block_on(async {
        let mut calls = JoinSet::new();
        for number in 0..CALLS {
            let fields =
                json!({"TITLE": format!("Order {number}"), "STAGE_ID": "NEW", "OPPORTUNITY": number});
            calls.spawn(client.call(raw("crm.deal.add", json!({"fields": fields}))));
        }
        tokio::time::sleep(Duration::from_secs(5)).await;
        let grown = resident().unwrap_or_default().saturating_sub(before);
        assert!(calls.len() == CALLS && calls.try_join_next().is_none(), "every call waits");
        grown
    });
    println!("{CALLS} waiting calls: {:.1} MB, {} bytes each", grown as f64 / 1e6, grown / CALLS);
    if grown > ALLOWED {
        println!("At most {} MB are allowed.", ALLOWED / 1_000_000);
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// The resident memory of this process in bytes.
fn resident() -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<usize>().ok()? * 1024)
}
