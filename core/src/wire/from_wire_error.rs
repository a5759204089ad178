//! The error of a value that cannot be decoded.

use std::error::Error;
use std::fmt;

use serde_json::Value;

use super::mismatch::Mismatch;

/// The error of a value that has another form than its type. It contains the unchanged value, so that nothing is lost.
#[derive(Clone, Debug, PartialEq)]
pub struct FromWireError(Box<Parts>);

#[derive(Clone, Debug, PartialEq)]
struct Parts {
    value: Value,
    mismatch: Mismatch,
}

impl FromWireError {
    /// `value` was received instead of `expected`.
    #[cold]
    pub fn new(expected: &'static str, value: Value) -> Self {
        let mismatch = Mismatch::new(expected, &value);
        Self::with_mismatch(value, mismatch)
    }

    /// `value` does not fit because of `mismatch`, whose path starts in the value.
    #[cold]
    pub fn with_mismatch(value: Value, mismatch: Mismatch) -> Self {
        Self(Box::new(Parts { value, mismatch }))
    }

    /// The value as received.
    pub fn value(&self) -> &Value {
        &self.0.value
    }

    /// Where the value does not fit, what was expected and what was found.
    pub fn mismatch(&self) -> &Mismatch {
        &self.0.mismatch
    }

    /// The value as received, and the mismatch.
    pub fn into_parts(self) -> (Value, Mismatch) {
        let Parts { value, mismatch } = *self.0;
        (value, mismatch)
    }
}

impl From<FromWireError> for Mismatch {
    fn from(error: FromWireError) -> Self {
        error.0.mismatch
    }
}

impl fmt::Display for FromWireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.mismatch.fmt(f)
    }
}

impl Error for FromWireError {}
