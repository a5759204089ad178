//! The JSON of examples.

use serde_json::Value;

use crate::extract::diagnostics::PageDiagnostics;
use crate::extract::register::returns::NEAR_JSON_REPAIRED;
use crate::extract::syntax::ast::Code;
use crate::extract::syntax::json_repair::repaired;

/// The JSON of an example. What is nearly JSON is repaired; what begins like JSON and is none is reported.
pub(crate) fn parsed(code: &Code, diagnostics: &mut PageDiagnostics) -> Option<Value> {
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
    diagnostics.fire(&NEAR_JSON_REPAIRED);
    if let Some(value) = repaired(text) {
        diagnostics.add(
            line,
            format!("this example is not JSON: {message}"),
            "JSON; the example was repaired",
        );
        return Some(value);
    }
    diagnostics.add(line, format!("this example is not JSON: {message}"), "JSON; the example was not used");
    None
}

/// What is wrong with JSON, without the place inside of the example: the file has another.
pub(crate) fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}
