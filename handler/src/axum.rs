//! Extractors for [axum](https://docs.rs/axum/0.8), 0.8. The state of the router is a [`Receiver`] or an [`Inbox`], or contains
//! one ([`FromRef`]).
//!
//! | extractor | what |
//! |---|---|
//! | [`Incoming`] | anything that a portal sends |
//! | [`Event`] | an event, verified |
//! | [`Page`] | a page or a placement, not verified |
//! | [`Handed`] | nothing: the request is with the worker of the inbox |
//!
//! A request that is refused gets the status and the text of its [`Refusal`]. Extractors read the body themselves, with the
//! limit and the timeout of the receiver; a `DefaultBodyLimit` of axum does not apply. The extension [`SentBy`](crate::SentBy) says who has sent
//! a request.
//!
//! ```
//! use axum::{Router, routing::post};
//! use bitrix24_handler::{Event, Handed, Inbox, Incoming, Receiver};
//!
//! fn routes(receiver: Receiver) -> Router {
//!     Router::new().route("/events", post(on_event)).with_state(receiver)
//! }
//!
//! async fn on_event(Event(event): Event) {
//!     println!("{} of {:?}", event.name(), event.envelope.member_id);
//! }
//!
//! /// Responds at once; a worker handles the events.
//! fn queued_routes(inbox: Inbox) -> Router {
//!     Router::new().route("/events", post(async |_: Handed| ())).with_state(inbox)
//! }
//! ```

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use axum_core::body::Body;
use axum_core::extract::{FromRef, FromRequest, Request};
use axum_core::response::{IntoResponse, Response};
use bitrix24_core::events::FromEvent;
use bitrix24_core::oauth::IncomingRequest;
use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderName, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::extract::{Event, Handed, Page, SentBy, now};
use crate::inbox::Inbox;
use crate::incoming::Incoming;
use crate::receiver::Receiver;
use crate::refusal::Refusal;

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status()).unwrap_or(StatusCode::BAD_REQUEST);
        (status, self.response_text()).into_response()
    }
}

impl FromRef<Inbox> for Receiver {
    fn from_ref(inbox: &Inbox) -> Self {
        inbox.receiver().clone()
    }
}

impl<S: Send + Sync> FromRequest<S> for Incoming
where
    Receiver: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        receive_if(request, state, |_| true).await
    }
}

impl<T: FromEvent, S: Send + Sync> FromRequest<S> for Event<T>
where
    Receiver: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        receive_if(request, state, |incoming| matches!(incoming, Incoming::Event(_))).await?.try_into()
    }
}

impl<S: Send + Sync> FromRequest<S> for Page
where
    Receiver: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        receive_if(request, state, |incoming| matches!(incoming, Incoming::Page(_))).await?.try_into()
    }
}

impl<S: Send + Sync> FromRequest<S> for Handed
where
    Inbox: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let inbox = Inbox::from_ref(state);
        let (parts, body) = request.into_parts();
        let body = read(inbox.receiver(), &parts, body).await?;
        inbox.receive(incoming(&parts, &body), now()).await?;
        Ok(Self)
    }
}

/// Receives a request of a kind that the handler takes.
async fn receive_if<S>(request: Request, state: &S, takes: fn(&Incoming) -> bool) -> Result<Incoming, Refusal>
where
    Receiver: FromRef<S>,
{
    let receiver = Receiver::from_ref(state);
    let (parts, body) = request.into_parts();
    let body = read(&receiver, &parts, body).await?;
    receiver.receive_if(incoming(&parts, &body), now(), takes).await
}

fn incoming<'a>(parts: &'a Parts, body: &'a [u8]) -> IncomingRequest<'a> {
    let request = IncomingRequest::new(body)
        .with_query(parts.uri.query().unwrap_or_default())
        .with_content_type(header(parts, &CONTENT_TYPE).unwrap_or_default())
        .with_content_encoding(header(parts, &CONTENT_ENCODING).unwrap_or_default());
    match parts.extensions.get::<SentBy>() {
        Some(SentBy(address)) => request.with_source(*address),
        None => request,
    }
}

/// The text of a header; that of one that is no text is no type of content either.
fn header<'a>(parts: &'a Parts, name: &HeaderName) -> Option<&'a str> {
    parts.headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}

/// Reads a body within the limit and the time of the receiver.
async fn read(receiver: &Receiver, parts: &Parts, body: Body) -> Result<Bytes, Refusal> {
    let settings = receiver.settings();
    let length = header(parts, &CONTENT_LENGTH).and_then(|length| length.parse().ok());
    if length.is_some_and(|length: usize| length > settings.body_limit) {
        return Err(Refusal::TooLarge);
    }
    let mut collected = pin!(Limited::new(body, settings.body_limit).collect());
    // A body that has arrived needs no timer.
    let first = poll_fn(|context| match collected.as_mut().poll(context) {
        Poll::Ready(body) => Poll::Ready(Some(body)),
        Poll::Pending => Poll::Ready(None),
    });
    let body = match first.await {
        Some(body) => body,
        None => tokio::time::timeout(settings.body_timeout, collected).await.map_err(|_| Refusal::TooSlow)?,
    };
    match body {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Refusal::TooLarge),
        Err(_) => Err(Refusal::Interrupted),
    }
}
