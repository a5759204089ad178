//! What is bound after the steps of a plan.

use bitrix24_core::{AnyError, Failure};

use super::applied::AppliedStep;
use super::plan::{Action, PlanStep};
use super::{EventBinding, PlacementBinding, Subscription};
use crate::client::Client;

/// What is bound after the steps. A kind without a step is not read.
pub(super) struct Bound {
    pub(super) events: Result<Vec<EventBinding>, AnyError>,
    pub(super) placements: Result<Vec<PlacementBinding>, AnyError>,
}

/// Whether bindings were removed, by kind.
#[derive(Clone, Copy)]
pub(super) struct Removals {
    pub(super) events: bool,
    pub(super) placements: bool,
}

impl Bound {
    /// Reads what the steps are about.
    pub(super) async fn read(portal: &Client, steps: &[AppliedStep]) -> Self {
        let has_events = steps.iter().any(|applied| applied.step.event().is_some());
        let has_placements = steps.iter().any(|applied| applied.step.event().is_none());
        let events = if has_events { portal.bound_events().await } else { Ok(Vec::new()) };
        let placements = if has_placements { portal.bound_placements().await } else { Ok(Vec::new()) };
        Self { events, placements }
    }

    /// Why the bindings of the kind of a step are unknown.
    pub(super) fn read_error(&self, step: &PlanStep) -> Option<&AnyError> {
        match &step.subscription {
            Subscription::Event(_) => self.events.as_ref().err(),
            Subscription::Placement(_) => self.placements.as_ref().err(),
        }
    }

    /// Ends failed steps with success whose effect is there.
    pub(super) fn confirm(&self, steps: &mut [AppliedStep]) {
        for applied in steps {
            if applied.outcome.as_ref().err().is_some_and(|error| self.is_as_planned(&applied.step, error)) {
                applied.outcome = Ok(());
            }
        }
    }

    /// Fails the steps whose bindings may have been removed together with others, if they cannot be read.
    pub(super) fn fail_unread(&self, steps: &mut [AppliedStep], removals: Removals) {
        for AppliedStep { step, outcome } in steps {
            let has_removals = if step.event().is_some() { removals.events } else { removals.placements };
            let Some(error) = self.read_error(step).filter(|_| has_removals) else { continue };
            if outcome.is_ok() && step.action != Action::Add {
                let text =
                    format!("what is bound after the removals could not be read: {}", error.description());
                *outcome = Err(AnyError::new(error.method(), Failure::new(error.kind(), text)));
            }
        }
    }

    /// Whether a binding exists, with the texts and options that are wanted.
    fn contains(&self, subscription: &Subscription, error: &AnyError) -> bool {
        match subscription {
            Subscription::Event(wanted) => {
                self.events.as_ref().is_ok_and(|listed| wanted.is_there(listed, error))
            }
            Subscription::Placement(wanted) => self
                .placements
                .iter()
                .flatten()
                .any(|listed| wanted.is_same(listed) && wanted.differences(listed).is_empty()),
        }
    }

    /// Whether a step has been done, in spite of its error.
    fn is_as_planned(&self, step: &PlanStep, error: &AnyError) -> bool {
        self.read_error(step).is_none()
            && self.contains(&step.subscription, error) != (step.action == Action::Remove)
    }

    /// Whether a binding that shall exist does not.
    pub(super) fn is_missing(&self, step: &PlanStep) -> bool {
        step.action != Action::Remove
            && match &step.subscription {
                Subscription::Event(wanted) => self
                    .events
                    .as_ref()
                    .is_ok_and(|listed| !listed.iter().any(|listed| wanted.is_same(listed))),
                Subscription::Placement(wanted) => self
                    .placements
                    .as_ref()
                    .is_ok_and(|listed| !listed.iter().any(|listed| wanted.is_same(listed))),
            }
    }
}
