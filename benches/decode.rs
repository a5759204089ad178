//! What it costs to read a page of 50 deals as their type, beyond reading it as JSON.
//!
//! ```text
//! cargo bench --bench decode
//! ```
#![allow(clippy::print_stdout, reason = "a benchmark tells what it measured")]

use bitrix24::Value;
use bitrix24::crm::deal::Deal;
use bitrix24_core::parse_response;
use bitrix24_core::wire::FromWire;

#[path = "support/deals.rs"]
mod deals;
#[path = "support/paired.rs"]
mod paired;

/// How many pairs are measured.
const PAIRS: usize = 200;

fn main() {
    let bytes = deals::page(50).to_string().into_bytes();
    println!("A page of 50 deals has {} bytes.\n", bytes.len());
    let parsed = || serde_json::from_slice::<Value>(&bytes).expect("JSON");
    let opened = || parse_response(200, &bytes).expect("an envelope");
    let typed = || Vec::<Deal>::from_wire(opened().result).expect("deals");
    paired::compare(PAIRS, "the envelope", ("serde_json::Value", parsed), ("and opened", opened));
    paired::compare(PAIRS, "a page of 50 deals", ("serde_json::Value", parsed), ("as Vec<Deal>", typed));
}
