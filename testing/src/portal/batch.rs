//! Batches: the effects of their commands on the tables.

use serde_json::{Map, Value, json};

use super::access::MethodError;
use super::methods::MethodResult;
use super::state::PortalState;
use crate::batch as php_batch;

/// Runs a batch.
pub(super) fn run(state: &mut PortalState, params: &Map<String, Value>) -> Result<MethodResult, MethodError> {
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
    let response = match state.command_faults.take(method) {
        None => state.run(method, &params).map(|result| result.into_envelope(state.limits.time(method))),
        Some(fault) => {
            let executed = if fault.runs() { state.run(method, &params).map(drop) } else { Ok(()) };
            let to_error = |(status, code, text)| Err(MethodError::new(status, code, text));
            executed.and_then(|()| fault.fault.refusal().map_or(Ok(Value::Null), to_error))
        }
    };
    response.unwrap_or_else(|error| json!({"error": error.code, "error_description": error.description}))
}
