//! The error of a type of a program.

use std::borrow::Cow;
use std::fmt;

use serde_core::de::{Error, Expected, Unexpected};

use crate::excerpt::excerpt;
use crate::wire::mismatch::SHOWN_EXPECTED;
use crate::wire::{JsonRef, Mismatch};

/// An error that is completed, on its way out, by the value that it is about and by its path.
#[derive(Debug)]
pub(super) enum ReadError {
    /// The value is not known yet.
    Expected(Cow<'static, str>),
    /// Complete, except for the path from here.
    Mismatch(Mismatch),
}

impl ReadError {
    /// `found` was received instead of `expected`.
    #[cold]
    pub(super) fn new(expected: &'static str, found: JsonRef<'_>) -> Self {
        Self::Mismatch(Mismatch::new(expected, found))
    }

    /// The error of a key.
    #[cold]
    pub(super) fn key(expected: &'static str, key: &str) -> Self {
        Self::Mismatch(Mismatch::of_text(expected, key))
    }

    /// The error of `json`, or of a part of it.
    #[cold]
    pub(super) fn into_mismatch(self, json: JsonRef<'_>) -> Mismatch {
        match self {
            Self::Expected(expected) => Mismatch::new(expected, json),
            Self::Mismatch(mismatch) => mismatch,
        }
    }
}

impl Error for ReadError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Expected(format!("a value that its type accepts ({message})").into())
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Expected(expected.to_string().into())
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Expected(expected.to_string().into())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Mismatch(Mismatch::missing(field))
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected(expected) => write!(f, "expected {}", excerpt(expected, SHOWN_EXPECTED)),
            Self::Mismatch(mismatch) => mismatch.fmt(f),
        }
    }
}

impl std::error::Error for ReadError {}
