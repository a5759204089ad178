//! Reading a portal's answer: success or error, whatever the HTTP status says.

use serde_json::{Map, Value};

use crate::error::{Failure, Invalid, Kind};
use crate::kept::Body;
use crate::reply::Reply;
use crate::system::Time;
use crate::wire::{FromWire, Mismatch};

/// The answer to a call that succeeded, with the result not yet read.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Answer {
    /// What the method gives back.
    pub result: Value,
    /// How long the portal took.
    pub time: Time,
    /// How many rows the whole list has.
    pub total: Option<u64>,
    /// Where the next page begins.
    pub next: Option<u64>,
    pub(crate) body: Body,
}

impl Answer {
    /// The same answer with the body that it was read from, so that a result which cannot be read is still there for the caller.
    pub fn with_body(mut self, body: Vec<u8>) -> Self {
        self.body = Body::new(body);
        self
    }

    /// The reply that it is, with its result read as the type of its method.
    ///
    /// # Errors
    /// A [`Failure`] of [`Kind::Decode`] where the result is something else, with the result as it came if the
    /// [body](Self::with_body) is known.
    pub fn read<T: FromWire>(self) -> Result<Reply<T>, Failure> {
        let Self { result, time, total, next, body } = self;
        match T::from_wire(result) {
            Ok(result) => Ok(Reply::new(result, time, total, next)),
            Err(mismatch) => Err(Failure::undecodable(mismatch).with_any_result(body.result())),
        }
    }
}

/// Reads the body of an answer.
///
/// # Errors
/// A [`Failure`]: the portal's own error, in any of the forms in which it is known to come, or what is wrong with the body.
pub fn read_answer(status: u16, body: &[u8]) -> Result<Answer, Failure> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(envelope)) => open(status, envelope),
        Ok(other) => {
            let mismatch = Mismatch::new("an object with `result` or `error`", &other);
            Err(Failure::new(Kind::NotAnAnswer, format!("the answer is no envelope: {mismatch}"))
                .with_status(status))
        }
        Err(error) => Err(unreadable(status, body, error)),
    }
}

fn open(status: u16, mut envelope: Map<String, Value>) -> Result<Answer, Failure> {
    let result = envelope.swap_remove("result");
    if let Some(failure) = told_error(&envelope, result.is_some()) {
        return Err(failure.with_status(status).with_any_result(result));
    }
    let Some(result) = result else {
        let keys: Vec<&str> = envelope.keys().map(String::as_str).collect();
        let text = format!("the answer has neither `result` nor `error`; it has: {}", keys.join(", "));
        return Err(Failure::new(Kind::NotAnAnswer, text).with_status(status));
    };
    if let Some(failure) = error_within(&result) {
        return Err(failure.with_status(status));
    }
    if status >= 400 {
        let text = "the answer has a `result` and no `error`, though its status tells of one";
        return Err(Failure::new(Kind::NotAnAnswer, text).with_status(status).with_result(result));
    }
    // Timing is information: a call that succeeded does not fail for it.
    let time = envelope.swap_remove("time").and_then(|time| Time::from_wire(time).ok()).unwrap_or_default();
    let [total, next] = ["total", "next"].map(|key| envelope.swap_remove(key));
    answered(result, time, total, next).map_err(|failure| failure.with_status(status))
}

/// The answer that succeeded, unless the counts beside its result cannot be read.
pub(crate) fn answered(
    result: Value,
    time: Time,
    total: Option<Value>,
    next: Option<Value>,
) -> Result<Answer, Failure> {
    match (count("total", total), count("next", next)) {
        (Ok(total), Ok(next)) => Ok(Answer { result, time, total, next, body: Body::default() }),
        (Err(failure), _) | (_, Err(failure)) => Err(failure.with_result(result)),
    }
}

