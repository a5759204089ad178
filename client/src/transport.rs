//! One HTTP exchange. Nothing is retried or followed here.

use std::time::Duration;

use bitrix24_core::{Failure, RawResponse, parse_response};
use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::{Body, Client, Method, Request, Response, Url};

use crate::http::Place;
use crate::origin::origin_of;
use crate::transport_error;

/// The header by which REST 3 distinguishes a retry from a new request.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The response of a portal.
pub(crate) enum HttpOutcome {
    /// A response with a result.
    Response(Box<RawResponse>),
    /// A redirect, and its target if the portal gives one.
    Redirect { status: u16, to: Option<Url> },
}

/// Sends requests to a portal and reads its responses.
pub(crate) struct Transport<'a> {
    pub(crate) http: Client,
    /// The place of the connection among those of all clients that share them.
    pub(crate) place: Place,
    /// The size limit of a response, in bytes.
    pub(crate) max_response_size: usize,
    /// Receives the status and the body of each response.
    pub(crate) on_response: Option<OnResponse<'a>>,
}

/// A receiver of the status and the body of a response.
pub(crate) type OnResponse<'a> = &'a (dyn Fn(u16, &[u8]) + Sync);

impl<'a> Transport<'a> {
    /// Sets the receiver of each response.
    pub(crate) fn with_on_response(self, on_response: OnResponse<'a>) -> Self {
        Self { on_response: Some(on_response), ..self }
    }

    /// Sends a request with a JSON body.
    pub(crate) async fn post(
        &self,
        url: Url,
        idempotency_key: Option<&HeaderValue>,
        body: Bytes,
        timeout: Duration,
    ) -> Result<HttpOutcome, Failure> {
        let mut request = Request::new(Method::POST, url);
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(CONTENT_TYPE, json.clone());
        request.headers_mut().insert(ACCEPT, json);
        if let Some(key) = idempotency_key {
            request.headers_mut().insert(IDEMPOTENCY_KEY, key.clone());
        }
        *request.timeout_mut() = Some(timeout);
        *request.body_mut() = Some(Body::from(body));
        self.send(request).await
    }

    /// Sends any request and parses the response as the response to a call.
    pub(crate) async fn send(&self, request: Request) -> Result<HttpOutcome, Failure> {
        let url = request.url().clone();
        let result = self.http.execute(request).await;
        let response = result.map_err(|error| transport_error::no_response(error, &origin_of(&url)))?;
        if *response.url() != url {
            return Err(transport_error::redirect_followed(&response));
        }
        let status = response.status();
        if status.is_redirection() {
            return Ok(HttpOutcome::Redirect { status: status.as_u16(), to: location(&response) });
        }
        Ok(HttpOutcome::Response(Box::new(self.parse(response).await?)))
    }

    /// Reads the body and parses it as the response to a call.
    pub(crate) async fn parse(&self, response: Response) -> Result<RawResponse, Failure> {
        let status = response.status().as_u16();
        let retry_after = retry_after(&response);
        let result = self.parse_body(status, read_body(response, self.max_response_size).await?);
        result.map_err(|failure| match retry_after {
            Some(pause) => failure.with_retry_after(pause),
            None => failure,
        })
    }

    fn parse_body(&self, status: u16, body: Vec<u8>) -> Result<RawResponse, Failure> {
        if let Some(on_response) = self.on_response {
            on_response(status, &body);
        }
        parse_response(status, body)
    }
}

/// How long the server asks to wait, in the header `Retry-After`. Proxies send it in seconds; a date is ignored.
fn retry_after(response: &Response) -> Option<Duration> {
    let seconds = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    seconds.trim().parse().ok().map(Duration::from_secs)
}

/// The target of a redirect.
fn location(response: &Response) -> Option<Url> {
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    response.url().join(location).ok()
}

/// How much memory is reserved for a body before it arrives, at most.
const MAX_RESERVED: usize = 1 << 20;

/// Reads the whole body chunk by chunk, so that the error for an incomplete body can say how much arrived.
async fn read_body(mut response: Response, limit: usize) -> Result<Vec<u8>, Failure> {
    let status = response.status().as_u16();
    let expected = response.content_length();
    if expected.is_some_and(|expected| expected > limit as u64) {
        return Err(transport_error::too_large(status, limit));
    }
    // A wrong length costs no more than this.
    let expected_size = expected.and_then(|expected| usize::try_from(expected).ok()).unwrap_or_default();
    let mut body = Vec::with_capacity(expected_size.min(MAX_RESERVED));
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if chunk.len() > limit - body.len() => {
                return Err(transport_error::too_large(status, limit));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) => {
                return Err(transport_error::incomplete_response(error, status, body.len(), expected));
            }
        }
    }
}
