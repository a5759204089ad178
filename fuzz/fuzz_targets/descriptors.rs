//! Descriptors to Rust.
#![no_main]

#[path = "../harness.rs"]
#[allow(dead_code, unreachable_pub, reason = "each target uses a part of it")]
mod harness;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    harness::descriptors(input);
});
