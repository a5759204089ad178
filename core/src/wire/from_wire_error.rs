//! The error of a value that cannot be decoded.

use std::error::Error;
use std::fmt;

use super::JsonRef;
use super::mismatch::Mismatch;

/// The error of a value that has another form than its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FromWireError(Box<Mismatch>);

impl FromWireError {
    /// `found` was received instead of `expected`.
    #[cold]
    pub fn new(expected: &'static str, found: JsonRef<'_>) -> Self {
        Mismatch::new(expected, found).into()
    }

    /// Where the value does not fit, what was expected and what was found. The path starts in the value.
    pub fn mismatch(&self) -> &Mismatch {
        &self.0
    }
}

impl From<Mismatch> for FromWireError {
    fn from(mismatch: Mismatch) -> Self {
        Self(Box::new(mismatch))
    }
}

impl From<FromWireError> for Mismatch {
    fn from(error: FromWireError) -> Self {
        *error.0
    }
}

impl fmt::Display for FromWireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for FromWireError {}
