//! What the application has bound: handlers of events, queues of offline events, and widgets at places of the interface.

mod events;
mod offline;
mod params;
mod placements;

use std::io;

use events::Events;
pub(crate) use events::{BoundEvent, QUEUE_CHANGED};
use offline::Queue;
use placements::Placements;
pub(crate) use placements::check_code;
use serde::{Deserialize, Serialize};

use crate::check::Refusal;
use crate::data::{Change, Data, Section};
use crate::exchange::{Answer, Params};
use crate::spec::{Api, Method, Spec};

/// How many bindings of a kind the application may have.
const MAX_BINDINGS: usize = 1_000;

/// The outcome of a method.
type Outcome = Result<Answer, Refusal>;

/// The key of the bindings in the section of the portal.
const KEY: &[u8] = b"bindings";

/// All bindings of the application, and its queue.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Bindings {
    pub(crate) events: Events,
    pub(crate) placements: Placements,
    /// The address at which the application was installed.
    pub(crate) installed: Option<String>,
    #[serde(skip)]
    pub(crate) queue: Queue,
    /// Whether what is bound changed since it was saved.
    #[serde(skip)]
    changed: bool,
}

impl Bindings {
    /// What was bound before the start.
    ///
    /// # Errors
    /// The file with it cannot be read.
    pub(crate) fn load(data: &Data) -> io::Result<Self> {
        let kept = data.get(Section::Portal, KEY)?.and_then(|kept| serde_json::from_slice(&kept).ok());
        let bindings: Self = kept.unwrap_or_default();
        Ok(Self { queue: Queue::load(data)?, ..bindings })
    }

    /// What changed since this was called before, as changes of the file.
    pub(crate) fn take_changes(&mut self) -> Vec<Change> {
        let mut changes = self.queue.take_changes();
        if std::mem::take(&mut self.changed) {
            changes.push(Change::set(Section::Portal, KEY, serde_json::to_vec(self).unwrap_or_default()));
        }
        changes
    }

    /// Removes everything that is bound, and the queue.
    pub(crate) fn clear(&mut self) {
        (self.events, self.placements) = (Events::default(), Placements::default());
        self.installed = None;
        self.queue.empty();
        self.changed = true;
    }

    /// The application is installed at an address.
    pub(crate) fn install(&mut self, handler: &str) {
        self.installed = Some(handler.to_owned());
        self.changed = true;
    }

    /// Runs a method about bindings. `None`: the method is about something else.
    pub(crate) fn run(&mut self, spec: &Spec, method: &Method, params: &Params) -> Option<Outcome> {
        if method.api == Api::V3 {
            return None;
        }
        self.changed |= method.name.ends_with("bind");
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
