//! Parsing a portal's response: success or error, independent of the HTTP status.

use serde_json::{Map, Value};

use crate::error::{ErrorKind, Failure, InvalidField};
use crate::json_text::parse_json;
use crate::raw_result::ResponseBody;
use crate::response::Response;
use crate::system::Time;
use crate::wire::{Decoded, FromWire, Mismatch, MismatchPolicy, decode, decode_strict};

/// The response to a successful call, with its result not yet decoded.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RawResponse {
    /// The result of the method.
    pub result: Value,
    /// How long the portal took.
    pub time: Time,
    /// How many rows the whole list has.
    pub total: Option<u64>,
    /// The offset of the next page.
    pub next: Option<u64>,
    pub(crate) body: ResponseBody,
}

impl RawResponse {
    /// Sets the body from which the response was parsed, so that the result of a batch that cannot be assigned to its commands
    /// is available to the caller.
    pub fn with_body(mut self, body: Vec<u8>) -> Self {
        self.body = ResponseBody::new(body);
        self
    }

    /// Decodes the result as the type of its method. Values of another type cost their fields; see
    /// [`Response::mismatches`].
    ///
    /// # Errors
    /// A [`Failure`] of [`ErrorKind::Decode`], with the result as received, if the result as a whole has another form.
    pub fn decode<T: FromWire>(self) -> Result<Response<T>, Failure> {
        self.decode_with(MismatchPolicy::Report)
    }

    /// Decodes the result as the type of its method; `policy` decides about values of another type.
    ///
    /// # Errors
    /// A [`Failure`] of [`ErrorKind::Decode`], with the result as received, if the result as a whole has another form, or if a
    /// part of it has another type and the policy is [`MismatchPolicy::Error`].
    pub fn decode_with<T: FromWire>(self, policy: MismatchPolicy) -> Result<Response<T>, Failure> {
        let Self { result, time, total, next, .. } = self;
        // Decoding consumes the result, and a field that does not fit would be an error.
        let copy = (policy == MismatchPolicy::Error).then(|| result.clone());
        let Decoded { value, mismatches } = decode(result).map_err(|error| {
            let (value, mismatch) = error.into_parts();
            Failure::decode(mismatch).with_optional_result(Some(value))
        })?;
        match (copy, mismatches.as_slice().first()) {
            (Some(copy), Some(mismatch)) => {
                Err(Failure::decode(mismatch.clone()).with_optional_result(Some(copy)))
            }
            _ => Ok(Response::new(value, time, total, next).with_mismatches(mismatches)),
        }
    }
}

/// Parses the body of a response.
///
/// # Errors
/// A [`Failure`]: the portal's own error, in any of its known forms, or the defect of the body.
pub fn parse_response(status: u16, body: &[u8]) -> Result<RawResponse, Failure> {
    match parse_json(body) {
        Ok(Value::Object(envelope)) => parse_envelope(status, envelope),
        Ok(other) => {
            let mismatch = Mismatch::new("an object with `result` or `error`", &other);
            let text = format!("the response is not an envelope: {mismatch}");
            Err(Failure::new(ErrorKind::UnexpectedResponse, text).with_status(status))
        }
        Err(error) => Err(invalid_json(status, body, error)),
    }
}

fn parse_envelope(status: u16, mut envelope: Map<String, Value>) -> Result<RawResponse, Failure> {
    let result = envelope.swap_remove("result");
    if let Some(failure) = envelope_error(&envelope, result.is_some()) {
        return Err(failure.with_status(status).with_optional_result(result));
    }
    let Some(result) = result else {
        let keys: Vec<&str> = envelope.keys().map(String::as_str).collect();
        let text =
            format!("the response has neither `result` nor `error`; its keys are: {}", keys.join(", "));
        return Err(Failure::new(ErrorKind::UnexpectedResponse, text).with_status(status));
    };
    if let Some(failure) = nested_error(&result) {
        return Err(failure.with_status(status));
    }
    if status >= 400 {
        let text = "the response has a `result` and no `error`, but its status indicates an error";
        return Err(Failure::new(ErrorKind::UnexpectedResponse, text)
            .with_status(status)
            .with_raw_result(result));
    }
    // Timing is informational: a successful call does not fail because of it.
    let time = envelope.swap_remove("time").map(parse_time).unwrap_or_default();
    let [total, next] = ["total", "next"].map(|key| envelope.swap_remove(key));
    new_response(result, time, total, next).map_err(|failure| failure.with_status(status))
}

/// Parses the timing of a call. Fields of another type are absent.
pub(crate) fn parse_time(time: Value) -> Time {
    decode(time).map(|time| time.value).unwrap_or_default()
}

