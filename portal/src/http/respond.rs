//! Responses, with the faults of their way.

use std::io;

use bytes::Bytes;
use futures_util::stream;
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
        Some(Fault::CutAnswer) => {
            Ok(response(reply.status, "application/json; charset=UTF-8", half(&reply.body)))
        }
        Some(Fault::Html(status)) => Ok(response(status, "text/html; charset=UTF-8", whole(reply.body))),
        Some(Fault::Delay(time)) => {
            tokio::time::sleep(time).await;
            Ok(json(reply.status, reply.body))
        }
        Some(Fault::Error { .. }) | None => Ok(json(reply.status, reply.body)),
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

/// Half of a body, and the end of the connection.
fn half(body: &Bytes) -> Body {
    let end = io::Error::new(io::ErrorKind::ConnectionAborted, "a fault cuts the response");
    let frames = [Ok(Frame::data(body.slice(..body.len() / 2))), Err(end)];
    BodyExt::boxed(StreamBody::new(stream::iter(frames)))
}
