//! The overhead of decoding a page of 50 deals as their type over parsing it as JSON.
//!
//! ```text
//! cargo bench --bench decode
//! ```
#![allow(clippy::print_stdout, reason = "a benchmark prints its measurements")]

use bitrix24::Value;
use bitrix24::crm::deal::Deal;
use bitrix24_core::parse_response;
use bitrix24_core::wire::decode;

#[path = "support/deals.rs"]
mod deals;
#[path = "support/paired.rs"]
mod paired;

/// The number of measured pairs.
const PAIRS: usize = 200;

fn main() {
    let bytes = deals::page(50).to_string().into_bytes();
    println!("A page of 50 deals has {} bytes.\n", bytes.len());
    let parsed = || serde_json::from_slice::<Value>(&bytes).expect("JSON");
    let opened = || parse_response(200, &bytes).expect("an envelope");
    let typed = || decode::<Vec<Deal>>(opened().result).expect("deals");
    paired::compare(PAIRS, "the envelope", ("serde_json::Value", parsed), ("and parse_response", opened));
    paired::compare(PAIRS, "a page of 50 deals", ("serde_json::Value", parsed), ("as Vec<Deal>", typed));
}
