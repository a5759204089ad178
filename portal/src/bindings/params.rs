//! Parameters of the methods about bindings.

use serde_json::Value;

use crate::check::Refusal;
use crate::exchange::Params;
use crate::families::find;
use crate::php;

/// A parameter as text; empty if it is not there.
pub(super) fn optional(params: &Params, name: &str) -> String {
    find(params, name).map(php::text).unwrap_or_default()
}

/// A parameter as text.
///
/// # Errors
/// It is not there, is empty, or is a list or an object.
pub(super) fn required(params: &Params, name: &str) -> Result<String, Refusal> {
    let upper = name.to_ascii_uppercase();
    match find(params, name) {
        Some(Value::Array(_) | Value::Object(_)) => {
            Err(argument(format!("The value of an argument '{upper}' must be of type string")))
        }
        Some(value) if !php::text(value).is_empty() => Ok(php::text(value)),
        _ => Err(argument(format!("Argument '{upper}' is null or empty"))),
    }
}

/// The address of a handler.
///
/// # Errors
/// It is not there, or is no address of HTTP.
pub(super) fn address(params: &Params, name: &str) -> Result<String, Refusal> {
    let address = required(params, name)?;
    let is_url = address.split_once("://").is_some_and(|(scheme, rest)| {
        ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
            && !rest.is_empty()
            && !rest.starts_with('/')
            && !address.contains(|c: char| c.is_whitespace() || c.is_control())
    });
    if !is_url {
        return Err(argument(format!("The value of an argument '{}' is invalid", name.to_ascii_uppercase())));
    }
    Ok(address)
}

/// A parameter as a whole number.
pub(super) fn number(params: &Params, name: &str) -> Option<i64> {
    find(params, name).map(php::integer)
}

/// The texts of a list. `None`: there is none, or it is empty.
pub(super) fn texts(params: &Params, name: &str) -> Option<Vec<String>> {
    let list: Vec<String> = match find(params, name)? {
        Value::Array(items) => items.iter().map(php::text).collect(),
        Value::Object(items) => items.values().map(php::text).collect(),
        one => vec![php::text(one)],
    };
    let list: Vec<String> = list.into_iter().filter(|text| !text.is_empty()).collect();
    (!list.is_empty()).then_some(list)
}

/// The error for a wrong argument.
pub(super) fn argument(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "ERROR_ARGUMENT", message)
}
