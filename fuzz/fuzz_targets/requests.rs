//! Requests to an application.
#![no_main]

#[path = "../requests.rs"]
#[allow(unreachable_pub, reason = "the target uses it")]
mod requests;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    requests::request(input);
});
