//! The control address over HTTP.

use hyper::body::Incoming;
use hyper::http::request::Parts;
use hyper::{Response, header};

use super::body::{self, BodyError};
use super::respond::{Body, json};
use super::server::Server;
use crate::control::{self, ControlRequest, From};

/// The largest request, in bytes.
const MAX_BODY: usize = 1 << 20;

impl Server {
    /// The response to a request to the control address.
    pub(super) async fn control(
        &self,
        path: &str,
        head: &Parts,
        body: Incoming,
        peer: std::net::IpAddr,
    ) -> Response<Body> {
        let wrong = |status: u16, message: &str| {
            let body = serde_json::json!({"error": "INVALID_CONTROL_REQUEST", "error_description": message});
            json(status, body.to_string().into())
        };
        let read = tokio::time::timeout(self.settings.read_timeout, body::read(body, MAX_BODY)).await;
        let body = match read {
            Ok(Ok(body)) => body,
            Ok(Err(BodyError::TooLarge)) => return wrong(413, "the body is larger than 1 MiB"),
            _ => return wrong(400, "the body did not arrive"),
        };
        let from = From {
            peer,
            authorization: head.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()),
        };
        let (method, query) = (head.method.as_str(), head.uri.query().unwrap_or_default());
        let (status, value) =
            control::answer(&self.state, ControlRequest { method, path, query, body, from }).await;
        json(status, value.to_string().into())
    }
}
