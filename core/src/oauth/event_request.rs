//! The requests that a portal sends to the handler of an event, of an installation, of a robot or of a form.

use std::fmt;

use serde_json::{Map, Value};

use super::fields::{number, owned};
use super::incoming_request::{IncomingRequest, ParseError};
use super::tokens::Tokens;

/// A request to a handler: an event, the installation and the removal of an application among them, a robot that runs, or a
/// settings form that was saved.
///
/// Anyone can send such a request. It comes from the portal if [`verify_application_token`](Self::verify_application_token)
/// says so. The first one, the installation, brings that token, and is to be believed once the authorization server has
/// confirmed its tokens: by `app.info` at its own `https://oauth.bitrix.info/rest/`, or by a renewal. A call to the address in
/// the request proves nothing, since it may be the sender's.
///
/// ```
/// use bitrix24_core::oauth::{EventRequest, IncomingRequest};
/// let body = b"event=ONCRMDEALADD&data[FIELDS][ID]=7&auth[member_id]=m1&auth[application_token]=t0ken";
/// let request = EventRequest::parse(&IncomingRequest::new(body), 1_800_000_000)?;
/// assert_eq!(request.event(), Some("ONCRMDEALADD"));
/// assert_eq!(request.data()["FIELDS"]["ID"], "7");
/// assert!(request.verify_application_token("t0ken"));
/// assert!(request.tokens().is_none(), "nobody's hand was in it, so there is nobody to call as");
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
    /// Reads a request that has come at `now`, in seconds since 1970-01-01 UTC.
    ///
    /// # Errors
    /// [`ParseError`] where it has no part `auth`, and so comes from no portal.
    pub fn parse(request: &IncomingRequest<'_>, now: u64) -> Result<Self, ParseError> {
        let mut fields = request.fields()?;
        let auth = fields.shift_remove("auth").filter(Value::is_object);
        let auth = auth.ok_or(ParseError::new("`auth` is missing"))?;
        let event = owned(&fields, "event");
        let timestamp = number(&fields, "ts");
        let data = fields.shift_remove("data").unwrap_or_default();
        fields.retain(|name, _| name != "event" && name != "ts");
        let tokens = Tokens::from_response(&auth, now).ok();
        Ok(Self { event, data, timestamp, auth, tokens, fields })
    }

    /// The name of the event in capital letters, `ONCRMDEALADD`. A robot's request has none.
    pub fn event(&self) -> Option<&str> {
        self.event.as_deref()
    }

    /// Whether the application has just been installed: the moment to keep [`tokens`](Self::tokens) and
    /// [`application_token`](Self::application_token).
    pub fn is_install(&self) -> bool {
        self.is("ONAPPINSTALL")
    }

    /// Whether the application has been removed. There are no tokens any more, so nothing but the application token tells
    /// whether it is true. `data` has `CLEAN`, `"1"` where its data is to be deleted.
    pub fn is_uninstall(&self) -> bool {
        self.is("ONAPPUNINSTALL")
    }

    /// Whether it is this event, in any spelling of case.
    pub fn is(&self, event: &str) -> bool {
        self.event.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(event))
    }

    /// What the event is about; `null` where nothing is said. The values are texts, as in any form.
    pub fn data(&self) -> &Value {
        &self.data
    }

    /// When the request was sent off, in seconds since 1970-01-01 UTC. It may come late.
    pub fn timestamp(&self) -> Option<u64> {
        self.timestamp
    }

    /// Tokens of the user whose action it was. There are none where no user had a hand in it, and few events bring one for
    /// renewal: keep those of the installation.
    pub fn tokens(&self) -> Option<&Tokens> {
        self.tokens.as_ref()
    }

    /// The portal's identifier, which stays when its name changes.
    pub fn member_id(&self) -> Option<&str> {
        self.auth_text("member_id")
    }

    /// The domain of the portal, as the request says.
    pub fn domain(&self) -> Option<&str> {
        self.auth_text("domain")
    }

    /// What the portal proves itself with from the installation on. Secret: keep it like the tokens.
    pub fn application_token(&self) -> Option<&str> {
        self.auth_text("application_token")
    }

    /// Whether the request proves itself with the token that came with the installation.
    pub fn verify_application_token(&self, known: &str) -> bool {
        self.application_token().is_some_and(|received| verify_application_token(known, received))
    }

    /// Everything else in the request, under its own names: a robot's `properties` and `event_token`, say. It may hold
    /// secrets.
    pub fn fields(&self) -> &Map<String, Value> {
        &self.fields
    }

    fn auth_text(&self, name: &str) -> Option<&str> {
        self.auth.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }
}

/// Shows what happened where, and nothing of what it was about.
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

/// Whether two secrets are the same, in a time that does not depend on where they differ: otherwise a patient sender would
/// find out the secret letter by letter. Nothing equals an empty one, which stands for a token that was never kept.
///
/// ```
/// use bitrix24_core::oauth::verify_application_token;
/// assert!(verify_application_token("51a2", "51a2"));
/// assert!(!verify_application_token("51a2", "51a3"));
/// assert!(!verify_application_token("", ""));
/// ```
pub fn verify_application_token(known: &str, received: &str) -> bool {
    let differing = known.bytes().zip(received.bytes()).fold(0, |seen, (a, b)| seen | (a ^ b));
    // Without it the compiler might see that it could stop early.
    let differing = std::hint::black_box(differing);
    !known.is_empty() && known.len() == received.len() && differing == 0
}
