//! An event whose payload is not decoded yet.

use std::borrow::Cow;
use std::fmt;

use serde_json::Value;

use super::{Envelope, RawEventError, offline_row};
use crate::oauth::{EventRequest, IncomingRequest, Tokens};
use crate::wire::{Json, JsonRef};

/// An event with its payload as JSON, in the form in which it was received: from a form, all values are texts.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct RawEvent {
    /// The name of the event, the portal, and all else that comes with the payload.
    pub envelope: Envelope,
    /// The payload: the field `data`. `null` if there is none.
    pub data: Json,
}

impl RawEvent {
    /// An event with this payload, for tests of handlers.
    ///
    /// ```
    /// use bitrix24_core::events::RawEvent;
    /// use bitrix24_core::json;
    /// let event = RawEvent::new("onCrmDealAdd", &json!({"FIELDS": {"ID": "7"}}));
    /// assert_eq!(event.name(), "ONCRMDEALADD");
    /// ```
    pub fn new(name: &str, data: &Value) -> Self {
        let envelope = Envelope { name: name.trim().to_ascii_uppercase(), ..Envelope::default() };
        Self { envelope, data: json(data) }
    }

    /// Reads a row of `event.offline.get` or `event.offline.list`.
    ///
    /// ```
    /// use bitrix24_core::events::RawEvent;
    /// use bitrix24_core::json;
    /// use bitrix24_core::wire::Json;
    ///
    /// let row = json!({"ID": "3", "EVENT_NAME": "ONCRMDEALADD", "EVENT_DATA": {"FIELDS": {"ID": 7}}, "MESSAGE_ID": "5f"});
    /// let event = RawEvent::from_offline_row(Json::from_value(&row).unwrap().get())?;
    /// assert_eq!(event.envelope.offline.unwrap().message_id.as_deref(), Some("5f"));
    /// # Ok::<(), bitrix24_core::events::RawEventError>(())
    /// ```
    ///
    /// # Errors
    /// A [`RawEventError`] if the row has no `EVENT_NAME`.
    pub fn from_offline_row(row: JsonRef<'_>) -> Result<Self, RawEventError> {
        let (envelope, data) = offline_row::read(row)?;
        Ok(Self { envelope, data })
    }

    /// Reads an event that was recorded: a form as text, an object with `event` and `data`, or a row of the queue of offline events. Its
    /// `auth` may be missing.
    ///
    /// # Errors
    /// A [`RawEventError`] if it is neither, or has no name.
    pub fn from_recorded(body: &Value) -> Result<Self, RawEventError> {
        let document = match body {
            Value::Object(row) if row.contains_key("EVENT_NAME") => {
                return Self::from_offline_row(json(body).get());
            }
            Value::Object(_) => json(body),
            Value::String(form) => crate::php::decode_json(form),
            _ => return Err(RawEventError::new("the body is neither an object nor a form")),
        };
        let fields = document.get();
        let name = fields.field("event").and_then(text).ok_or(RawEventError::new("`event` is missing"))?;
        let owned = |field: JsonRef<'_>| text(field).map(|text| text.trim().to_owned());
        let auth = fields.field("auth");
        let envelope = Envelope {
            name: name.trim().to_ascii_uppercase(),
            handler_id: handler_id(|name| fields.field(name)),
            timestamp: fields.field("ts").and_then(text).and_then(|digits| digits.trim().parse().ok()),
            member_id: auth.and_then(|auth| owned(auth.field("member_id")?)),
            domain: auth.and_then(|auth| owned(auth.field("domain")?)),
            tokens: auth.and_then(|auth| Tokens::received(auth, 0).ok()),
            offline: None,
        };
        let data = fields.field("data").map(|data| document.part(data)).unwrap_or_default();
        Ok(Self { envelope, data })
    }

    /// Parses a request to a handler that arrived at `now`, in seconds since 1970-01-01 UTC. Nothing is verified: see
    /// [`EventRequest::verify_application_token`].
    ///
    /// # Errors
    /// A [`RawEventError`] if the request is no event.
    pub fn parse(request: &IncomingRequest<'_>, now: u64) -> Result<Self, RawEventError> {
        let request = EventRequest::parse(request, now);
        Ok(Self::from(&request.map_err(|_| RawEventError::new("`auth` is missing, or the body is no form"))?))
    }

    /// The name in capital letters; empty for a request that is no event, such as that of a robot.
    pub fn name(&self) -> &str {
        &self.envelope.name
    }
}

/// Shows the envelope, and nothing of the payload.
impl fmt::Debug for RawEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawEvent").field("envelope", &self.envelope).finish_non_exhaustive()
    }
}

impl From<&EventRequest> for RawEvent {
    fn from(request: &EventRequest) -> Self {
        let mut event = Self::without_tokens(request);
        event.envelope.tokens = request.tokens().cloned();
        event
    }
}

impl From<EventRequest> for RawEvent {
    fn from(request: EventRequest) -> Self {
        let mut event = Self::without_tokens(&request);
        event.envelope.tokens = request.into_tokens();
        event
    }
}

impl RawEvent {
    fn without_tokens(request: &EventRequest) -> Self {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Self {
            envelope: Envelope {
                name: request.event().unwrap_or_default().to_owned(),
                handler_id: handler_id(|name| request.field(name)),
                timestamp: request.timestamp(),
                member_id: owned(request.member_id()),
                domain: owned(request.domain()),
                tokens: None,
                offline: None,
            },
            data: request.data_json(),
        }
    }
}

/// The number of the subscription. Events of the calendar and of the timeline have it under another name.
fn handler_id<'a>(field: impl Fn(&str) -> Option<JsonRef<'a>>) -> Option<i64> {
    let number = |name| text(field(name)?)?.trim().parse().ok();
    number("event_handler_id").or_else(|| number("eventId"))
}

/// The text of a field, a number as its digits; `None` if it is empty.
fn text(field: JsonRef<'_>) -> Option<Cow<'_, str>> {
    let text = field.number().map(Cow::Borrowed).or_else(|| field.string())?;
    Some(text).filter(|text| !text.trim().is_empty())
}

/// The JSON of a payload.
fn json(data: &Value) -> Json {
    Json::from_value(data).unwrap_or_default().scripted()
}
