//! Parsing a portal's response: success or error, independent of the HTTP status.

use std::borrow::Cow;

use serde_json::Value;

use crate::error::{ErrorKind, Failure, InvalidField};
use crate::json_text::{self, repaired};
use crate::response::Response;
use crate::system::Time;
use crate::wire::{
    Decoded, FromWire, Json, JsonKind, JsonRef, Mismatch, MismatchPolicy, Reader, WireReader, decode_as,
    decode_json, decode_json_strict,
};

/// The response to a successful call, with its result not yet decoded.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RawResponse {
    /// The result of the method.
    pub result: Json,
    /// How long the portal took.
    pub time: Time,
    /// How many rows the whole list has.
    pub total: Option<u64>,
    /// The offset of the next page.
    pub next: Option<u64>,
}

impl RawResponse {
    /// Decodes the result as the type of its method. Values of another type cost their fields; see
    /// [`Response::mismatches`].
    ///
    /// # Errors
    /// A [`Failure`] of [`ErrorKind::Decode`], with the result as received, if the result as a whole has another form.
    pub fn decode<T: FromWire>(self) -> Result<Response<T>, Failure> {
        self.decode_as::<T, WireReader>(MismatchPolicy::Report)
    }

    /// Decodes the result with a reader, such as that of a [`Method`](crate::Method); `policy` decides about values of another
    /// type.
    ///
    /// # Errors
    /// A [`Failure`] of [`ErrorKind::Decode`], with the result as received, if the result as a whole has another form, or if a
    /// part of it has another type and the policy is [`MismatchPolicy::Error`].
    pub fn decode_as<T, R: Reader<T>>(self, policy: MismatchPolicy) -> Result<Response<T>, Failure> {
        let Self { result, time, total, next } = self;
        let Decoded { value, mismatches } = match decode_as::<T, R>(result.get()) {
            Ok(decoded) => decoded,
            Err(error) => return Err(Failure::decode(error.into()).with_optional_result(Some(result))),
        };
        match mismatches.as_slice().first() {
            Some(mismatch) if policy == MismatchPolicy::Error => {
                Err(Failure::decode(mismatch.clone()).with_optional_result(Some(result)))
            }
            _ => Ok(Response::new(value, time, total, next).with_mismatches(mismatches)),
        }
    }
}

/// Parses the body of a response. A body that is given away (`Vec<u8>`) is kept without a copy.
///
/// # Errors
/// A [`Failure`]: the portal's own error, in any of its known forms, or the defect of the body.
pub fn parse_response<'b>(status: u16, body: impl Into<Cow<'b, [u8]>>) -> Result<RawResponse, Failure> {
    let envelope = match parse_json(body.into().into_owned()) {
        Ok(envelope) => envelope,
        Err(body) => return Err(invalid_json(status, &body)),
    };
    if !envelope.get().is_object() {
        let mismatch = Mismatch::new("an object with `result` or `error`", envelope.get());
        let text = format!("the response is not an envelope: {mismatch}");
        return Err(Failure::new(ErrorKind::UnexpectedResponse, text).with_status(status));
    }
    parse_envelope(status, &envelope)
}

/// Parses a body; returns it if it is not JSON. Text that is not Unicode costs its characters and not the response.
fn parse_json(body: Vec<u8>) -> Result<Json, Vec<u8>> {
    let parsed = String::from_utf8(body)
        .map_err(|error| error.into_bytes())
        .and_then(|text| Json::parse(text).map_err(String::into_bytes));
    parsed.or_else(|body| match repaired(&body) {
        Some(text) => Json::parse(text).map_err(|_| body),
        None => Err(body),
    })
}

fn parse_envelope(status: u16, envelope: &Json) -> Result<RawResponse, Failure> {
    let fields = envelope.get();
    let result = fields.field("result").map(|result| envelope.part(result));
    if let Some(failure) = envelope_error(fields, result.is_some()) {
        return Err(failure.with_status(status).with_optional_result(result));
    }
    let Some(result) = result else {
        let keys: Vec<_> = fields.entries().map(|(key, _)| key).collect();
        let text =
            format!("the response has neither `result` nor `error`; its keys are: {}", keys.join(", "));
        return Err(Failure::new(ErrorKind::UnexpectedResponse, text).with_status(status));
    };
    if let Some(failure) = nested_error(result.get()) {
        return Err(failure.with_status(status));
    }
    if status >= 400 {
        let text = "the response has a `result` and no `error`, but its status indicates an error";
        return Err(Failure::new(ErrorKind::UnexpectedResponse, text)
            .with_status(status)
            .with_raw_result(result));
    }
    // Timing is informational: a successful call does not fail because of it.
    let time = fields.field("time").map(parse_time).unwrap_or_default();
    let [total, next] = ["total", "next"].map(|key| fields.field(key));
    new_response(result, time, total, next).map_err(|failure| failure.with_status(status))
}

