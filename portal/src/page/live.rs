//! What changes while calls come: the record, the bucket, operating time.

use std::time::UNIX_EPOCH;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::Asked;
use crate::record::{Record, Recorded};
use crate::state::State;

/// How many methods are shown with their operating time.
const METHODS: usize = 20;

/// The number of calls so far, the fullest bucket, and the methods with the most operating time.
pub(super) fn live(state: &mut State) -> Value {
    let now = Instant::now();
    let bucket = state.limits.fullest(now).map(|fullest| {
        json!({
            "level": fullest.level,
            "burst": fullest.burst,
            "per_second": fullest.per_second,
            "address": fullest.address.map(|address| address.to_string()),
        })
    });
    json!({
        "calls": state.record.last_number(),
        "bucket": bucket,
        "operating": state.limits.most_operating(METHODS, now),
    })
}

/// Some calls, newest first.
pub(super) fn calls(record: &Record, asked: &Asked) -> Value {
    let before = asked.number("before").map_or(u64::MAX, |number| number as u64);
    record.before(before).take(asked.limit()).map(|recorded| head(&recorded)).collect()
}

/// One call with its response.
pub(super) fn call(record: &Record, number: u64) -> Option<Value> {
    let recorded =
        record.before(number.saturating_add(1)).next().filter(|recorded| recorded.number == number)?;
    let mut call = head(&recorded);
    call["params"] = Value::Object(recorded.call.params.clone());
    let text = || Value::from(String::from_utf8_lossy(recorded.body));
    call["body"] = serde_json::from_slice(recorded.body).unwrap_or_else(|_| text());
    Some(call)
}

fn head(recorded: &Recorded<'_>) -> Value {
    let at = recorded.at.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    json!({
        "number": recorded.number,
        "at": u64::try_from(at).unwrap_or(u64::MAX),
        "api": recorded.call.api.name(),
        "method": recorded.call.method,
        "status": recorded.call.status,
        "bytes": recorded.body.len(),
    })
}
