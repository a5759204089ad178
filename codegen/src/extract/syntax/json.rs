//! Parses the JSON of examples and repairs near-JSON.

use serde_json::Value;

use crate::extract::page_log::PageLog;
use crate::extract::register::returns::NEAR_JSON_REPAIRED;
use crate::extract::syntax::ast::Code;
use crate::extract::syntax::json_repair::repaired;

/// Parses an example as JSON. Near-JSON is repaired and reported; text that begins like JSON and cannot be repaired is
/// reported; any other text is skipped.
pub(crate) fn parsed(code: &Code, log: &mut PageLog) -> Option<Value> {
    let text = code.text.trim();
    let error = match serde_json::from_str(text) {
        Ok(value) => return Some(value),
        Err(error) => error,
    };
    if !text.starts_with(['{', '[']) {
        return None;
    }
    let line = code.line + error.line().saturating_sub(1);
    let message = without_place(&error);
    log.fire(&NEAR_JSON_REPAIRED);
    if let Some(value) = repaired(text) {
        log.add(line, format!("the example is not JSON: {message}"), "JSON; the example is repaired");
        return Some(value);
    }
    log.add(line, format!("the example is not JSON: {message}"), "JSON; the example is skipped");
    None
}

/// The message of a JSON error without its position, which is relative to the example and not to the file.
pub(crate) fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}
