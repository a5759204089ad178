//! Handlers of events.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::params::{address, number, optional, required};
use super::{MAX_BINDINGS, Outcome, already_bound, full};
use crate::check::Refusal;
use crate::exchange::{Answer, Params};
use crate::families::find;
use crate::php;
use crate::spec::Spec;

/// The event that says that the queue has new events.
pub(crate) const QUEUE_CHANGED: &str = "ONOFFLINEEVENT";

/// The handlers of events of the application.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Events {
    bound: Vec<BoundEvent>,
    last: u64,
}

/// A handler of an event, or a queue.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct BoundEvent {
    /// `event_handler_id`.
    pub(crate) id: u64,
    /// In upper case.
    pub(crate) event: String,
    /// The address. `None`: events go to the queue.
    pub(crate) handler: Option<String>,
    /// The user as whom requests to the handler are authorized. 0: who caused the event.
    pub(crate) user: i64,
    /// The source of the queue; empty if it has none.
    pub(crate) connector: String,
    /// The time between two notifications about the queue.
    min_timeout: Duration,
    #[serde(skip)]
    notified: Option<Instant>,
}

impl Events {
    /// All of them, in the order in which they were bound.
    pub(crate) fn all(&self) -> &[BoundEvent] {
        &self.bound
    }

    /// Binds an event to an address or to the queue.
    pub(super) fn bind(&mut self, spec: &Spec, params: &Params) -> Outcome {
        let event = required(params, "event")?.to_ascii_uppercase();
        if spec.event(&event).is_none() {
            return Err(Refusal::new(400, "ERROR_EVENT_NOT_FOUND", "Event not found"));
        }
        let offline = is_offline(params);
        let handler = if offline { None } else { Some(address(params, "handler")?) };
        let timeout =
            find(params, "options").and_then(|options| options.get("minTimeout")).map_or(1, php::integer);
        let bound = BoundEvent {
            id: self.last + 1,
            event,
            handler,
            user: number(params, "auth_type").unwrap_or_default(),
            connector: if offline { optional(params, "auth_connector") } else { String::new() },
            min_timeout: Duration::from_secs(timeout.clamp(0, 86_400).unsigned_abs()),
            notified: None,
        };
        if self.bound.iter().any(|known| known.is_same(&bound)) {
            return Err(already_bound("event"));
        }
        if self.bound.len() >= MAX_BINDINGS {
            return Err(full("event"));
        }
        self.last += 1;
        self.bound.push(bound);
        Ok(Answer::of(true.into()))
    }

    /// Removes every handler that meets the conditions which are given.
    pub(super) fn unbind(&mut self, params: &Params) -> Outcome {
        let (event, handler) = (required(params, "event")?, optional(params, "handler"));
        let (user, offline) = (number(params, "auth_type"), is_offline(params));
        let before = self.bound.len();
        self.bound.retain(|bound| {
            let meets = bound.handler.is_none() == offline
                && bound.event.eq_ignore_ascii_case(&event)
                && (handler.is_empty() || offline || bound.handler.as_ref() == Some(&handler))
                && user.is_none_or(|user| bound.user == user);
            !meets
        });
        Ok(Answer::of(json!({"count": before - self.bound.len()})))
    }

    /// What `event.get` returns.
    pub(crate) fn listed(&self) -> Value {
        let list = self.bound.iter().map(|bound| {
            let mut listed = json!({
                "event": bound.event, "handler": bound.handler.as_deref().unwrap_or_default(),
                "auth_type": bound.user.to_string(), "offline": u8::from(bound.handler.is_none()),
            });
            if bound.handler.is_none() {
                listed["connector_id"] = bound.connector.as_str().into();
            }
            listed
        });
        list.collect()
    }

    /// The handlers that are to be notified about new events in the queue, each at most once in its time.
    pub(crate) fn due(&mut self, now: Instant) -> Vec<BoundEvent> {
        let mut found = Vec::new();
        for bound in
            self.bound.iter_mut().filter(|bound| bound.event == QUEUE_CHANGED && bound.handler.is_some())
        {
            if bound.notified.is_none_or(|last| now.duration_since(last) >= bound.min_timeout) {
                bound.notified = Some(now);
                found.push(bound.clone());
            }
        }
        found
    }
}

impl BoundEvent {
    fn is_same(&self, other: &Self) -> bool {
        self.event == other.event
            && self.handler == other.handler
            && self.user == other.user
            && self.connector == other.connector
    }
}

/// What `events` returns: the names of all events, or of those of a scope.
pub(super) fn names(spec: &Spec, params: &Params) -> Value {
    let scope = optional(params, "scope");
    let of_scope = |scopes: &[String]| scopes.iter().any(|one| one.eq_ignore_ascii_case(&scope));
    let events = spec.events().iter().filter(|event| scope.is_empty() || of_scope(&event.scope));
    events.map(crate::spec::Event::upper).collect()
}

fn is_offline(params: &Params) -> bool {
    optional(params, "event_type").eq_ignore_ascii_case("offline")
}
