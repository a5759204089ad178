//! What the extractors of all servers have in common.

use std::time::{SystemTime, UNIX_EPOCH};

use bitrix24_core::events::{FromEvent, RawEvent};
use bitrix24_core::oauth::AppRequest;

use crate::incoming::Incoming;
use crate::refusal::Refusal;

/// Who has sent a request, as the server knows it: an extension of the requests of axum. Without it, senders of forged installations can
/// get in the way of genuine ones; see [`max_confirmations`](crate::ReceiverBuilder::max_confirmations).
///
/// ```
/// use std::net::SocketAddr;
///
/// use axum::extract::{ConnectInfo, Request};
/// use axum::middleware::Next;
/// use axum::response::Response;
/// use bitrix24_handler::SentBy;
///
/// /// For `middleware::from_fn`, and `into_make_service_with_connect_info`. Behind a proxy, take the address that it adds to a header.
/// async fn sent_by(ConnectInfo(address): ConnectInfo<SocketAddr>, mut request: Request, next: Next) -> Response {
///     request.extensions_mut().insert(SentBy(address.ip()));
///     next.run(request).await
/// }
/// ```
#[cfg(feature = "axum")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "a program makes it of an address")]
pub struct SentBy(pub std::net::IpAddr);

/// Extracts an event whose application token is right, as [`RawEvent`], as `Received<E>` of one
/// [`EventType`](bitrix24_core::events::EventType), or as an enumeration of several. Other events and other kinds of requests
/// are refused with the status 400.
///
/// A value that does not fit costs its field and never the event: see `Received::mismatches`.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::exhaustive_structs, reason = "an extractor is taken apart in the parameters of a handler")]
pub struct Event<T = RawEvent>(pub T);

/// Extracts a page that a user opens; other kinds of requests are refused with the status 400. Nothing of it is verified: see
/// [`Incoming::Page`].
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::exhaustive_structs, reason = "an extractor is taken apart in the parameters of a handler")]
pub struct Page(pub AppRequest);

/// Shows that the request was handed over to the [`Worker`](crate::Worker) of an [`Inbox`](crate::Inbox). A handler that
/// extracts it has nothing left to do but to respond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Handed;

impl<T: FromEvent> TryFrom<Incoming> for Event<T> {
    type Error = Refusal;

    fn try_from(incoming: Incoming) -> Result<Self, Refusal> {
        match incoming {
            Incoming::Event(request) => {
                RawEvent::from(request).decode().map(Self).map_err(|_| Refusal::Unexpected)
            }
            _ => Err(Refusal::Unexpected),
        }
    }
}

impl TryFrom<Incoming> for Page {
    type Error = Refusal;

    fn try_from(incoming: Incoming) -> Result<Self, Refusal> {
        match incoming {
            Incoming::Page(request) => Ok(Self(request)),
            _ => Err(Refusal::Unexpected),
        }
    }
}

/// The time, in seconds since 1970-01-01 UTC.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
