//! What holds for any request to an application.
//!
//! The fuzz target and the property tests of `bitrix24-handler` call it.

use std::time::Duration;

use bitrix24_core::Value;
use bitrix24_core::oauth::IncomingRequest;
use bitrix24_core::php::{Limits, decode, decode_form};
use bitrix24_handler::{Incoming, Installation, MemoryInstallations, Receiver};
use tokio::runtime::{Builder, Runtime};

const NOW: u64 = 1_800_000_000;
const MEMBER_ID: &str = "m1";
/// No input has it by chance.
const TOKEN: &str = "k1tz7Yw0vQ3nLx9sRb5e";

/// Receives the input: a line with the content type, a line with the query, and the body.
///
/// A form is refused, or read as PHP reads it, within the limits. Nothing is accepted without the application token, except pages. With
/// the token in front, the same input is refused or accepted, once. Nothing panics.
///
/// Returns whether a request was accepted.
pub fn request(input: &[u8]) -> bool {
    let mut lines = input.splitn(3, |byte| *byte == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let (content_type, query, body) = (text(line()), text(line()), line());
    form(body);

    let installation = Installation::new(MEMBER_ID).with_application_token(TOKEN, NOW - 1000);
    let receiver = Receiver::builder(MemoryInstallations::from_iter([installation]))
        .confirm(|_| async { Ok(false) })
        .repeat_tolerance(Duration::ZERO)
        .build();
    let receive = |body: &[u8]| {
        let request = IncomingRequest::new(body).with_content_type(&content_type).with_query(&query);
        now(receiver.receive(request, NOW))
    };
    if let Ok(incoming) = receive(body) {
        assert!(matches!(incoming, Incoming::Page(_)), "accepted without a token: {incoming:?}");
    }
    let proof = format!("auth[member_id]={MEMBER_ID}&auth[application_token]={TOKEN}&ts={NOW}&");
    let proved = [proof.as_bytes(), body].concat();
    let first = receive(&proved);
    if let Err(refusal) = &first {
        let shown = format!("{refusal} {refusal:?} {}", refusal.response_text());
        assert!((400..=599).contains(&refusal.status()) && !shown.contains(TOKEN), "{shown}");
    }
    // Neither pages nor forms of settings are remembered.
    if first.as_ref().is_ok_and(|it| !matches!(it, Incoming::Page(_) | Incoming::Settings(_))) {
        assert!(receive(&proved).is_err(), "accepted twice");
    }
    first.is_ok()
}

fn form(body: &[u8]) {
    for (values, depth) in [(10_000, 32), (10, 2)] {
        let limits = Limits::default().with_values(values).with_depth(depth);
        let Ok(fields) = decode_form(body, limits) else { continue };
        let fields = Value::Object(fields);
        // The object itself counts here.
        assert!(count(&fields) <= values + 1 && levels(&fields) <= depth + 1, "{fields}");
        let text = str::from_utf8(body).expect("a form that is read is UTF-8");
        assert_eq!(fields, Value::Object(decode(text)), "{text:?}");
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The output of a future. An installation is a task of the runtime.
fn now<T>(future: impl Future<Output = T>) -> T {
    thread_local! {
        static RUNTIME: Runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
    }
    RUNTIME.with(|runtime| runtime.block_on(future))
}

/// The number of values and of the arrays that contain them.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(fields) => fields.values().map(count).sum(),
        _ => 0,
    }
}

fn levels(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(levels).max().unwrap_or(0),
        Value::Object(fields) => 1 + fields.values().map(levels).max().unwrap_or(0),
        _ => 0,
    }
}
