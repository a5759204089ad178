//! An HTTP request to an application, before it is parsed.

use std::fmt;

use serde_json::{Map, Value};

use crate::json_text::parse_json;
use crate::php;

/// An HTTP request that an application received: the body as received, its content type and the query of the URL.
///
/// `Debug` shows nothing of its content, since most such requests contain tokens.
#[derive(Clone, Copy, Default)]
pub struct IncomingRequest<'a> {
    query: &'a str,
    content_type: &'a str,
    body: &'a [u8],
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

    /// All fields of the request. Those of the body override those of the query.
    pub(super) fn fields(&self) -> Result<Map<String, Value>, ParseError> {
        let mut fields = php::decode(self.query);
        let kind = self.content_type.split(';').next().unwrap_or_default().trim();
        let body = if kind.eq_ignore_ascii_case("application/json") {
            parse_json(self.body).map_err(|_| ParseError::new("the body is not a JSON object"))?
        } else {
            let text = str::from_utf8(self.body).map_err(|_| ParseError::new("the body is not a form"))?;
            php::decode(text)
        };
        fields.extend(body);
        Ok(fields)
    }
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
}

impl ParseError {
    pub(super) const fn new(problem: &'static str) -> Self {
        Self { problem }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.problem)
    }
}

impl std::error::Error for ParseError {}
