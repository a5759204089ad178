//! What the application has bound: handlers of events, queues of offline events, and widgets at places of the interface.

mod events;
mod offline;
mod params;
mod placements;

use events::Events;
pub(crate) use events::{BoundEvent, QUEUE_CHANGED};
use offline::Queue;
use placements::Placements;
pub(crate) use placements::check_code;

use crate::check::Refusal;
use crate::run::{Answer, Params};
use crate::spec::{Api, Method, Spec};

/// How many bindings of a kind the application may have.
const MAX_BINDINGS: usize = 1_000;

/// The outcome of a method.
type Outcome = Result<Answer, Refusal>;

/// All bindings of the application, and its queue.
#[derive(Debug, Default)]
pub(crate) struct Bindings {
    pub(crate) events: Events,
    pub(crate) placements: Placements,
    pub(crate) queue: Queue,
}

impl Bindings {
    /// Runs a method about bindings. `None`: the method is about something else.
    pub(crate) fn run(&mut self, spec: &Spec, method: &Method, params: &Params) -> Option<Outcome> {
        if method.api == Api::V3 {
            return None;
        }
        Some(match method.name.as_str() {
            "events" => Ok(Answer::of(events::names(spec, params))),
            "event.bind" => self.events.bind(spec, params),
            "event.unbind" => self.events.unbind(params),
            "event.get" => Ok(Answer::of(self.events.listed())),
            "event.offline.get" => self.queue.get(params),
            "event.offline.list" => Ok(self.queue.list(params, spec.system.page_rows())),
            "event.offline.clear" => self.queue.clear(params),
            "event.offline.error" => self.queue.mark_errors(params),
            "placement.list" => Ok(Answer::of(placements::codes(spec, params))),
            "placement.bind" => self.placements.bind(&spec.system.language, params),
            "placement.unbind" => self.placements.unbind(params),
            "placement.get" => Ok(Answer::of(self.placements.listed(&spec.system.language))),
            _ => return None,
        })
    }

    /// Whether a change of a row matters to the application.
    pub(crate) fn has_events(&self) -> bool {
        !self.events.all().is_empty()
    }
}

fn full(what: &str) -> Refusal {
    Refusal::new(400, "ERROR_CORE", format!("Unable to set {what} handler: there are {MAX_BINDINGS} already"))
}

fn already_bound(what: &str) -> Refusal {
    Refusal::new(400, "ERROR_CORE", format!("Unable to set {what} handler: Handler already binded"))
}
