//! A request to an application as it came, before it is known what it is.

use std::fmt;

use serde_json::{Map, Value};

use crate::php;

/// An HTTP request that an application has received: the body as it came, with its content type and the query of the address.
///
/// `Debug` shows nothing of what is in it: most such requests carry tokens.
#[derive(Clone, Copy, Default)]
pub struct IncomingRequest<'a> {
    query: &'a str,
    content_type: &'a str,
    body: &'a [u8],
}

impl<'a> IncomingRequest<'a> {
    /// A request with this body, which is a form unless a [content type](Self::with_content_type) says otherwise.
    pub fn new(body: &'a [u8]) -> Self {
        Self { body, ..Self::default() }
    }

    /// With the query of the address, without the question nonce. A portal puts a part of what it tells an application's page
    /// there.
    pub fn with_query(mut self, query: &'a str) -> Self {
        self.query = query;
        self
    }

    /// With the header `Content-Type`. Portals send forms; `application/json` is read as well, for what stands between.
    pub fn with_content_type(mut self, content_type: &'a str) -> Self {
        self.content_type = content_type;
        self
    }

    /// All fields of the request. Those of the body go before those of the query.
    pub(super) fn fields(&self) -> Result<Map<String, Value>, ParseError> {
        let mut fields = php::decode(self.query);
        let kind = self.content_type.split(';').next().unwrap_or_default().trim();
        let body = if kind.eq_ignore_ascii_case("application/json") {
            serde_json::from_slice(self.body).map_err(|_| ParseError::new("the body is no JSON object"))?
        } else {
            let text = str::from_utf8(self.body).map_err(|_| ParseError::new("the body is no form"))?;
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

/// What a request or an answer about tokens lacks. It shows nothing of what was there.
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
