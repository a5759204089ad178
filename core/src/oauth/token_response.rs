//! Responses of the authorization server.

use serde_json::Value;

use super::fields::text;
use super::tokens::Tokens;
use crate::error::{ErrorKind, Failure};
use crate::json_text::parse_json;
use crate::wire::Json;

/// Parses a response of the authorization server that arrived at `now`; `previous` is the pair to be refreshed.
///
/// An error is recognized by its code, whatever the status: `WRONG_CLIENT` comes with a success status. Content that cannot be
/// parsed is not shown, since it may contain tokens that cannot be redacted yet.
///
/// # Errors
/// A [`Failure`] of [`ErrorKind::Authorization`], with the server's code if there is one.
pub fn parse_response(
    status: u16,
    body: &[u8],
    now: u64,
    previous: Option<&Tokens>,
) -> Result<Tokens, Failure> {
    let answer: Value = parse_json(body).unwrap_or_default();
    if let Some(failure) = error(status, &answer) {
        return Err(failure);
    }
    let read = match previous {
        _ if !(200..300).contains(&status) => Err("it has neither tokens nor an error code".to_owned()),
        _ if answer.is_null() => Err("it is not JSON".to_owned()),
        Some(previous) => previous.merge_response(&answer, now).map_err(|problem| problem.to_string()),
        None => Tokens::from_response(&answer, now).map_err(|problem| problem.to_string()),
    };
    read.map_err(|problem| {
        let text = format!("the response of the authorization server is invalid: {problem}");
        Failure::new(ErrorKind::Authorization, text).with_status(status)
    })
}

fn error(status: u16, answer: &Value) -> Option<Failure> {
    let document = Json::from_value(answer)?;
    let answer = document.get();
    let code = text(answer, "error")?;
    let description = text(answer, "error_description").unwrap_or_default();
    Some(Failure::auth(status, code, description))
}
