//! What went wrong with a call, whatever its method.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::{Invalid, Kind};
use crate::excerpt::excerpt;
use crate::kept::Kept;
use crate::wire::{Mismatch, is_empty_form};

/// What went wrong, before anyone knows which method's errors to understand it by. Clients make it.
///
/// It can be cloned, since one failure may be that of many commands of a batch.
#[derive(Clone, Debug)]
pub struct Failure {
    pub(super) kind: Kind,
    pub(super) status: Option<u16>,
    pub(super) code: Option<Box<str>>,
    pub(super) description: Box<str>,
    pub(super) mismatch: Option<Box<Mismatch>>,
    pub(super) validation: Box<[Invalid]>,
    pub(super) result: Option<Kept>,
    pub(super) attempts: u32,
    /// Shared, since all who wait for one thing are told of the same failure.
    pub(super) source: Option<Arc<dyn StdError + Send + Sync>>,
    /// Whether a whole batch failed so, and not the method itself.
    pub(super) of_batch: bool,
    /// Whether it is unknown what came of an attempt before the last one.
    pub(super) lost_before: bool,
}

impl Failure {
    /// A failure with this crate's own description of it: what happened, and what to do where that is known.
    pub fn new(kind: Kind, description: impl Into<Box<str>>) -> Self {
        Self {
            kind,
            status: None,
            code: None,
            description: description.into(),
            mismatch: None,
            validation: Box::default(),
            result: None,
            attempts: 0,
            source: None,
            of_batch: false,
            lost_before: false,
        }
    }

    /// An error that the portal has told of where no HTTP status is its own: that of one command in a batch.
    pub fn told(code: impl Into<Box<str>>, description: impl Into<Box<str>>) -> Self {
        Self { code: Some(code.into()), ..Self::new(Kind::Method, description) }
    }

    /// An error that the portal has answered with.
    pub fn answered(status: u16, code: impl Into<Box<str>>, description: impl Into<Box<str>>) -> Self {
        Self::told(code, description).with_status(status)
    }

    /// An error that the authorisation server has answered with.
    pub fn unauthorised(status: u16, code: impl Into<Box<str>>, description: impl Into<Box<str>>) -> Self {
        Self { code: Some(code.into()), ..Self::new(Kind::Authorisation, description) }.with_status(status)
    }

    /// A result that is not what the documentation says.
    pub fn undecodable(mismatch: Mismatch) -> Self {
        Self {
            mismatch: Some(Box::new(mismatch)),
            ..Self::new(Kind::Decode, "the result is not what its documentation says")
        }
    }

    /// With the HTTP status of the answer.
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// With what the method gave back all the same; see [`Error::result`](super::Error::result).
    pub fn with_result(mut self, result: Value) -> Self {
        self.result = Some(Kept::new(result));
        self
    }

    /// With a result, where there is one that says something.
    pub(crate) fn with_any_result(self, result: Option<Value>) -> Self {
        match result {
            Some(result) if !is_empty_form(&result) => self.with_result(result),
            _ => self,
        }
    }

    /// With the error below this one. Its texts must be free of secrets.
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(Arc::from(source.into()));
        self
    }

    /// The same failure as that of each command of a batch that failed as a whole: a code is then the system's or nobody's, and
    /// whether a command has run is as uncertain as whether the batch has.
    pub(crate) fn of_batch(mut self) -> Self {
        if self.kind == Kind::Method {
            self.kind = Kind::System;
        }
        self.of_batch = true;
        self
    }

    /// With the fields that a method of REST 3 refused.
    pub(crate) fn with_validation(mut self, fields: impl IntoIterator<Item = Invalid>) -> Self {
        self.validation = fields.into_iter().collect();
        self
    }

    /// With how often the request was sent.
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// With an attempt before the last one of which it is unknown what came of it: whatever the last one met with, the portal may
    /// have carried out the request.
    pub fn after_a_lost_attempt(mut self) -> Self {
        self.lost_before = true;
        self
    }

    /// The same failure with every text that came from the portal passed through `scrub`, which takes secrets out of it.
    pub fn scrubbed(mut self, scrub: &dyn Fn(&str) -> String) -> Self {
        self.code = self.code.map(|code| scrub(&code).into());
        self.description = scrub(&self.description).into();
        self.validation = self.validation.into_iter().map(|field| field.scrubbed(scrub)).collect();
        self.mismatch = self.mismatch.map(|mismatch| Box::new(mismatch.scrubbed(scrub)));
        self
    }

    /// What kind of thing went wrong, before the code is understood.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The HTTP status of the answer, where one came.
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// The error code as it stands on the wire; see [`Error::code`](super::Error::code).
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }
}

/// How much of a description is shown, in characters; [`Error::description`](super::Error::description) has it whole.
const SHOWN: usize = 300;

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = if self.kind == Kind::Authorisation { "the authorisation server" } else { "the portal" };
        match self.code.as_deref() {
            Some("") => write!(f, "{who} answered with an error that has no code")?,
            Some(code) => write!(f, "{who} answered {code}")?,
            None => f.write_str(&excerpt(&self.description, SHOWN))?,
        }
        if let Some(status) = self.status {
            write!(f, " (HTTP {status})")?;
        }
        if self.code.is_some() && !self.description.is_empty() {
            write!(f, ": {}", excerpt(&self.description, SHOWN))?;
        }
        if let Some(mismatch) = &self.mismatch {
            write!(f, ": {mismatch}")?;
        }
        for field in &self.validation {
            write!(f, "; {field}")?;
        }
        match self.attempts {
            0 | 1 => Ok(()),
            attempts => write!(f, " (sent {attempts} times)"),
        }
    }
}
