//! The failure of a call, independent of its method.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::auth_error::AuthError;
use super::invalid_field::InvalidField;
use super::kind::ErrorKind;
use crate::excerpt::{bounded, excerpt};
use crate::raw_result::RawResult;
use crate::wire::{Json, Mismatch};

/// The failure of a call before its code is interpreted as an error of a method. Clients create it.
///
/// It implements `Clone`, since many commands of a batch can share one failure.
#[derive(Clone, Debug)]
pub struct Failure {
    pub(super) kind: ErrorKind,
    pub(super) status: Option<u16>,
    pub(super) code: Option<Box<str>>,
    pub(super) description: Box<str>,
    pub(super) mismatch: Option<Box<Mismatch>>,
    pub(super) invalid_fields: Box<[InvalidField]>,
    pub(super) raw_result: Option<RawResult>,
    pub(super) attempts: u32,
    /// How long the server asks to wait.
    pub(super) retry_after: Option<Duration>,
    /// Whether another attempt would fail in the same way.
    pub(super) permanent: bool,
    /// Shared, since all callers that wait for the same event receive the same failure.
    pub(super) source: Option<Arc<dyn StdError + Send + Sync>>,
    /// Whether the whole batch failed, and not only the method.
    pub(super) whole_batch: bool,
    /// Whether the outcome of an attempt before the last one is unknown.
    pub(super) earlier_attempt_lost: bool,
}

impl Failure {
    /// Creates a failure with this crate's own description: what happened, and what to do if that is known.
    pub fn new(kind: ErrorKind, description: impl Into<Box<str>>) -> Self {
        Self {
            kind,
            status: None,
            code: None,
            description: bounded(description.into(), MAX_TEXT),
            mismatch: None,
            invalid_fields: Box::default(),
            raw_result: None,
            attempts: 0,
            retry_after: None,
            permanent: false,
            source: None,
            whole_batch: false,
            earlier_attempt_lost: false,
        }
    }

    /// Creates an error of the portal that has no HTTP status of its own, such as the error of one command in a batch.
    pub fn from_code(code: impl Into<Box<str>>, description: impl Into<Box<str>>) -> Self {
        Self { code: Some(bounded(code.into(), MAX_TEXT)), ..Self::new(ErrorKind::Method, description) }
    }

    /// Creates an error that the portal returned.
    pub fn from_response(status: u16, code: impl Into<Box<str>>, description: impl Into<Box<str>>) -> Self {
        Self::from_code(code, description).with_status(status)
    }

    /// Creates an error that the authorization server returned.
    pub fn auth(status: u16, code: impl Into<Box<str>>, description: impl Into<Box<str>>) -> Self {
        Self { kind: ErrorKind::Authorization, ..Self::from_response(status, code, description) }
    }

    /// Creates a failure for a result that does not match the documentation.
    pub fn decode(mismatch: Mismatch) -> Self {
        Self {
            mismatch: Some(Box::new(mismatch)),
            ..Self::new(ErrorKind::Decode, "the result does not match its type")
        }
    }

    /// Sets the HTTP status of the response.
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Sets the result that the method returned despite the failure; see [`Error::raw_result`](super::Error::raw_result).
    pub fn with_raw_result(mut self, result: Json) -> Self {
        self.raw_result = Some(RawResult::new(result));
        self
    }

    /// Sets the result, unless it is absent or empty.
    pub(crate) fn with_optional_result(self, result: Option<Json>) -> Self {
        match result {
            Some(result) if !result.get().is_php_empty() => self.with_raw_result(result),
            _ => self,
        }
    }

