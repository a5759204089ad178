//! The outcome of one command.

use super::reference::Reference;
use crate::envelope::RawResponse;
use crate::error::Failure;

/// The outcome of one command.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CommandOutcome {
    /// The name of its method.
    pub method: Box<str>,
    /// The portal's response to it, or the failure: [`ErrorKind::NotExecuted`](crate::ErrorKind::NotExecuted) if it was not executed
    /// because of another command.
    pub response: Result<RawResponse, Failure>,
    /// A reference without a value. The portal executed the command with the text of the reference instead.
    pub unresolved: Option<Reference>,
}

impl CommandOutcome {
    /// The outcome of a command without references.
    pub fn new(method: impl Into<Box<str>>, response: Result<RawResponse, Failure>) -> Self {
        Self { method: method.into(), response, unresolved: None }
    }
}