/// Parses the timing of a call. Fields of another type are absent.
pub(crate) fn parse_time(time: JsonRef<'_>) -> Time {
    decode_json(time).map(|time| time.value).unwrap_or_default()
}

/// Creates a response, unless its counts are invalid.
pub(crate) fn new_response(
    result: Json,
    time: Time,
    total: Option<JsonRef<'_>>,
    next: Option<JsonRef<'_>>,
) -> Result<RawResponse, Failure> {
    match (parse_count("total", total), parse_count("next", next)) {
        (Ok(total), Ok(next)) => Ok(RawResponse { result, time, total, next }),
        (Err(failure), _) | (_, Err(failure)) => Err(failure.with_raw_result(result)),
    }
}

/// The error of an envelope: `error` as a word, a number, an empty string or the object of REST 3.
///
/// An `error` in one of PHP's other empty forms is no error, and neither is an empty string next to a `result` without a
/// description.
pub(crate) fn envelope_error(envelope: JsonRef<'_>, has_result: bool) -> Option<Failure> {
    let description = envelope.field("error_description").and_then(text);
    error_of(envelope.field("error"), description, has_result)
}

/// The error with this `error` and `error_description`.
pub(crate) fn error_of(
    error: Option<JsonRef<'_>>,
    description: Option<String>,
    has_result: bool,
) -> Option<Failure> {
    let no_description = description.as_deref().is_none_or(str::is_empty);
    let code = match error {
        Some(error) if error.is_object() && !error.is_empty() => return Some(structured_error(error)),
        Some(error) if error.is_array() && !error.is_empty() => error.to_string(),
        Some(error) if error.bool() == Some(true) => "true".to_owned(),
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
pub(crate) fn nested_error(result: JsonRef<'_>) -> Option<Failure> {
    if result.len() != 1 {
        return None;
    }
    let error = result.field("error").filter(|error| error.is_object())?;
    let has_code = ["error", "code"].iter().any(|key| error.field(key).and_then(text).is_some());
    has_code.then(|| structured_error(error))
}

/// The error object of REST 3: `{code, message, validation: [{field, message}]}`.
pub(crate) fn structured_error(error: JsonRef<'_>) -> Failure {
    let part = |key| error.field(key).and_then(text).unwrap_or_default();
    let mut description = part("message");
    // Some methods of REST 2 nest their error in the same way, with the keys of the flat form.
    let code = if error.field("code").is_some() { part("code") } else { part("error") };
    if description.is_empty() {
        description = part("error_description");
    }
    let fields = error.field("validation").into_iter().flat_map(JsonRef::items).map(|field| {
        let part = |key| field.field(key).and_then(text);
        match (part("field"), part("message")) {
            // Nothing is lost, whatever its form.
            (None, None) => InvalidField::new("", text(field).unwrap_or_else(|| field.to_string())),
            (name, message) => InvalidField::new(name.unwrap_or_default(), message.unwrap_or_default()),
        }
    });
    Failure::from_code(code, description).with_invalid_fields(fields)
}

/// A string, or the digits of a number.
fn text(json: JsonRef<'_>) -> Option<String> {
    match json.kind() {
        JsonKind::Number => json.number().map(str::to_owned),
        _ => json.string().map(|text| text.into_owned()),
    }
}

/// Parses a row count. An invalid count is an error, since the list would end too early without it.
fn parse_count(key: &str, count: Option<JsonRef<'_>>) -> Result<Option<u64>, Failure> {
    let Some(json) = count else { return Ok(None) };
    let invalid = |mismatch: Mismatch| Failure::decode(mismatch.under(key));
    let count = decode_json_strict::<Option<i64>>(json).map_err(invalid)?;
    count.map(|count| u64::try_from(count).map_err(|_| invalid(Mismatch::new("a count", json)))).transpose()
}

/// How many bytes of a body that is not JSON become part of a failure. Tags of a page do not count for much.
const SHOWN_BODY: usize = 256 << 10;

/// The failure for a body that is not JSON.
fn invalid_json(status: u16, body: &[u8]) -> Failure {
    let error = json_text::parse_json::<Value>(body).err();
    let content = String::from_utf8_lossy(&body[..body.len().min(SHOWN_BODY)]);
    let content = content.trim_start_matches('\u{feff}').trim();
    let (kind, text) = match error {
        _ if content.is_empty() => (ErrorKind::NotJson, "the response is empty".to_owned()),
        _ if content.starts_with('<') => {
            let text = format!("the response is an HTML page instead of JSON: {}", strip_tags(content));
            (ErrorKind::NotJson, text)
        }
        Some(error) if error.is_eof() => {
            (ErrorKind::Truncated, format!("the response ends after {} bytes", body.len()))
        }
        Some(error) => (ErrorKind::NotJson, format!("the response is not JSON ({error}): {content}")),
        None => (ErrorKind::TooLarge, format!("a response of {} bytes is too large to be read", body.len())),
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
