//! The parameters of a request, in whatever form they are sent.

use std::convert::Infallible;

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use serde_json::Value;

use crate::exchange::Params;
use crate::files::Sent;
use crate::php;

/// How many values a JSON body may have.
const MAX_VALUES: usize = 250_000;

/// Why a body was not read.
#[derive(Debug)]
pub(super) enum BodyError {
    /// It is larger than the limit.
    TooLarge,
    /// The connection ended.
    Ended,
    /// It is not what its type says.
    Malformed(String),
}

/// Reads a whole body of at most so many bytes.
pub(super) async fn read(body: Incoming, limit: usize) -> Result<Bytes, BodyError> {
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(BodyError::TooLarge),
        Err(_) => Err(BodyError::Ended),
    }
}

/// The parameters of a body by its type: JSON, a form, or a form of several parts.
pub(super) async fn params(content_type: &str, body: Bytes) -> Result<Params, BodyError> {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        "application/json" => json(&body),
        "multipart/form-data" => multipart(content_type, body).await,
        _ => Ok(php::read_query(&body)),
    }
}

fn json(body: &[u8]) -> Result<Params, BodyError> {
    if body.trim_ascii().is_empty() {
        return Ok(Params::new());
    }
    if separators(body) > MAX_VALUES {
        return Err(BodyError::TooLarge);
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(params)) => Ok(params),
        Ok(Value::Array(values)) => {
            Ok(values.into_iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect())
        }
        Ok(_) => Ok(Params::new()),
        Err(error) => Err(BodyError::Malformed(format!("The body is no JSON: {error}"))),
    }
}

/// The file that a body is, or that a form of several parts has.
pub(super) async fn file(content_type: &str, body: Bytes) -> Result<Sent, BodyError> {
    let Ok(boundary) = multer::parse_boundary(content_type) else {
        return Ok(Sent { name: "file".to_owned(), bytes: body });
    };
    let malformed = |error: multer::Error| BodyError::Malformed(format!("The form is malformed: {error}"));
    let mut parts = multer::Multipart::new(once(body), boundary);
    while let Some(part) = parts.next_field().await.map_err(malformed)? {
        if let Some(name) = part.file_name().map(str::to_owned) {
            return Ok(Sent { name, bytes: part.bytes().await.map_err(malformed)? });
        }
    }
    Err(BodyError::Malformed("The form has no file".to_owned()))
}

/// A body as the stream of which parts are read.
fn once(body: Bytes) -> impl futures_util::Stream<Item = Result<Bytes, Infallible>> {
    futures_util::stream::once(async move { Ok(body) })
}

/// The number of commas outside of texts: parsed values are many times larger than `0,`.
fn separators(json: &[u8]) -> usize {
    let (mut count, mut in_text, mut escaped) = (0, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b',' if !in_text => count += 1,
            _ => {}
        }
    }
    count
}

async fn multipart(content_type: &str, body: Bytes) -> Result<Params, BodyError> {
    let malformed = |error: multer::Error| BodyError::Malformed(format!("The form is malformed: {error}"));
    let boundary = multer::parse_boundary(content_type).map_err(malformed)?;
    let mut parts = multer::Multipart::new(once(body), boundary);
    let mut pairs = Vec::new();
    while pairs.len() < php::MAX_VALUES
        && let Some(part) = parts.next_field().await.map_err(malformed)?
    {
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(malformed)?;
        pairs.push((name, String::from_utf8_lossy(&bytes).into_owned()));
    }
    Ok(php::read_pairs(pairs))
}
