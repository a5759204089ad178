//! Any request of a portal to an application.

use super::app_request::AppRequest;
use super::event_request::EventRequest;
use super::incoming_request::{IncomingRequest, ParseError};
use crate::wire::JsonRef;

/// A request of a portal to an application, of the kind that its parts show: for an address that receives all of them.
///
/// ```
/// use bitrix24_core::oauth::{IncomingRequest, PortalRequest};
/// let body = b"event=ONCRMDEALADD&data[FIELDS][ID]=7&auth[member_id]=m1&auth[application_token]=t0ken";
/// let request = PortalRequest::parse(&IncomingRequest::new(body), 1_800_000_000)?;
/// assert!(matches!(request, PortalRequest::Event(event) if event.is("onCrmDealAdd")));
/// # Ok::<(), bitrix24_core::oauth::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum PortalRequest {
    /// An event, an installation, a robot that runs, or another request with the part `auth`.
    Event(EventRequest),
    /// A page of the application that a user opens, with `AUTH_ID`.
    Page(AppRequest),
}

impl PortalRequest {
    /// Parses a request that arrived at `now`, in seconds since 1970-01-01 UTC.
    ///
    /// # Errors
    /// A [`ParseError`] if it has neither `auth` nor `AUTH_ID`; it is then not from a portal.
    pub fn parse(request: &IncomingRequest<'_>, now: u64) -> Result<Self, ParseError> {
        let document = request.fields()?;
        let fields = document.get();
        if fields.field("auth").is_some_and(JsonRef::is_object) {
            return EventRequest::read(document, now).map(Self::Event);
        }
        if fields.field("AUTH_ID").is_none() {
            return Err(ParseError::new(
                "neither `auth` nor `AUTH_ID` is there: the request is not from a portal",
            ));
        }
        AppRequest::read(fields, now).map(Self::Page)
    }
}
