//! What a test changes while the portal runs, and what requests to handlers say of it.

use std::io;

use super::State;
use crate::data::{Change, Section};
use crate::fault::Faults;
use crate::idempotency::Replays;
use crate::limits::{Limits, Plan};
use crate::oauth::TokenRequests;
use crate::outgoing::Sender;
use crate::script::Scripts;
use crate::store::Store;

impl State {
    /// Removes rows, bindings, faults, scripts and records. Tokens and secrets stay.
    ///
    /// # Errors
    /// The file with them cannot be read.
    pub(crate) fn reset(&mut self) -> io::Result<()> {
        for section in [Section::Tables, Section::Rows, Section::Replays] {
            let kept = self.data.scan(section, b"")?.into_iter();
            self.unsaved.extend(kept.map(|(key, _)| Change::removed(section, key)));
        }
        self.machine.store = Store::new(self.data.clone());
        self.machine.bindings.clear();
        self.faults = Faults::default();
        self.scripts = Scripts::default();
        self.record.clear();
        self.tokens.requests = TokenRequests::default();
        self.replays = Replays::default();
        self.deliveries.clear();
        self.moved_to = None;
        Ok(())
    }

    /// Sets the limits. What was used of them before does not count.
    pub(crate) fn set_plan(&mut self, plan: &Plan) {
        self.limits = Limits::new(plan, &self.machine.spec.system);
    }

    /// What each request to a handler says of the portal.
    pub(crate) fn sender(&self) -> Sender {
        Sender {
            origin: self.moved_to.clone().unwrap_or_else(|| self.machine.origin.clone()),
            member_id: self.tokens.member_id(),
            application_token: self.tokens.application_token(),
            language: self.machine.spec.system.language.clone(),
        }
    }
}
