//! Responses, with the faults of their way.

use std::io;

use bytes::Bytes;
use futures_util::stream;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use hyper::{Response, StatusCode, header};

use crate::fault::Fault;
use crate::files::Content;
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
