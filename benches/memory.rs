//! The peak memory of reading a response of 20 MB, as a multiple of its length.
//!
//! ```text
//! cargo bench --bench memory
//! ```
//!
//! The body is counted too. Memory is counted as requested from the allocator; an allocation that grows counts twice while its
//! content moves. The benchmark fails if a typed response takes more than its limit.
#![allow(clippy::print_stdout, reason = "a benchmark prints its measurements")]

use std::hint::black_box;
use std::process::ExitCode;

use bitrix24::Value;
use bitrix24::crm::deal::Deal;
use bitrix24_core::list::rows_of;
use bitrix24_core::parse_response;
use bitrix24_core::wire::decode_json;
use peak_alloc::PeakAlloc;

#[path = "support/deals.rs"]
mod deals;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The length of a response in bytes.
const LENGTH: usize = 20_000_000;
/// The maximum multiple for typed rows.
const ALLOWED: f64 = 8.0;

fn main() -> ExitCode {
    let rows = rows_of_deals();
    println!("A response of {} bytes with deals:", rows.len());
    measure("serde_json::Value", &rows, |body| drop(black_box(serde_json::from_slice::<Value>(&body))));
    measure("parse_response", &rows, |body| drop(black_box(parse_response(200, body))));
    let typed = measure("parse_response as Vec<Deal>", &rows, |body| {
        let deals = parse_response(200, body).and_then(|response| response.decode::<Vec<Deal>>());
        assert!(black_box(deals).expect("deals").mismatches().is_empty());
    });
    let one_by_one = measure("parse_response, each row as Deal", &rows, |body| {
        let response = parse_response(200, body).expect("an envelope");
        for row in rows_of(&response.result, "").expect("rows") {
            black_box(decode_json::<Deal>(row.get()).expect("a deal"));
        }
    });
    let numbers = format!("{{\"result\":[{}0]}}", "0,".repeat(LENGTH / 2)).into_bytes();
    println!("A response of {} bytes with numbers of one digit, the smallest values:", numbers.len());
    measure("serde_json::Value", &numbers, |body| drop(black_box(serde_json::from_slice::<Value>(&body))));
    measure("parse_response as Vec<bool>", &numbers, |body| {
        let flags = parse_response(200, body).and_then(|response| response.decode::<Vec<bool>>());
        assert!(black_box(flags).expect("flags").mismatches().is_empty());
    });
    if typed.max(one_by_one) > ALLOWED {
        println!("Expected at most {ALLOWED} times the length for typed rows.");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn rows_of_deals() -> Vec<u8> {
    let page = deals::page(50)["result"].to_string();
    let rows = page.trim_matches(['[', ']']);
    let count = LENGTH / (rows.len() + 1);
    format!("{{\"result\":[{}{rows}]}}", format!("{rows},").repeat(count)).into_bytes()
}

/// Reads a copy of the body and prints the peak as a multiple of its length.
fn measure(name: &str, body: &[u8], read: impl FnOnce(Vec<u8>)) -> f64 {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    read(body.to_vec());
    let times = (MEMORY.peak_usage() - before) as f64 / body.len() as f64;
    println!("    {name:<34} {times:>6.1} times");
    times
}
