//! An HTTP request to an application, before it is parsed.

use core::net::IpAddr;
use std::fmt;

use serde_json::Value;

use super::json_body;
use crate::php::{FormError, Limits, decode_request};
use crate::wire::Json;

/// An HTTP request that an application received: the body as received, its content type and the query of the URL.
///
/// Anyone may have sent it: what is read of it is [limited](Self::with_limits), and what is not read completely is refused.
/// `Debug` shows nothing of its content, since most such requests contain tokens.
#[derive(Clone, Copy, Default)]
pub struct IncomingRequest<'a> {
    query: &'a str,
    content_type: &'a str,
    content_encoding: &'a str,
    body: &'a [u8],
    limits: Limits,
    source: Option<IpAddr>,
}

impl<'a> IncomingRequest<'a> {
    /// Creates a request with this body, which is a form unless a [content type](Self::with_content_type) says otherwise.
    pub fn new(body: &'a [u8]) -> Self {
        Self { body, ..Self::default() }
    }

    /// Sets the query of the URL, without the question mark. A portal sends some fields of a page request there.
    pub fn with_query(mut self, query: &'a str) -> Self {
        self.query = query;
        self
    }

    /// Sets the header `Content-Type`. Portals send forms; `application/json` is accepted too, for proxies that convert the
    /// body.
    pub fn with_content_type(mut self, content_type: &'a str) -> Self {
        self.content_type = content_type;
        self
    }

    /// Sets the header `Content-Encoding`. Portals compress no request, and neither is one that is compressed read.
    pub fn with_content_encoding(mut self, content_encoding: &'a str) -> Self {
        self.content_encoding = content_encoding;
        self
    }

    /// Sets what is read of the body, and as much of the query. The size of both is a matter of the server.
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the address of who has sent the request, as the server knows it: that of the connection, or what a proxy of the program says.
    /// Nothing of the request proves it, so it only keeps senders from getting in the way of each other.
    pub fn with_source(mut self, address: IpAddr) -> Self {
        self.source = Some(address);
        self
    }

    /// The address of who has sent the request, if the server says so.
    pub fn source(&self) -> Option<IpAddr> {
        self.source
    }

    /// The query of the URL.
    pub fn query(&self) -> &'a str {
        self.query
    }

    /// The body.
    pub fn body(&self) -> &'a [u8] {
        self.body
    }

    /// All fields of the request. Those of the body override those of the query.
    pub(crate) fn fields(&self) -> Result<Json, ParseError> {
        if self.body.is_empty() || self.is_form()? {
            return Ok(decode_request(self.body, self.query, self.limits)?);
        }
        let mut fields = decode_request(b"", self.query, self.limits)?.get().to_map();
        fields.extend(json_body::object(self.body, self.limits).ok_or(ParseError::new(NO_JSON))?);
        Ok(Json::from_value(&Value::Object(fields)).ok_or(ParseError::new(NO_JSON))?.scripted())
    }

    /// Whether the body is a form; otherwise it is JSON.
    fn is_form(&self) -> Result<bool, ParseError> {
        if !self.content_encoding.is_empty() && !is(self.content_encoding, "identity") {
            return Err(ParseError::unsupported("the body is compressed"));
        }
        let mut parts = self.content_type.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default();
        let charset = parts.find_map(|part| part.split_once('=').filter(|(name, _)| is(name, "charset")));
        let charset = charset.map_or("utf-8", |(_, charset)| charset.trim().trim_matches('"'));
        if !["utf-8", "utf8", "us-ascii"].iter().any(|known| is(charset, known)) {
            return Err(ParseError::unsupported("the body is in a charset other than UTF-8"));
        }
        if kind.is_empty() || is(kind, "application/x-www-form-urlencoded") {
            Ok(true)
        } else if is(kind, "application/json") {
            Ok(false)
        } else {
            Err(ParseError::unsupported("the body is neither a form nor JSON, by its content type"))
        }
    }
}

const NO_JSON: &str =
    "the body is not a JSON object, or it is too large, nested too deeply, or has a name twice";

/// Names in headers are compared without regard to case.
fn is(text: &str, known: &str) -> bool {
    text.trim().eq_ignore_ascii_case(known)
}

impl fmt::Debug for IncomingRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IncomingRequest").field("content_type", &self.content_type).finish_non_exhaustive()
    }
}

/// The defect of a request or a response with tokens. It contains nothing of the content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    problem: &'static str,
    kind: ParseErrorKind,
}

/// The kind of a [`ParseError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseErrorKind {
    /// A part is missing or wrong. HTTP status 400.
    Malformed,
    /// There is more than the [limits](IncomingRequest::with_limits) allow. HTTP status 413.
    TooLarge,
    /// The content type is none that portals send. HTTP status 415.
    UnsupportedType,
}

impl ParseError {
    pub(super) const fn new(problem: &'static str) -> Self {
        Self { problem, kind: ParseErrorKind::Malformed }
    }

    const fn unsupported(problem: &'static str) -> Self {
        Self { problem, kind: ParseErrorKind::UnsupportedType }
    }

    /// Its kind, for the response.
    pub fn kind(&self) -> ParseErrorKind {
        self.kind
    }
}

impl From<FormError> for ParseError {
    fn from(error: FormError) -> Self {
        let kind = match error {
            FormError::TooManyValues | FormError::TooDeep => ParseErrorKind::TooLarge,
            FormError::NotUtf8 | FormError::Repeated => ParseErrorKind::Malformed,
        };
        Self { problem: error.problem(), kind }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.problem)
    }
}

impl std::error::Error for ParseError {}
