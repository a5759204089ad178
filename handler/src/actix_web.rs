//! Extractors for [actix-web](https://docs.rs/actix-web/4), 4. The application data has a [`Receiver`] or an [`Inbox`]:
//! `.app_data(web::Data::new(receiver))`.
//!
//! | extractor | what |
//! |---|---|
//! | [`Incoming`] | anything that a portal sends |
//! | [`Event`] | an event, verified |
//! | [`Page`] | a page or a placement, not verified |
//! | [`Handed`] | nothing: the request is with the worker of the inbox |
//!
//! A request that is refused gets the status and the text of its [`Refusal`]. Extractors read the body themselves, with the
//! limit and the timeout of the receiver; a `PayloadConfig` of actix-web does not apply. Behind a proxy, insert the `IpAddr` of the sender into
//! the extensions of the request: forged installations of one sender then do not delay those of others.
//!
//! ```
//! use actix_web::{App, HttpResponse, web};
//! use bitrix24_handler::{Event, Receiver};
//!
//! async fn on_event(Event(event): Event) -> HttpResponse {
//!     println!("{} of {:?}", event.name(), event.envelope.member_id);
//!     HttpResponse::Ok().finish()
//! }
//!
//! fn configure(config: &mut web::ServiceConfig, receiver: Receiver) {
//!     config.app_data(web::Data::new(receiver)).route("/events", web::post().to(on_event));
//! }
//! ```

use std::future::poll_fn;
use std::net::IpAddr;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderName};
use actix_web::web::{BytesMut, Data};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError};
use bitrix24_core::events::FromEvent;
use bitrix24_core::oauth::IncomingRequest;
use futures_core::Stream;

use crate::extract::{Event, Handed, Page, now};
use crate::inbox::Inbox;
use crate::incoming::Incoming;
use crate::receiver::Receiver;
use crate::refusal::Refusal;

type Extracted<T> = Pin<Box<dyn Future<Output = Result<T, Refusal>>>>;

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status()).unwrap_or(StatusCode::BAD_REQUEST)
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::build(self.status_code())
            .content_type("text/plain; charset=utf-8")
            .body(self.response_text())
    }
}

impl FromRequest for Incoming {
    type Error = Refusal;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        receive_if(request, payload, |_| true)
    }
}

impl<T: FromEvent + 'static> FromRequest for Event<T> {
    type Error = Refusal;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let incoming = receive_if(request, payload, |incoming| matches!(incoming, Incoming::Event(_)));
        Box::pin(async { incoming.await?.try_into() })
    }
}

impl FromRequest for Page {
    type Error = Refusal;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let incoming = receive_if(request, payload, |incoming| matches!(incoming, Incoming::Page(_)));
        Box::pin(async { incoming.await?.try_into() })
    }
}

impl FromRequest for Handed {
    type Error = Refusal;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let inbox = request.app_data::<Data<Inbox>>().ok_or(Refusal::NotConfigured)?;
            let body = read(inbox.receiver(), &request, &mut payload).await?;
            inbox.receive(incoming(&request, &body), now()).await?;
            Ok(Self)
        })
    }
}

/// Receives a request of a kind that the handler takes.
fn receive_if(
    request: &HttpRequest,
    payload: &mut Payload,
    takes: fn(&Incoming) -> bool,
) -> Extracted<Incoming> {
    let (request, mut payload) = (request.clone(), payload.take());
    Box::pin(async move {
        let receiver = receiver(&request).ok_or(Refusal::NotConfigured)?;
        let body = read(receiver, &request, &mut payload).await?;
        receiver.receive_if(incoming(&request, &body), now(), takes).await
    })
}

/// The receiver of the application data, or that of its inbox.
fn receiver(request: &HttpRequest) -> Option<&Receiver> {
    let own = request.app_data::<Data<Receiver>>().map(|receiver| &***receiver);
    own.or_else(|| request.app_data::<Data<Inbox>>().map(|inbox| inbox.receiver()))
}

fn incoming<'a>(request: &'a HttpRequest, body: &'a [u8]) -> IncomingRequest<'a> {
    let incoming = IncomingRequest::new(body)
        .with_query(request.query_string())
        .with_content_type(header(request, &CONTENT_TYPE).unwrap_or_default())
        .with_content_encoding(header(request, &CONTENT_ENCODING).unwrap_or_default());
    match sent_by(request) {
        Some(address) => incoming.with_source(address),
        None => incoming,
    }
}

/// The address of the connection, or the one that the program has inserted into the extensions of the request, since it has a proxy.
fn sent_by(request: &HttpRequest) -> Option<IpAddr> {
    let inserted = request.extensions().get::<IpAddr>().copied();
    inserted.or_else(|| request.peer_addr().map(|address| address.ip()))
}

/// The text of a header; that of one that is no text is no type of content either.
fn header<'a>(request: &'a HttpRequest, name: &HeaderName) -> Option<&'a str> {
    request.headers().get(name).map(|value| value.to_str().unwrap_or("?"))
}

/// Reads a body within the limit and the time of the receiver.
async fn read(
    receiver: &Receiver,
    request: &HttpRequest,
    payload: &mut Payload,
) -> Result<BytesMut, Refusal> {
    let settings = receiver.settings();
    let length = header(request, &CONTENT_LENGTH).and_then(|length| length.parse().ok());
    if length.is_some_and(|length: usize| length > settings.body_limit) {
        return Err(Refusal::TooLarge);
    }
    let read = async {
        let mut body = BytesMut::new();
        while let Some(chunk) = poll_fn(|context| Pin::new(&mut *payload).poll_next(context)).await {
            let chunk = chunk.map_err(|_| Refusal::Interrupted)?;
            if chunk.len() > settings.body_limit - body.len() {
                return Err(Refusal::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    };
    tokio::time::timeout(settings.body_timeout, read).await.unwrap_or(Err(Refusal::TooSlow))
}