/// Creates a response, unless its counts are invalid.
pub(crate) fn new_response(
    result: Value,
    time: Time,
    total: Option<Value>,
    next: Option<Value>,
) -> Result<RawResponse, Failure> {
    match (parse_count("total", total), parse_count("next", next)) {
        (Ok(total), Ok(next)) => Ok(RawResponse { result, time, total, next, body: ResponseBody::default() }),
        (Err(failure), _) | (_, Err(failure)) => Err(failure.with_raw_result(result)),
    }
}

/// The error of an envelope: `error` as a word, a number, an empty string or the object of REST 3.
///
/// An `error` in one of PHP's other empty forms is no error, and neither is an empty string next to a `result` without a
/// description.
pub(crate) fn envelope_error(envelope: &Map<String, Value>, has_result: bool) -> Option<Failure> {
    let description = envelope.get("error_description").and_then(text);
    let no_description = description.as_deref().is_none_or(str::is_empty);
    let code = match envelope.get("error") {
        Some(Value::Object(error)) if !error.is_empty() => return Some(structured_error(error)),
        Some(Value::Array(items)) if !items.is_empty() => serde_json::to_string(items).ok()?,
        Some(Value::Bool(true)) => "true".to_owned(),
        Some(error) => match text(error) {
            Some(code) if !code.is_empty() || !has_result || !no_description => code,
            Some(_) => return None,
            None if has_result || description.is_none() => return None,
            None => String::new(),
        },
        None if has_result || description.is_none() => return None,
        None => String::new(),
    };
    Some(Failure::from_code(code, description.unwrap_or_default()))
}

/// The error in place of a result: some methods nest theirs, `{result: {error: {error, …}}}`, with a success status. A result with
/// other keys, or with an `error` without a code, is data.
pub(crate) fn nested_error(result: &Value) -> Option<Failure> {
    let wrapped = result.as_object().filter(|result| result.len() == 1)?;
    let error = wrapped.get("error")?.as_object()?;
    let has_code = ["error", "code"].iter().any(|key| error.get(*key).and_then(text).is_some());
    has_code.then(|| structured_error(error))
}

/// The error object of REST 3: `{code, message, validation: [{field, message}]}`.
pub(crate) fn structured_error(error: &Map<String, Value>) -> Failure {
    let part = |key| error.get(key).and_then(text).unwrap_or_default();
    let mut description = part("message");
    // Some methods of REST 2 nest their error in the same way, with the keys of the flat form.
    let code = if error.contains_key("code") { part("code") } else { part("error") };
    if description.is_empty() {
        description = part("error_description");
    }
    let fields = error.get("validation").and_then(Value::as_array).into_iter().flatten().map(|field| {
        let part = |key| field.get(key).and_then(text);
        match (part("field"), part("message")) {
            // Nothing is lost, whatever its form.
            (None, None) => InvalidField::new("", text(field).unwrap_or_else(|| field.to_string())),
            (name, message) => InvalidField::new(name.unwrap_or_default(), message.unwrap_or_default()),
        }
    });
    Failure::from_code(code, description).with_invalid_fields(fields)
}

/// A string, or the digits of a number.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Parses a row count. An invalid count is an error, since the list would end too early without it.
fn parse_count(key: &str, value: Option<Value>) -> Result<Option<u64>, Failure> {
    let Some(value) = value else { return Ok(None) };
    let invalid = |mismatch: Mismatch| Failure::decode(mismatch.under(key));
    let count = decode_strict::<Option<i64>>(value.clone()).map_err(invalid)?;
    count.map(|count| u64::try_from(count).map_err(|_| invalid(Mismatch::new("a count", &value)))).transpose()
}

/// How many bytes of a body that is not JSON become part of a failure. Tags of a page do not count for much.
const SHOWN_BODY: usize = 256 << 10;

/// The failure for a body that is not JSON.
fn invalid_json(status: u16, body: &[u8], error: serde_json::Error) -> Failure {
    let content = String::from_utf8_lossy(&body[..body.len().min(SHOWN_BODY)]);
    let content = content.trim_start_matches('\u{feff}').trim();
    let (kind, text) = if content.is_empty() {
        (ErrorKind::NotJson, "the response is empty".to_owned())
    } else if content.starts_with('<') {
        let text = format!("the response is an HTML page instead of JSON: {}", strip_tags(content));
        (ErrorKind::NotJson, text)
    } else if error.is_eof() {
        (ErrorKind::Truncated, format!("the response ends after {} bytes", body.len()))
    } else {
        (ErrorKind::NotJson, format!("the response is not JSON ({error}): {content}"))
    };
    Failure::new(kind, text).with_status(status)
}

/// The text of an HTML page without its tags.
fn strip_tags(page: &str) -> String {
    let mut words = String::new();
    let mut in_tag = false;
    for c in page.chars() {
        match c {
            '<' => in_tag = true,
            '>' => {
                in_tag = false;
                words.push(' ');
            }
            c if !in_tag => words.push(c),
            _ => {}
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
