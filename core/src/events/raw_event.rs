//! An event whose payload is not decoded yet.

use std::fmt;

use serde_json::{Map, Value};

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
        let fields = match body {
            Value::Object(row) if row.contains_key("EVENT_NAME") => {
                return Self::from_offline_row(json(body).get());
            }
            Value::Object(fields) => fields.clone(),
            Value::String(form) => crate::php::decode(form),
            _ => return Err(RawEventError::new("the body is neither an object nor a form")),
        };
        let mut fields = Fields(fields);
        let name = fields.text("event").ok_or(RawEventError::new("`event` is missing"))?;
        let data = fields.0.shift_remove("data").unwrap_or_default();
        let auth = fields.0.shift_remove("auth").unwrap_or_default();
        let mut event = Self::new(&name, &data);
        event.envelope.handler_id = handler_id(&fields.0);
        event.envelope.timestamp = fields.text("ts").and_then(|digits| digits.parse().ok());
        event.envelope.tokens = Tokens::from_response(&auth, 0).ok();
        let auth = Fields(auth.as_object().cloned().unwrap_or_default());
        event.envelope.member_id = auth.text("member_id");
        event.envelope.domain = auth.text("domain");
        Ok(event)
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
                name: request.event().unwrap_or_default().to_ascii_uppercase(),
                handler_id: handler_id(request.fields()),
                timestamp: request.timestamp(),
                member_id: owned(request.member_id()),
                domain: owned(request.domain()),
                tokens: None,
                offline: None,
            },
            data: json(request.data()),
        }
    }
}

/// The number of the subscription. Events of the calendar and of the timeline have it under another name.
fn handler_id(fields: &Map<String, Value>) -> Option<i64> {
    let number = |name| match fields.get(name)? {
        Value::String(digits) => digits.trim().parse().ok(),
        other => other.as_i64(),
    };
    number("event_handler_id").or_else(|| number("eventId"))
}

/// The word that a script writes for a value that it does not have.
const UNDEFINED: &str = "undefined";

/// The JSON of a payload. A value that is the word `undefined` is missing.
fn json(data: &Value) -> Json {
    let defined = has_undefined(data).then(|| defined(data));
    Json::from_value(defined.as_ref().unwrap_or(data)).unwrap_or_default()
}

fn has_undefined(value: &Value) -> bool {
    match value {
        Value::String(text) => text == UNDEFINED,
        Value::Array(items) => items.iter().any(has_undefined),
        Value::Object(fields) => fields.values().any(has_undefined),
        _ => false,
    }
}

/// The value with `null` for each missing part.
fn defined(value: &Value) -> Value {
    match value {
        Value::String(text) if text == UNDEFINED => Value::Null,
        Value::Array(items) => items.iter().map(defined).collect(),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(key, field)| (key.clone(), defined(field))).collect())
        }
        other => other.clone(),
    }
}

struct Fields(Map<String, Value>);

impl Fields {
    /// The text of a field, a number as its digits; `None` if it is empty.
    fn text(&self, name: &str) -> Option<String> {
        let text = match self.0.get(name)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        Some(text).filter(|text| !text.is_empty())
    }
}