    /// Sets the underlying error. Its texts must not contain secrets.
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(Arc::from(source.into()));
        self
    }

    /// Turns this failure into the failure of each command of a batch that failed as a whole. A code is then the system's or
    /// unassigned, and whether a command ran is as uncertain as whether the batch ran.
    pub(crate) fn into_batch_failure(mut self) -> Self {
        if self.kind == ErrorKind::Method {
            self.kind = ErrorKind::System;
        }
        self.whole_batch = true;
        self
    }

    /// Sets the fields that a method of REST 3 rejected: the first thousand.
    pub(crate) fn with_invalid_fields(mut self, fields: impl IntoIterator<Item = InvalidField>) -> Self {
        self.invalid_fields = fields.into_iter().take(MAX_FIELDS).collect();
        self
    }

    /// Sets how many times the request was sent.
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Sets how long the server asks to wait before the next attempt (`Retry-After`).
    pub fn with_retry_after(mut self, pause: Duration) -> Self {
        self.retry_after = Some(pause);
        self
    }

    /// Marks the failure as one that another attempt would meet again: an unknown host, an invalid certificate.
    pub fn permanent(mut self) -> Self {
        self.permanent = true;
        self
    }

    /// Marks the outcome of an attempt before the last one as unknown: whatever happened to the last attempt, the portal may
    /// have executed the request.
    pub fn with_lost_attempt(mut self) -> Self {
        self.earlier_attempt_lost = true;
        self
    }

    /// Passes every text that came from the portal through `redact_text`, which removes secrets.
    pub fn redact(mut self, redact_text: &dyn Fn(&str) -> String) -> Self {
        self.code = self.code.map(|code| redact_text(&code).into());
        self.description = redact_text(&self.description).into();
        self.invalid_fields =
            self.invalid_fields.into_iter().map(|field| field.redact(redact_text)).collect();
        if let Some(mismatch) = &mut self.mismatch {
            mismatch.redact(redact_text);
        }
        self
    }

    /// The kind of the failure, before its code is interpreted.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The HTTP status of the response, if one arrived.
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// How long the server asks to wait before the next attempt, if it does.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Whether another attempt would fail in the same way.
    pub fn is_permanent(&self) -> bool {
        self.permanent
    }

    /// The portal's description, or that of this crate; see [`Error::description`](super::Error::description).
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The error code as received; see [`Error::code`](super::Error::code).
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    pub(super) fn auth_error(&self) -> Option<AuthError> {
        let code = self.code().filter(|_| self.kind == ErrorKind::Authorization)?;
        Some(AuthError::from_code(code))
    }

    pub(super) fn raw_result(&self) -> Option<&Value> {
        self.raw_result.as_ref().map(RawResult::value)
    }

    pub(super) fn source_error(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| &**source as &(dyn StdError + 'static))
    }
}

/// How many bytes of a text are kept, so that an endless page is neither redacted nor logged as a whole.
const MAX_TEXT: usize = 64 << 10;

/// How many rejected fields are kept.
const MAX_FIELDS: usize = 1000;

/// How many characters of a description are shown; [`Error::description`](super::Error::description) returns all of it.
const SHOWN: usize = 300;

/// How many rejected fields are shown; [`Error::invalid_fields`](super::Error::invalid_fields) returns all of them.
const SHOWN_FIELDS: usize = 10;

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sender =
            if self.kind == ErrorKind::Authorization { "the authorization server" } else { "the portal" };
        match self.code.as_deref() {
            Some("") => write!(f, "{sender} returned an error without a code")?,
            Some(code) => write!(f, "{sender} returned {}", excerpt(code, SHOWN))?,
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
        for field in self.invalid_fields.iter().take(SHOWN_FIELDS) {
            write!(f, "; {field}")?;
        }
        if let Some(more) = self.invalid_fields.len().checked_sub(SHOWN_FIELDS + 1) {
            write!(f, "; and {} more", more + 1)?;
        }
        match self.attempts {
            0 | 1 => Ok(()),
            attempts if self.kind == ErrorKind::Connect => write!(f, " (tried {attempts} times)"),
            attempts => write!(f, " (sent {attempts} times)"),
        }
    }
}
