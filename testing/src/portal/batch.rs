//! Batches: the outcomes of their commands as one result.

use serde_json::{Map, Value, json};

use super::access::MethodError;
use super::methods::MethodResult;
use crate::batch as php_batch;

/// Refuses a batch with too many commands.
pub(super) fn check(params: &Value) -> Result<(), MethodError> {
    if php_batch::commands(params).len() > 50 {
        return Err(MethodError::new(400, "ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded"));
    }
    Ok(())
}

/// The result of a batch, whose commands `command` runs with names in lower case; it returns `null` if there is no response.
pub(super) fn run(
    params: &Value,
    mut command: impl FnMut(&str, &Map<String, Value>) -> Result<Value, MethodError>,
) -> MethodResult {
    MethodResult::of(php_batch::run(params, |method, params| {
        // Top-level names are not case sensitive.
        let params = params.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect();
        command(method, &params)
            .unwrap_or_else(|error| json!({"error": error.code, "error_description": error.description}))
    }))
}
