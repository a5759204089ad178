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
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Self {
            envelope: Envelope {
                name: request.event().unwrap_or_default().to_ascii_uppercase(),
                handler_id: handler_id(request.fields()),
                timestamp: request.timestamp(),
                member_id: owned(request.member_id()),
                domain: owned(request.domain()),
                tokens: request.tokens().cloned(),
                offline: None,
            },
            data: json(request.data()),
        }
    }
}

/// The number of the subscription. Events of the calendar and of the timeline have it under another name.
fn handler_id(fields: &Map<String, Value>) -> Option<i64> {
    let number = |name| crate::wire::decode::<Option<i64>>(fields.get(name)?).ok()?.value;
    number("event_handler_id").or_else(|| number("eventId"))
}

/// The JSON of a payload. The word `undefined`, which a script writes for what is missing, is no payload.
fn json(data: &Value) -> Json {
    match data {
        Value::String(text) if text.trim() == "undefined" => Json::default(),
        _ => Json::from_value(data).unwrap_or_default(),
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
