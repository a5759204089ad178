//! A handler of an event.

use std::fmt;

use bitrix24_core::events::EventType;
use bitrix24_core::{AnyError, Map, RawRequest, Value, json, raw, wire};

use super::address::normalized;

/// A binding of an event: to an address, to which the portal sends it, or to the queue of offline events.
///
/// ```
/// use bitrix24_client::EventBinding;
/// let binding = EventBinding::new("onCrmDealUpdate", "https://shop.example/bitrix24/events").user(7);
/// assert_eq!(binding.event(), "ONCRMDEALUPDATE");
/// assert_eq!(binding.to_string(), "ONCRMDEALUPDATE to https://shop.example/bitrix24/events as user 7");
/// assert_eq!(EventBinding::offline("onCrmDealUpdate").to_string(), "ONCRMDEALUPDATE to the queue");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct EventBinding {
    event: String,
    target: Target,
    user: Option<i64>,
    options: Map<String, Value>,
}

#[derive(Clone, Debug, PartialEq)]
enum Target {
    Address(String),
    /// The source; `None` if the portal does not name it.
    Queue(Option<String>),
}

impl EventBinding {
    /// Binds an event by its name, in any case, to an address. The portal must be able to reach it.
    pub fn new(event: &str, handler: impl Into<String>) -> Self {
        Self::to(event, Target::Address(handler.into()))
    }

    /// Binds an event by its type to an address.
    pub fn of<E: EventType>(handler: impl Into<String>) -> Self {
        Self::new(E::NAME, handler)
    }

    /// Binds an event by its name, in any case, to the queue of offline events; see
    /// [`Client::offline_events`](crate::Client::offline_events). Needs an administrator.
    pub fn offline(event: &str) -> Self {
        Self::to(event, Target::Queue(Some(String::new())))
    }

    /// Binds an event by its type to the queue of offline events.
    pub fn offline_of<E: EventType>() -> Self {
        Self::offline(E::NAME)
    }

    fn to(event: &str, target: Target) -> Self {
        Self { event: event.trim().to_ascii_uppercase(), target, user: None, options: Map::new() }
    }

    /// Authorizes the requests to the handler as this user. Default: as the user who causes the event.
    pub fn user(mut self, id: i64) -> Self {
        self.user = Some(id).filter(|id| *id != 0);
        self
    }

    /// Sets the source (`auth_connector`) of an offline event, which has its own queue. Calls with the same `auth_connector` put no event
    /// into it. A binding to an address has none.
    pub fn connector(mut self, connector: impl Into<String>) -> Self {
        if let Target::Queue(own) = &mut self.target {
            *own = Some(connector.into());
        }
        self
    }

    /// Sets an option of the event, such as `minTimeout` of `ONOFFLINEEVENT`. A portal does not list options, so that two bindings which
    /// differ only in them are the same.
    pub fn option(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.options.insert(name.into(), value.into());
        self
    }

    /// The name of the event in capital letters.
    pub fn event(&self) -> &str {
        &self.event
    }

    /// The address, as it was given or listed; `None` if it is bound to the queue.
    pub fn handler(&self) -> Option<&str> {
        match &self.target {
            Target::Address(address) => Some(address),
            Target::Queue(_) => None,
        }
    }

    /// Whether it is bound to the queue of offline events.
    pub fn is_offline(&self) -> bool {
        matches!(self.target, Target::Queue(_))
    }

    /// The source of an offline event; empty if it has none. `None`: the portal does not name it, or it is bound to an address.
    pub fn connector_name(&self) -> Option<&str> {
        match &self.target {
            Target::Queue(connector) => connector.as_deref(),
            Target::Address(_) => None,
        }
    }

    /// The user as whom requests to the handler are authorized; `None`: the user who causes the event.
    pub fn user_id(&self) -> Option<i64> {
        self.user
    }

