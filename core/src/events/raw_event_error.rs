//! Why something is no event.

use std::fmt;

/// Why something is no event. It contains nothing of the content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawEventError {
    problem: &'static str,
}

impl RawEventError {
    pub(super) const fn new(problem: &'static str) -> Self {
        Self { problem }
    }
}

impl fmt::Display for RawEventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.problem)
    }
}

impl std::error::Error for RawEventError {}
