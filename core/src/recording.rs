//! Recorded traffic: the lines that a client writes for each exchange, and how values become shapes.
//!
//! A line is one JSON object: `{"api": "v2", "method": "user.current", "kind": "response", "status": 200, "body": {…}}`. The body of
//! a response is the envelope as the portal sent it, that of a request its parameters. By default each value is replaced by its
//! shape ([`RecordValues::Shapes`]), so that the lines show which types a portal uses and nothing of its data.

mod batch;
mod envelope;
mod error_code;
mod keys;
mod secrets;
mod shapes;
mod texts;

use serde_json::{Value, json};

use crate::method::Api;
pub use shapes::shape;

/// Which values recorded lines contain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordValues {
    /// Each value is replaced by its [`shape`]: `"35943"` becomes `"1"`, and a name becomes `"text"`.
    #[default]
    Shapes,
    /// Values as they were sent, without secrets. The lines contain the data of the portal.
    Verbatim,
}

/// A request and the response to it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Exchange<'a> {
    /// The interface of the method.
    pub api: Api,
    /// The name of the method.
    pub method: &'a str,
    /// The parameters, without the key of the caller.
    pub params: Value,
    /// The HTTP status of the response.
    pub status: u16,
    /// The body of the response: JSON, or a string if it is not JSON.
    pub body: Value,
}

impl<'a> Exchange<'a> {
    /// Creates an exchange.
    pub fn new(api: Api, method: &'a str, params: Value, status: u16, body: Value) -> Self {
        Self { api, method, params, status, body }
    }

    /// The two lines of the exchange, request first, without line breaks.
    ///
    /// `redact` replaces the secrets that the caller knows. Values under a name such as `auth`, `access_token` or `PASSWORD`,
    /// and such parts of URLs, are replaced by `***` in any case.
    pub fn lines(self, values: RecordValues, redact: &dyn Fn(&str) -> String) -> [String; 2] {
        let Self { api, method, params, status, body } = self;
        let [mut params, mut body] = [params, body].map(|part| secrets::mask(secrets::redact(part, redact)));
        if values == RecordValues::Shapes {
            (params, body) = if method.eq_ignore_ascii_case(crate::batch::METHOD) {
                batch::shapes(&params, &body)
            } else {
                (shapes::shape_params(&params), envelope::shape(&body))
            };
        }
        let api = match api {
            Api::V2 => "v2",
            Api::V3 => "v3",
        };
        let method = redact(method);
        [
            json!({"api": api, "method": method, "kind": "request", "body": params}).to_string(),
            json!({"api": api, "method": method, "kind": "response", "status": status, "body": body})
                .to_string(),
        ]
    }
}
