//! Batches: what the commands of one do to the tables.

use serde_json::{Map, Value, json};

use super::access::Refusal;
use super::counter::Counter;
use super::methods::Found;
use super::php_batch;

/// Runs a batch.
pub fn run(counter: &mut Counter, params: &Map<String, Value>) -> Result<Found, Refusal> {
    let params = Value::Object(params.clone());
    if php_batch::commands(&params).len() > 50 {
        return Err(Refusal::new(400, "ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded"));
    }
    counter.count("batch");
    counter.limits.charge("batch");
    Ok(Found::of(php_batch::play(&params, |method, params| command(counter, method, params))))
}

/// The answer to a command, `null` where it gets none.
fn command(counter: &mut Counter, method: &str, params: &Map<String, Value>) -> Value {
    // Names at the top differ in nothing if they differ in case alone.
    let params = params.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect();
    let answer = match counter.mishaps.take(method) {
        None => counter.run(method, &params).map(|found| found.enveloped(counter.limits.time(method))),
        Some(mishap) => {
            let ran = if mishap.runs() { counter.run(method, &params).map(drop) } else { Ok(()) };
            let refused = |(status, code, text)| Err(Refusal::new(status, code, text));
            ran.and_then(|()| mishap.fault.refusal().map_or(Ok(Value::Null), refused))
        }
    };
    answer.unwrap_or_else(|refusal| json!({"error": refusal.code, "error_description": refusal.description}))
}
