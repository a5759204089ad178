//! Batches: the effects of their commands on the tables.

use serde_json::{Map, Value, json};

use super::access::MethodError;
use super::methods::MethodResult;
use super::php_batch;
use super::state::PortalState;

/// Runs a batch.
pub fn run(state: &mut PortalState, params: &Map<String, Value>) -> Result<MethodResult, MethodError> {
    let params = Value::Object(params.clone());
    if php_batch::commands(&params).len() > 50 {
        return Err(MethodError::new(400, "ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded"));
    }
    state.count("batch");
    state.limits.charge("batch");
    Ok(MethodResult::of(php_batch::run(&params, |method, params| command(state, method, params))))
}

/// The response to a command; `null` if there is none.
fn command(state: &mut PortalState, method: &str, params: &Map<String, Value>) -> Value {
    // Top-level names are not case sensitive.
    let params = params.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect();
    let answer = match state.command_faults.take(method) {
        None => state.run(method, &params).map(|found| found.enveloped(state.limits.time(method))),
        Some(fault) => {
            let ran = if fault.runs() { state.run(method, &params).map(drop) } else { Ok(()) };
            let refused = |(status, code, text)| Err(MethodError::new(status, code, text));
            ran.and_then(|()| fault.fault.refusal().map_or(Ok(Value::Null), refused))
        }
    };
    answer.unwrap_or_else(|refusal| json!({"error": refusal.code, "error_description": refusal.description}))
}
