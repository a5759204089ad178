//! Requests that a portal sends to the handler of an event, an installation, a robot or a settings form.

use std::fmt;

use serde_json::{Map, Value};
use subtle::ConstantTimeEq;

use super::fields::{number, owned, string};
use super::incoming_request::{IncomingRequest, ParseError};
use super::tokens::Tokens;

/// A request to a handler: an event (including the installation and the removal of an application), a robot that runs, or a
/// settings form that was saved.
///
/// Anyone can send such a request. It is from the portal if [`verify_application_token`](Self::verify_application_token) says
/// so. The first one, the installation, contains that token. Trust it once the authorization server has confirmed its tokens:
/// by `app.info` at its own `https://oauth.bitrix.info/rest/`, or by a refresh. A call to the address in the request proves
/// nothing, since it may be the sender's.
///
/// ```
/// use bitrix24_core::oauth::{EventRequest, IncomingRequest};
/// let body = b"event=onCrmDealAdd&data[FIELDS][ID]=7&auth[member_id]=m1&auth[application_token]=t0ken";
/// let request = EventRequest::parse(&IncomingRequest::new(body), 1_800_000_000)?;
/// assert_eq!(request.event(), Some("ONCRMDEALADD"));
/// assert_eq!(request.data()["FIELDS"]["ID"], "7");
/// assert!(request.verify_application_token("t0ken"));
/// assert!(request.tokens().is_none(), "no user caused the event, so there are no tokens");
/// # Ok::<(), bitrix24_core::oauth::ParseError>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct EventRequest {
    event: Option<Box<str>>,
    data: Value,
    timestamp: Option<u64>,
    auth: Value,
    tokens: Option<Tokens>,
    fields: Map<String, Value>,
}

impl EventRequest {
    /// Parses a request that arrived at `now`, in seconds since 1970-01-01 UTC.
    ///
    /// # Errors
    /// A [`ParseError`] if the part `auth` is missing; the request is then not from a portal.
    pub fn parse(request: &IncomingRequest<'_>, now: u64) -> Result<Self, ParseError> {
        Self::read(request.fields()?, now)
    }

    pub(super) fn read(mut fields: Map<String, Value>, now: u64) -> Result<Self, ParseError> {
        let auth = fields.shift_remove("auth").filter(Value::is_object);
        let auth = auth.ok_or(ParseError::new("`auth` is missing"))?;
        // Some events are sent in another case than most.
        let event = owned(&fields, "event").map(|event| event.to_ascii_uppercase().into_boxed_str());
        let timestamp = number(&fields, "ts");
        let data = fields.shift_remove("data").unwrap_or_default();
        fields.shift_remove("event");
        fields.shift_remove("ts");
        let tokens = Tokens::from_response(&auth, now).ok();
        Ok(Self { event, data, timestamp, auth, tokens, fields })
    }

    /// The name of the event in capital letters: `ONCRMDEALADD`. A robot's request has none.
    pub fn event(&self) -> Option<&str> {
        self.event.as_deref()
    }

    /// Whether the application has just been installed: save [`tokens`](Self::tokens) and
    /// [`application_token`](Self::application_token).
    pub fn is_install(&self) -> bool {
        self.is("ONAPPINSTALL")
    }

    /// Whether the application has been removed. There are no tokens any more, so only the application token proves the
    /// request. `data` contains `CLEAN`, which is `"1"` if the application's data is to be deleted.
    pub fn is_uninstall(&self) -> bool {
        self.is("ONAPPUNINSTALL")
    }

    /// Whether it is this event, compared without regard to case.
    pub fn is(&self, event: &str) -> bool {
        self.event.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(event))
    }

    /// The data of the event; `null` if there is none. The values are strings, as in any form.
    pub fn data(&self) -> &Value {
        &self.data
    }

    /// When the request was sent, in seconds since 1970-01-01 UTC. It may arrive late.
    pub fn timestamp(&self) -> Option<u64> {
        self.timestamp
    }

    /// The tokens of the user who caused the event. There are none if no user did, and few events contain a refresh token: keep
    /// those of the installation.
    pub fn tokens(&self) -> Option<&Tokens> {
        self.tokens.as_ref()
    }

    /// The same tokens, without a copy.
    pub fn into_tokens(self) -> Option<Tokens> {
        self.tokens
    }

    /// The portal's identifier, which stays the same when the portal is renamed.
    pub fn member_id(&self) -> Option<&str> {
        self.auth_text("member_id")
    }

    /// The domain of the portal, according to the request.
    pub fn domain(&self) -> Option<&str> {
        self.auth_text("domain")
    }

    /// The token by which the portal authenticates its requests from the installation on. It is secret: store it like the
    /// tokens.
    pub fn application_token(&self) -> Option<&str> {
        self.auth_text("application_token")
    }

    /// Whether the request contains the token of the installation.
    pub fn verify_application_token(&self, known: &str) -> bool {
        self.application_token().is_some_and(|received| verify_application_token(known, received))
    }

    /// All other fields of the request under their own names, such as a robot's `properties` and `event_token`. They may
    /// contain secrets.
    pub fn fields(&self) -> &Map<String, Value> {
        &self.fields
    }

    fn auth_text(&self, name: &str) -> Option<&str> {
        self.auth.as_object().and_then(|auth| string(auth, name))
    }
}

/// Shows the event and the portal, and nothing of the data.
impl fmt::Debug for EventRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventRequest")
            .field("event", &self.event)
            .field("timestamp", &self.timestamp)
            .field("member_id", &self.member_id())
            .field("tokens", &self.tokens)
            .finish_non_exhaustive()
    }
}

/// Compares two secrets in a time that does not depend on where they differ; otherwise an attacker could find out the secret
/// character by character. An empty secret equals nothing, since it stands for a token that was never stored.
///
/// ```
/// use bitrix24_core::oauth::verify_application_token;
/// assert!(verify_application_token("51a2", "51a2"));
/// assert!(!verify_application_token("51a2", "51a3"));
/// assert!(!verify_application_token("", ""));
/// ```
pub fn verify_application_token(known: &str, received: &str) -> bool {
    !known.is_empty() && bool::from(known.as_bytes().ct_eq(received.as_bytes()))
}
