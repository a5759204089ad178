//! The time to read a page of 50 deals as their type, against parsing it as JSON and against serde's derives.
//!
//! ```text
//! cargo bench --bench decode
//! ```
//!
//! The derived type has the same fields as texts, flags and numbers in the form in which this page has them. It knows no other
//! form, keeps no other field, and reports nothing. The benchmark fails if a ratio is above its limit.
#![allow(clippy::print_stdout, reason = "a benchmark prints its measurements")]

use std::process::ExitCode;

use bitrix24::Value;
use bitrix24::crm::deal::Deal;
use bitrix24_core::parse_response;

#[path = "support/deals.rs"]
mod deals;
#[path = "support/derived_deal.rs"]
mod derived_deal;
#[path = "support/paired.rs"]
mod paired;

use derived_deal::Envelope;

/// The number of measured pairs.
const PAIRS: usize = 200;
/// The maximum ratio of typed rows to `serde_json::Value`.
const ALLOWED_TO_VALUE: f64 = 0.5;
/// The maximum ratio of typed rows to the same struct with serde's derives.
const ALLOWED_TO_DERIVED: f64 = 1.0;

fn main() -> ExitCode {
    let page = deals::page(50).to_string();
    let cyrillic = escaped(&page.replace("Garden furniture, order", "Садовая мебель, заказ"));
    println!("A page of 50 deals has {} bytes, with escaped titles {}.\n", page.len(), cyrillic.len());
    let mut within = true;
    for (name, body) in
        [("a page of 50 deals", page.as_bytes()), ("a page with escaped titles", cyrillic.as_bytes())]
    {
        let value = || serde_json::from_slice::<Value>(body).expect("JSON");
        let derived = || serde_json::from_slice::<Envelope>(body).expect("deals").result;
        let opened = || parse_response(200, body).expect("an envelope");
        let typed = || opened().decode::<Vec<Deal>>().expect("deals").result;
        let raw = || opened().decode::<Value>().expect("JSON").result;
        println!("{name}: the envelope");
        paired::compare(PAIRS, name, ("serde_json::Value", value), ("parse_response", opened));
        paired::compare(PAIRS, name, ("serde_json::Value", value), ("parse_response as Value", raw));
        let to_value = paired::compare(
            PAIRS,
            name,
            ("serde_json::Value", value),
            ("parse_response as Vec<Deal>", typed),
        );
        let to_derived = paired::compare(
            PAIRS,
            name,
            ("serde's derives", derived),
            ("parse_response as Vec<Deal>", typed),
        );
        within &= to_value.wall <= ALLOWED_TO_VALUE && to_derived.wall <= ALLOWED_TO_DERIVED;
    }
    if within {
        return ExitCode::SUCCESS;
    }
    println!(
        "Expected at most {ALLOWED_TO_VALUE} of `serde_json::Value` and {ALLOWED_TO_DERIVED} of serde's derives."
    );
    ExitCode::FAILURE
}

/// JSON with escapes instead of other characters than ASCII, as PHP writes it.
fn escaped(json: &str) -> String {
    let mut text = String::new();
    for c in json.chars() {
        match c {
            c if c.is_ascii() => text.push(c),
            c => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| text.push_str(&format!("\\u{unit:04x}"))),
        }
    }
    text
}