/// The error that the envelope tells of: `error` as a word, a number, an empty text or the object of REST 3.
///
/// An `error` in one of PHP's other empty forms is none, and neither is an empty text beside a `result` with nothing said.
pub(crate) fn told_error(envelope: &Map<String, Value>, has_result: bool) -> Option<Failure> {
    let description = envelope.get("error_description").and_then(text);
    let says_nothing = description.as_deref().is_none_or(str::is_empty);
    let code = match envelope.get("error") {
        Some(Value::Object(error)) if !error.is_empty() => return Some(structured(error)),
        Some(Value::Array(items)) if !items.is_empty() => serde_json::to_string(items).ok()?,
        Some(Value::Bool(true)) => "true".to_owned(),
        Some(error) => match text(error) {
            Some(code) if !code.is_empty() || !has_result || !says_nothing => code,
            Some(_) => return None,
            None if has_result || description.is_none() => return None,
            None => String::new(),
        },
        None if has_result || description.is_none() => return None,
        None => String::new(),
    };
    Some(Failure::told(code, description.unwrap_or_default()))
}

/// The error that stands in the place of a result: some methods wrap theirs once more, `{result: {error: {error, …}}}`, under the
/// status of success. A result with anything beside it, or with an `error` that has no code, is data.
pub(crate) fn error_within(result: &Value) -> Option<Failure> {
    let wrapped = result.as_object().filter(|result| result.len() == 1)?;
    let error = wrapped.get("error")?.as_object()?;
    let has_code = ["error", "code"].iter().any(|key| error.get(*key).and_then(text).is_some());
    has_code.then(|| structured(error))
}

/// The error object of REST 3: `{code, message, validation: [{field, message}]}`.
pub(crate) fn structured(error: &Map<String, Value>) -> Failure {
    let part = |key| error.get(key).and_then(text).unwrap_or_default();
    let mut description = part("message");
    // Some methods of REST 2 nest their error in the same way, under the names of the flat form.
    let code = if error.contains_key("code") { part("code") } else { part("error") };
    if description.is_empty() {
        description = part("error_description");
    }
    let fields = error.get("validation").and_then(Value::as_array).into_iter().flatten().map(|field| {
        let part = |key| field.get(key).and_then(text);
        match (part("field"), part("message")) {
            // Nothing that is said is lost, in whatever form it comes.
            (None, None) => Invalid::new("", text(field).unwrap_or_else(|| field.to_string())),
            (name, message) => Invalid::new(name.unwrap_or_default(), message.unwrap_or_default()),
        }
    });
    Failure::told(code, description).with_validation(fields)
}

/// A text, or the digits of a number.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A count of rows. One that cannot be read is an error, since a list would end where it does not.
fn count(key: &str, value: Option<Value>) -> Result<Option<u64>, Failure> {
    let Some(value) = value else { return Ok(None) };
    let refuse = |mismatch: Mismatch| Failure::undecodable(mismatch.under(key));
    let read = Option::<i64>::from_wire(value.clone()).map_err(refuse)?;
    read.map(|count| u64::try_from(count).map_err(|_| refuse(Mismatch::new("a count", &value)))).transpose()
}

/// What is wrong with a body that is no JSON.
fn unreadable(status: u16, body: &[u8], error: serde_json::Error) -> Failure {
    let content = String::from_utf8_lossy(body);
    let content = content.trim();
    let (kind, text) = if content.is_empty() {
        (Kind::NotJson, "the answer is empty".to_owned())
    } else if content.starts_with('<') {
        (Kind::NotJson, format!("the answer is an HTML page instead of JSON: {}", without_tags(content)))
    } else if error.is_eof() {
        (Kind::Truncated, format!("the answer breaks off after {} bytes", body.len()))
    } else {
        (Kind::NotJson, format!("the answer is no JSON ({error}): {}", content))
    };
    Failure::new(kind, text).with_status(status)
}

/// The words of a page: what stands between tags.
fn without_tags(page: &str) -> String {
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
