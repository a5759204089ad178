//! What applying a plan has done.

use std::fmt;

use bitrix24_core::AnyError;

use super::plan::PlanStep;

/// What applying a plan has done; see [`Plan::apply`](super::Plan::apply). Printed, it is a line for each step, with its error.
#[derive(Debug)]
pub struct Applied {
    pub(super) steps: Vec<AppliedStep>,
}

/// A step of a plan, and how it ended.
#[derive(Debug)]
#[non_exhaustive]
pub struct AppliedStep {
    /// The step.
    pub step: PlanStep,
    /// `Ok` if the binding is now as planned.
    pub outcome: Result<(), AnyError>,
}

impl Applied {
    /// All steps, in the order of the plan.
    pub fn steps(&self) -> &[AppliedStep] {
        &self.steps
    }

    /// The steps that failed.
    pub fn failures(&self) -> impl Iterator<Item = &AppliedStep> {
        self.steps.iter().filter(|step| step.outcome.is_err())
    }

    /// Whether all bindings are as planned.
    pub fn is_complete(&self) -> bool {
        self.failures().next().is_none()
    }

    /// The error of the first step that failed.
    ///
    /// # Errors
    /// This error.
    pub fn into_result(self) -> Result<(), AnyError> {
        self.steps.into_iter().try_for_each(|step| step.outcome)
    }
}

impl fmt::Display for AppliedStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.outcome {
            Ok(()) => write!(f, "{}", self.step),
            Err(error) => write!(f, "{}; failed: {error}", self.step),
        }
    }
}

/// A line for each step; without a line break at the end.
impl fmt::Display for Applied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.steps.iter().enumerate() {
            write!(f, "{}{step}", if at > 0 { "\n" } else { "" })?;
        }
        Ok(())
    }
}
