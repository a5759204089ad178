//! Requests that a portal sends to the handler of an event, an installation, a robot or a settings form.

use std::fmt;
use std::sync::OnceLock;

use serde_json::{Map, Value};
use subtle::ConstantTimeEq;

use super::fields::{number, owned, string};
use super::incoming_request::{IncomingRequest, ParseError};
use super::tokens::Tokens;
use crate::wire::{Json, JsonRef};

/// The fields that have methods of their own.
const NAMED: [&str; 4] = ["auth", "event", "data", "ts"];

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
#[derive(Clone)]
pub struct EventRequest {
    event: Option<Box<str>>,
    timestamp: Option<u64>,
    member_id: Option<Box<str>>,
    domain: Option<Box<str>>,
    application_token: Option<Box<str>>,
    tokens: Option<Tokens>,
    /// The whole request.
    document: Json,
    /// Copies of parts of it, once somebody reads them. Most handlers read types.
    data: OnceLock<Value>,
    fields: OnceLock<Map<String, Value>>,
}

impl EventRequest {
    /// Parses a request that arrived at `now`, in seconds since 1970-01-01 UTC.
    ///
    /// # Errors
    /// A [`ParseError`] if the part `auth` is missing; the request is then not from a portal.
    pub fn parse(request: &IncomingRequest<'_>, now: u64) -> Result<Self, ParseError> {
        Self::read(request.fields()?, now)
    }

    pub(super) fn read(document: Json, now: u64) -> Result<Self, ParseError> {
        let fields = document.get();
        let auth = fields.field("auth").filter(|auth| auth.is_object());
        let auth = auth.ok_or(ParseError::new("`auth` is missing"))?;
        let mut event = owned(fields, "event");
        // Some events are sent in another case than most.
        event.iter_mut().for_each(|event| event.make_ascii_uppercase());
        let part = |name| string(auth, name).map(Box::from);
        Ok(Self {
            event,
            timestamp: number(fields, "ts"),
            member_id: part("member_id"),
            domain: part("domain"),
            application_token: part("application_token"),
            tokens: Tokens::received(auth, now).ok(),
            document,
            data: OnceLock::new(),
            fields: OnceLock::new(),
        })
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
        self.data.get_or_init(|| self.data_json().to_value())
    }

    /// The same without a copy.
    pub(crate) fn data_json(&self) -> Json {
        self.document.get().field("data").map(|data| self.document.part(data)).unwrap_or_default()
    }

    /// A field beside the data.
    pub(crate) fn field(&self, name: &str) -> Option<JsonRef<'_>> {
        self.document.get().field(name)
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
        self.member_id.as_deref()
    }

    /// The domain of the portal, according to the request.
    pub fn domain(&self) -> Option<&str> {
        self.domain.as_deref()
    }

    /// The token by which the portal authenticates its requests from the installation on. It is secret: store it like the
    /// tokens.
    pub fn application_token(&self) -> Option<&str> {
        self.application_token.as_deref()
    }

    /// Whether the request contains the token of the installation.
    pub fn verify_application_token(&self, known: &str) -> bool {
        self.application_token().is_some_and(|received| verify_application_token(known, received))
    }

    /// All other fields of the request under their own names, such as a robot's `properties` and `event_token`. They may
    /// contain secrets.
    pub fn fields(&self) -> &Map<String, Value> {
        self.fields.get_or_init(|| {
            let others = self.document.get().entries().filter(|(name, _)| !NAMED.contains(&&**name));
            others.map(|(name, field)| (name.into_owned(), field.to_value())).collect()
        })
    }
}

/// Requests are equal if they are written alike and their tokens expire at the same time.
impl PartialEq for EventRequest {
    fn eq(&self, other: &Self) -> bool {
        self.document == other.document && self.tokens == other.tokens
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
