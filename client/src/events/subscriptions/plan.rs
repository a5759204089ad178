//! What has to be done, from what is wanted and what is bound.

use std::fmt;

use super::super::event_binding::EventBinding;
use super::super::placement_binding::PlacementBinding;
use super::{Ownership, Subscription};

/// The steps from what is bound to what is wanted; see [`Subscriptions::plan`](super::Subscriptions::plan). Printed, it is a line for each step.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a plan changes nothing until it is applied"]
pub struct Plan {
    steps: Vec<PlanStep>,
}

/// What happens to one binding, and why.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PlanStep {
    /// What happens.
    pub action: Action,
    /// The binding: as it is wanted, or as it is listed if it is removed or left.
    pub subscription: Subscription,
    /// Why. Empty if the binding is as it is wanted.
    pub reasons: Vec<String>,
    /// The listed binding that is replaced.
    pub(super) replaced: Option<Subscription>,
}

/// What happens to a binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Action {
    /// It is bound as it is wanted.
    Keep,
    /// It is not bound, and will be. So is an offline event if the portal does not name the sources of its queues: if it is bound already,
    /// the portal says so, and it stays.
    Add,
    /// It is bound with other texts or options: it will be removed and bound again.
    Change,
    /// It belongs to the program and is not wanted: it will be removed.
    Remove,
    /// It does not belong to the program, or may be a wanted one.
    Leave,
}

impl Plan {
    pub(super) fn new(steps: Vec<PlanStep>) -> Self {
        Self { steps }
    }

    /// The steps: first events, then placements, in the order in which they were wanted or are listed.
    pub fn steps(&self) -> &[PlanStep] {
        &self.steps
    }

    pub(super) fn into_steps(self) -> Vec<PlanStep> {
        self.steps
    }

    /// Whether nothing has to be done.
    pub fn is_complete(&self) -> bool {
        self.steps.iter().all(|step| matches!(step.action, Action::Keep | Action::Leave))
    }
}

impl PlanStep {
    fn new(action: Action, subscription: Subscription, reasons: Vec<String>) -> Self {
        Self { action, subscription, reasons, replaced: None }
    }

    /// The name of the event; `None` for a placement.
    pub(super) fn event(&self) -> Option<&str> {
        match &self.subscription {
            Subscription::Event(binding) => Some(binding.event()),
            Subscription::Placement(_) => None,
        }
    }
}

const UNNAMED: &str = "the portal does not name the source of the queue";

/// The steps for events.
pub(super) fn events(
    wanted: &[EventBinding],
    listed: &[EventBinding],
    ownership: &Ownership,
) -> Vec<PlanStep> {
    let mut taken = vec![false; listed.len()];
    let mut steps: Vec<PlanStep> = Vec::new();
    for binding in wanted {
        let found =
            listed.iter().enumerate().find(|(at, other)| !taken[*at] && binding.is_certainly_same(other));
        let (action, reason) = match found {
            Some((at, _)) => {
                taken[at] = true;
                (Action::Keep, None)
            }
            None if listed.iter().any(|other| binding.is_same(other) && !other.names_source()) => {
                (Action::Add, Some(UNNAMED.to_owned()))
            }
            None => (Action::Add, Some("it is not bound".to_owned())),
        };
        let reasons = reason.into_iter().collect();
        steps.push(PlanStep::new(action, Subscription::Event(binding.clone()), reasons));
    }
    let others = listed.iter().zip(&taken).filter(|(_, taken)| !**taken);
    for (binding, _) in others {
        // The same one under another spelling of its address, which the portal takes for another handler.
        let is_double = wanted.iter().any(|wanted| wanted.is_certainly_same(binding));
        if !is_double && wanted.iter().any(|wanted| wanted.is_same(binding)) && !binding.names_source() {
            // It may be the wanted one.
            let reasons = vec![UNNAMED.to_owned()];
            steps.push(PlanStep::new(Action::Leave, Subscription::Event(binding.clone()), reasons));
            continue;
        }
        steps.push(unwanted(Subscription::Event(binding.clone()), ownership.of_event(binding), is_double));
    }
    steps
}

/// The steps for placements.
pub(super) fn placements(
    wanted: &[PlacementBinding],
    listed: &[PlacementBinding],
    ownership: &Ownership,
) -> Vec<PlanStep> {
    let mut steps = Vec::new();
    for binding in wanted {
        let same: Vec<&PlacementBinding> = listed.iter().filter(|other| binding.is_same(other)).collect();
        let mut step = PlanStep::new(Action::Add, Subscription::Placement(binding.clone()), Vec::new());
        match same[..] {
            [] => step.reasons.push("it is not bound".to_owned()),
            [first, ..] => {
                step.reasons = binding.differences(first);
                if same.len() > 1 {
                    step.reasons.push(format!("it is bound {} times", same.len()));
                }
                step.action = if step.reasons.is_empty() { Action::Keep } else { Action::Change };
                step.replaced = Some(Subscription::Placement(first.clone()));
            }
        }
        steps.push(step);
    }
    for binding in listed.iter().filter(|listed| !wanted.iter().any(|wanted| wanted.is_same(listed))) {
        let ownership = ownership.of_address(binding.handler());
        steps.push(unwanted(Subscription::Placement(binding.clone()), ownership, false));
    }
    steps
}

fn unwanted(subscription: Subscription, ownership: Result<String, String>, is_double: bool) -> PlanStep {
    let reason = if is_double { "it is bound twice" } else { "it is not wanted" }.to_owned();
    match ownership {
        Ok(why) => PlanStep::new(Action::Remove, subscription, vec![reason, why]),
        Err(why) => PlanStep::new(Action::Leave, subscription, vec![reason, why]),
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Keep => "keep",
            Self::Add => "add",
            Self::Change => "change",
            Self::Remove => "remove",
            Self::Leave => "leave",
        })
    }
}

impl fmt::Display for PlanStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:6} {}", self.action, self.subscription)?;
        if self.reasons.is_empty() { Ok(()) } else { write!(f, ": {}", self.reasons.join(", ")) }
    }
}

/// A line for each step; without a line break at the end.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.steps.iter().enumerate() {
            write!(f, "{}{step}", if at > 0 { "\n" } else { "" })?;
        }
        Ok(())
    }
}