    /// Whether both are the same to a portal. Options are not compared, and a source that the portal does not name is any.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let same_target = match (&self.target, &other.target) {
            (Target::Address(one), Target::Address(other)) => normalized(one) == normalized(other),
            (Target::Queue(Some(one)), Target::Queue(Some(other))) => one == other,
            (Target::Queue(_), Target::Queue(_)) => true,
            _ => false,
        };
        // Offline events are not sent, so that no user is authorized.
        same_target && self.event == other.event && (self.is_offline() || self.user == other.user)
    }

    /// Whether both are the same to a portal, and the sources of both queues are known, or both unknown.
    pub(super) fn is_certainly_same(&self, other: &Self) -> bool {
        self.is_same(other) && self.names_source() == other.names_source()
    }

    /// Whether its source is known; an address has none.
    pub(super) fn names_source(&self) -> bool {
        !matches!(self.target, Target::Queue(None))
    }

    /// Whether a binding that failed is there: it is listed, or the portal refused it as bound and lists a queue without its source.
    pub(super) fn is_there(&self, listed: &[Self], error: &AnyError) -> bool {
        let is_bound = says_bound(error);
        listed.iter().any(|listed| self.is_certainly_same(listed) || (is_bound && self.is_same(listed)))
    }

    pub(super) fn bind_request(&self) -> RawRequest {
        let mut params = json!({"event": self.event});
        match &self.target {
            Target::Address(address) => params["handler"] = address.as_str().into(),
            Target::Queue(connector) => {
                params["event_type"] = "offline".into();
                if let Some(connector) = connector.as_deref().filter(|connector| !connector.is_empty()) {
                    params["auth_connector"] = connector.into();
                }
            }
        }
        if let Some(user) = self.user {
            params["auth_type"] = user.into();
        }
        if !self.options.is_empty() {
            params["options"] = self.options.clone().into();
        }
        raw("event.bind", params)
    }

    /// Removes exactly this one. A parameter that is missing would remove all that meet the others.
    pub(super) fn unbind_request(&self) -> RawRequest {
        let mut params = json!({"event": self.event});
        match &self.target {
            Target::Address(address) => {
                params["handler"] = address.as_str().into();
                params["auth_type"] = self.user.unwrap_or_default().into();
            }
            Target::Queue(connector) => {
                params["event_type"] = "offline".into();
                if let Some(connector) = connector.as_deref().filter(|connector| !connector.is_empty()) {
                    params["auth_connector"] = connector.into();
                }
            }
        }
        raw("event.unbind", params)
    }

    /// A row of `event.get`; `None` if it has no event.
    pub(super) fn from_listed(row: &Value) -> Option<Self> {
        let text = |name: &str| wire::decode_strict::<Option<String>>(&row[name]).ok().flatten();
        let number = |name: &str| wire::decode_strict::<Option<i64>>(&row[name]).ok().flatten();
        let event = text("event").filter(|event| !event.is_empty())?;
        let address = text("handler").filter(|handler| !handler.is_empty());
        let target = match address.filter(|_| number("offline").unwrap_or_default() == 0) {
            Some(address) => Target::Address(address),
            None => {
                let named =
                    ["connector_id", "auth_connector"].into_iter().find(|name| row.get(*name).is_some());
                Target::Queue(named.map(|name| text(name).unwrap_or_default()))
            }
        };
        Some(Self { user: number("auth_type").filter(|id| *id != 0), ..Self::to(&event, target) })
    }
}

/// Whether a portal refused a binding since it exists. The code of this error is the one of any error.
fn says_bound(error: &AnyError) -> bool {
    let text = error.description().to_ascii_lowercase();
    text.contains("already bind") || text.contains("already bound")
}

impl fmt::Display for EventBinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.target {
            Target::Address(address) => write!(f, "{} to {address}", self.event)?,
            Target::Queue(Some(connector)) if !connector.is_empty() => {
                write!(f, "{} to the queue of `{connector}`", self.event)?;
            }
            Target::Queue(_) => write!(f, "{} to the queue", self.event)?,
        }
        match self.user {
            Some(user) => write!(f, " as user {user}"),
            None => Ok(()),
        }
    }
}
