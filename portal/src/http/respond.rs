//! Responses, with the faults of their way.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use hyper::{Response, StatusCode, header};
use serde_json::Value;

use crate::fault::Fault;
use crate::files::Content;
use crate::page::Document;
use crate::state::Reply;

/// The body of a response.
pub(super) type Body = BoxBody<Bytes, io::Error>;

/// The response, or an error that closes the connection without one.
pub(super) async fn respond(reply: Reply) -> io::Result<Response<Body>> {
    let closed = || Err(io::Error::new(io::ErrorKind::ConnectionAborted, "a fault closes the connection"));
    match reply.fault {
        Some(Fault::LoseAnswer | Fault::Close) => closed(),
        Some(Fault::Reset) => {
            Err(io::Error::new(io::ErrorKind::ConnectionReset, "a fault resets the connection"))
        }
        Some(Fault::Trickle { bytes, pause }) => Ok(trickle(reply.status, reply.body, bytes, pause)),
        Some(Fault::CutAnswer) => Ok(cut(reply.status, &reply.body, reply.body.len() / 2)),
        Some(Fault::CutAnswerAt(bytes)) => Ok(cut(reply.status, &reply.body, bytes)),
        Some(Fault::Html(_)) => Ok(response(reply.status, "text/html; charset=UTF-8", whole(reply.body))),
        Some(Fault::Respond { headers, .. }) => Ok(with_headers(json(reply.status, reply.body), &headers)),
        // It ends when the caller closes the connection.
        Some(Fault::Silence) => std::future::pending().await,
        Some(Fault::Delay(time)) => {
            tokio::time::sleep(time).await;
            Ok(json(reply.status, reply.body))
        }
        Some(Fault::Error { .. } | Fault::AfterCalls(_)) | None => Ok(json(reply.status, reply.body)),
    }
}

/// A portal that was renamed sends callers to its new address.
pub(super) fn redirect(location: &str) -> Response<Body> {
    let mut response = response(302, "text/html; charset=UTF-8", whole(Bytes::new()));
    if let Ok(location) = header::HeaderValue::from_str(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// The page for people. It is used by no other page, and uses nothing of others.
pub(super) fn page(document: Document) -> Response<Body> {
    let mut response = response(200, "text/html; charset=UTF-8", whole(document.html.into()));
    let headers = response.headers_mut();
    if let Ok(policy) = header::HeaderValue::from_str(&document.policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, header::HeaderValue::from_static(value));
    }
    response
}

/// A response with data of a page.
pub(super) fn page_value(value: &Value) -> Response<Body> {
    let mut response = json(200, value.to_string().into());
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    response
        .headers_mut()
        .insert(header::X_CONTENT_TYPE_OPTIONS, header::HeaderValue::from_static("nosniff"));
    response
}

/// The answer to a browser that asks whether a page may send a call.
pub(super) fn preflight() -> Response<Body> {
    let mut response = response(204, "text/plain", whole(Bytes::new()));
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type, Idempotency-Key"),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ] {
        headers.insert(name, header::HeaderValue::from_static(value));
    }
    response
}

/// Lets the page of an origin read a response.
pub(super) fn readable(mut response: Response<Body>, origin: &str) -> Response<Body> {
    if let Ok(origin) = header::HeaderValue::from_str(origin) {
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        response.headers_mut().insert(header::VARY, header::HeaderValue::from_static("Origin"));
    }
    response
}

/// A response with JSON.
pub(super) fn json(status: u16, body: Bytes) -> Response<Body> {
    response(status, "application/json; charset=UTF-8", whole(body))
}

/// The content of a file.
pub(super) fn file(content: Content) -> Response<Body> {
    let mut response = response(200, "application/octet-stream", whole(content.bytes));
    // A name of a header is ASCII: other letters are encoded as in a form.
    let name: String = form_urlencoded::byte_serialize(content.name.as_bytes()).collect();
    let name = name.replace('+', "%20");
    if let Ok(value) = header::HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{name}")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

fn response(status: u16, content_type: &'static str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(content_type));
    response
}

fn whole(body: Bytes) -> Body {
    Full::new(body).map_err(|never| match never {}).boxed()
}

/// The beginning of a response, and the end of the connection.
fn cut(status: u16, body: &Bytes, bytes: usize) -> Response<Body> {
    let start = body.slice(..bytes.min(body.len()));
    let end = async {
        // What was sent before the error is written only if the body waits.
        tokio::task::yield_now().await;
        Err(io::Error::new(io::ErrorKind::ConnectionAborted, "a fault cuts the response"))
    };
    let frames = stream::iter([Ok(Frame::data(start))]).chain(stream::once(end));
    response(status, "application/json; charset=UTF-8", BodyExt::boxed(StreamBody::new(frames)))
}

/// A response in pieces of so many bytes, with a pause before each.
fn trickle(status: u16, body: Bytes, bytes: usize, pause: Duration) -> Response<Body> {
    let pieces = stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let piece = rest.split_to(bytes.clamp(1, rest.len()));
        Some((Ok(Frame::data(piece)), rest))
    });
    response(status, "application/json; charset=UTF-8", BodyExt::boxed(StreamBody::new(pieces)))
}

/// A response with these headers. Those that cannot be headers are left out.
fn with_headers(mut response: Response<Body>, headers: &[(String, String)]) -> Response<Body> {
    for (name, value) in headers {
        let name = header::HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, header::HeaderValue::from_str(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
