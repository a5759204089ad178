//! Events of the portal: to the handlers that are bound to them, and into the queue.

use std::time::Instant;

use serde_json::{Value, json};

use crate::bindings::{BoundEvent, QUEUE_CHANGED};
use crate::changes::{Change, Subjects, data};
use crate::outgoing::{EventRequest, Outgoing};
use crate::spec::{Event, EventTokens};
use crate::state::State;

/// The user who calls.
const USER: i64 = 1;

/// The field with the identifier of a binding, where the page of an event does not name it.
const HANDLER_ID: &str = "event_handler_id";

/// An event before it is sent.
#[derive(Clone, Debug)]
struct Raised {
    /// In upper case.
    name: String,
    scope: Vec<String>,
    tokens: EventTokens,
    handler_id: String,
    data: Value,
}

impl Raised {
    fn new(name: String, event: &Event, data: Value) -> Self {
        Self {
            name,
            scope: event.scope.clone(),
            tokens: event.tokens.unwrap_or(EventTokens::Sometimes),
            handler_id: event.handler_id.clone().unwrap_or_else(|| HANDLER_ID.to_owned()),
            data,
        }
    }
}

impl State {
    /// Raises the events that follow the changes of a call. `connector` is the source that the call named: its queue gets none.
    pub(crate) fn raise_changes(&mut self, changes: &[Change], connector: &str) {
        let spec = &self.machine.spec;
        let subjects = self.subjects.get_or_init(|| Subjects::of(spec));
        let mut raised = Vec::new();
        for change in changes {
            let events = subjects.raised(spec, change);
            raised.extend(
                events.into_iter().map(|(name, event)| Raised::new(name, event, data(event, change))),
            );
        }
        self.raise(&raised, connector);
    }

    /// Raises an event. `null` data: plausible data as documented.
    ///
    /// # Errors
    /// There is no such event.
    pub(crate) fn raise_event(&mut self, name: &str, data: Value) -> Result<usize, String> {
        let raised = self.documented(name, data);
        let raised = raised
            .ok_or_else(|| format!("there is no event `{name}`: the method `events` lists all of them"))?;
        Ok(self.raise(&[raised], ""))
    }

    /// The request with an event, which need be neither bound nor documented. `null` data: plausible data as documented, or none.
    pub(crate) fn event_request(&mut self, name: &str, data: Value) -> Outgoing {
        let event = self.documented(name, data.clone()).unwrap_or_else(|| Raised {
            name: name.to_ascii_uppercase(),
            scope: vec!["app".to_owned()],
            tokens: EventTokens::Sometimes,
            handler_id: HANDLER_ID.to_owned(),
            data,
        });
        let bound = self.machine.bindings.events.all().iter();
        let bound = bound.filter(|bound| bound.handler.is_some()).find(|bound| bound.event == event.name);
        let (id, user) = bound.map_or((1, USER), |bound| (bound.id, bound.user));
        self.outgoing_event(&event, (id, user), "")
    }

    /// An event of the spec. `null` data: plausible data.
    fn documented(&self, name: &str, data: Value) -> Option<Raised> {
        let event = self.machine.spec.event(name)?;
        let data = if data.is_null() { self.machine.plausible_value(&event.data, "data") } else { data };
        Some(Raised::new(name.to_ascii_uppercase(), event, data))
    }

    /// Sends events to their handlers and puts them into the queues. Returns how many handlers and queues there are.
    fn raise(&mut self, raised: &[Raised], connector: &str) -> usize {
        let (mut reached, mut queued) = (0, false);
        for event in raised {
            let bound = self.machine.bindings.events.all().iter().filter(|bound| bound.event == event.name);
            for bound in bound.cloned().collect::<Vec<_>>() {
                match &bound.handler {
                    Some(url) => self.send_event(event, &bound, url),
                    None if !connector.is_empty() && bound.connector == connector => continue,
                    None => {
                        let additional = json!({"user_id": USER});
                        self.machine.bindings.queue.push(
                            &event.name,
                            &event.data,
                            additional,
                            &bound.connector,
                        );
                        queued = true;
                    }
                }
                reached += 1;
            }
        }
        if queued {
            self.notify_of_queue();
        }
        reached
    }

    /// Says that the queue has new events, to those who want to know.
    fn notify_of_queue(&mut self) {
        let Some(event) = self.machine.spec.event(QUEUE_CHANGED) else { return };
        let event = Raised::new(QUEUE_CHANGED.to_owned(), event, json!([]));
        for bound in self.machine.bindings.events.due(Instant::now()) {
            if let Some(url) = &bound.handler {
                self.send_event(&event, &bound, url);
            }
        }
    }

    fn send_event(&mut self, event: &Raised, bound: &BoundEvent, url: &str) {
        let outgoing = self.outgoing_event(event, (bound.id, bound.user), url);
        self.send(outgoing);
    }

    /// The request with an event for a binding, of which it has the identifier and the user.
    fn outgoing_event(&mut self, event: &Raised, (id, user): (u64, i64), url: &str) -> Outgoing {
        let user = if user == 0 { USER } else { user };
        let tokens = (event.tokens != EventTokens::Never).then(|| self.tokens.for_handler(user));
        let request = EventRequest {
            url,
            name: &event.name,
            scope: &event.scope,
            data: &event.data,
            handler: Some((&event.handler_id, id)),
            tokens: tokens.as_ref(),
        };
        self.sender().event(&request)
    }

    /// Sends a request in the background.
    pub(crate) fn send(&mut self, outgoing: Outgoing) {
        if let Some(lost) = self.outbox.send(outgoing) {
            self.deliveries.add(lost);
        }
    }
}
