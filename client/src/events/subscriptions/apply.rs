//! The steps of a plan as calls.

use bitrix24_core::{AnyError, ErrorKind, Failure, RawRequest};

use super::super::application::explain;
use super::Subscription;
use super::applied::{Applied, AppliedStep};
use super::bound::{Bound, Removals};
use super::plan::{Action, Plan, PlanStep};
use crate::batch::Batch;
use crate::client::Client;

impl Plan {
    /// Does the steps, several in one call. Events are bound before others are removed, so that none is missed in between; a placement
    /// that changes is removed first, since a portal binds an address once. Then what is bound is read again: a step whose response was
    /// lost counts by what it has done, and a binding that an `unbind` has removed together with another one is bound again.
    ///
    /// A step that fails keeps no other from being done, except that the bindings of an event are not removed if a new binding of the same
    /// event failed: their steps fail with [`ErrorKind::NotExecuted`]. If a placement cannot be bound in its changed form, the earlier one is bound
    /// again. If what is bound cannot be read after a removal, the steps of the same kind that may have lost their binding fail.
    pub async fn apply(self, portal: &Client) -> Applied {
        let mut steps: Vec<AppliedStep> =
            self.into_steps().into_iter().map(|step| AppliedStep { step, outcome: Ok(()) }).collect();
        let has_changes =
            steps.iter().any(|applied| !matches!(applied.step.action, Action::Keep | Action::Leave));
        if !has_changes {
            return Applied { steps };
        }
        run(portal, &mut steps, |step| Phase::BindEvents.request(step), false).await;
        keep_replaced(portal, &mut steps).await;
        let removals = Removals::of(&steps);
        run(portal, &mut steps, |step| Phase::Remove.request(step), true).await;
        run(portal, &mut steps, |step| Phase::BindPlacements.request(step), false).await;
        let bound = Bound::read(portal, &steps).await;
        bound.confirm(&mut steps);
        let missing = |step: &PlanStep| bound.is_missing(step).then(|| bind_request(&step.subscription));
        run(portal, &mut steps, missing, false).await;
        restore(portal, &steps, &bound).await;
        bound.fail_unread(&mut steps, removals);
        Applied { steps }
    }
}

#[derive(Clone, Copy)]
enum Phase {
    BindEvents,
    Remove,
    BindPlacements,
}

impl Phase {
    /// The request of a step in this phase.
    fn request(self, step: &PlanStep) -> Option<RawRequest> {
        match (self, step.action, &step.subscription) {
            (Self::BindEvents, Action::Add, Subscription::Event(_))
            | (Self::BindPlacements, Action::Add | Action::Change, Subscription::Placement(_)) => {
                Some(bind_request(&step.subscription))
            }
            (Self::Remove, Action::Remove, listed) => Some(unbind_request(listed)),
            (Self::Remove, Action::Change, _) => step.replaced.as_ref().map(unbind_request),
            _ => None,
        }
    }
}

impl Removals {
    /// The removals of the steps that have not failed.
    fn of(steps: &[AppliedStep]) -> Self {
        let removes = |is_event: bool| {
            steps.iter().any(|applied| {
                applied.outcome.is_ok()
                    && applied.step.event().is_some() == is_event
                    && Phase::Remove.request(&applied.step).is_some()
            })
        };
        Self { events: removes(true), placements: removes(false) }
    }
}

fn bind_request(subscription: &Subscription) -> RawRequest {
    match subscription {
        Subscription::Event(binding) => binding.bind_request(),
        Subscription::Placement(binding) => binding.bind_request(),
    }
}

fn unbind_request(subscription: &Subscription) -> RawRequest {
    match subscription {
        Subscription::Event(binding) => binding.unbind_request(),
        Subscription::Placement(binding) => binding.unbind_request(),
    }
}

/// Executes the requests of the steps that have not failed.
async fn run(
    portal: &Client,
    steps: &mut [AppliedStep],
    request: impl Fn(&PlanStep) -> Option<RawRequest>,
    is_safe_to_repeat: bool,
) {
    let portal = if is_safe_to_repeat { portal.safe_to_repeat() } else { portal.clone() };
    let due = steps.iter_mut().filter(|applied| applied.outcome.is_ok());
    let mut due: Vec<(&mut AppliedStep, RawRequest)> =
        due.filter_map(|applied| request(&applied.step).map(|request| (applied, request))).collect();
    if let [(applied, request)] = &mut due[..] {
        applied.outcome = portal.call(request.clone()).await.map(drop).map_err(explain);
        return;
    }
    let mut batch = Batch::new();
    let due: Vec<_> = due.into_iter().map(|(applied, request)| (applied, batch.add(request))).collect();
    if batch.is_empty() {
        return;
    }
    let response = portal.run(batch).await;
    for (applied, handle) in due {
        applied.outcome = response.get(handle).map(drop).map_err(explain);
    }
}

/// Fails the steps that would remove bindings of an event whose new binding failed, so that the program does not lose the event.
async fn keep_replaced(portal: &Client, steps: &mut [AppliedStep]) {
    if !steps.iter().any(|applied| is_replaced(applied, &failed_events(steps))) {
        return;
    }
    // The response of a binding may be lost.
    if let Ok(events) = portal.bound_events().await {
        Bound { events: Ok(events), placements: Ok(Vec::new()) }.confirm(steps);
    }
    let failed = failed_events(steps);
    for applied in steps.iter_mut().filter(|applied| is_replaced(applied, &failed)) {
        let text = "the binding was kept, since the new binding of the event failed";
        let failure = Failure::new(ErrorKind::NotExecuted, text);
        applied.outcome = Err(AnyError::new("event.unbind", failure));
    }
}

/// The events whose binding failed.
fn failed_events(steps: &[AppliedStep]) -> Vec<String> {
    let failed = steps.iter().filter(|applied| applied.outcome.is_err());
    failed.filter_map(|applied| applied.step.event()).map(str::to_owned).collect()
}

/// Whether a step removes a binding of one of these events.
fn is_replaced(applied: &AppliedStep, events: &[String]) -> bool {
    let step = &applied.step;
    step.action == Action::Remove && step.event().is_some_and(|event| events.iter().any(|name| name == event))
}

/// Binds what was removed for a change that then failed. Its step stays a failure.
async fn restore(portal: &Client, steps: &[AppliedStep], bound: &Bound) {
    let may_be_lost = |step: &PlanStep| {
        bound.is_missing(step) || (step.action == Action::Change && bound.read_error(step).is_some())
    };
    let lost = steps.iter().filter(|applied| applied.outcome.is_err() && may_be_lost(&applied.step));
    for replaced in lost.filter_map(|applied| applied.step.replaced.as_ref()) {
        let _ = portal.call(bind_request(replaced)).await;
    }
}
