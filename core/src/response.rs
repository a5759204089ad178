//! The response to a successful call.

use crate::system::Time;
use crate::wire::{Mismatch, Mismatches};

/// The portal's response to a successful call.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Response<T> {
    /// The result of the method.
    pub result: T,
    /// How long the portal took; every field is `None` if the response has no `time`.
    pub time: Time,
    /// How many rows the whole list has, if the response contains it.
    pub total: Option<u64>,
    /// The offset of the next page of a list. Its absence alone does not prove that the list has ended.
    pub next: Option<u64>,
    mismatches: Mismatches,
}

impl<T> Response<T> {
    /// Creates a response.
    pub fn new(result: T, time: Time, total: Option<u64>, next: Option<u64>) -> Self {
        Self { result, time, total, next, mismatches: Mismatches::new() }
    }

    /// Sets the mismatches that were found while the result was decoded.
    pub(crate) fn with_mismatches(mut self, mismatches: Mismatches) -> Self {
        self.mismatches = mismatches;
        self
    }

    /// The values in the result that have another type than documented. Each costs one field: the field is `None`, and the
    /// value is in the `extra` of its struct, under its name on the wire.
    ///
    /// ```
    /// use bitrix24_core::parse_response;
    /// let response = parse_response(200, br#"{"result": []}"#).unwrap().decode::<bool>().unwrap();
    /// assert!(!response.result);
    /// let mismatch = &response.mismatches()[0];
    /// assert_eq!(mismatch.to_string(), "`result`: expected true or false, found a list of 0");
    /// ```
    pub fn mismatches(&self) -> &[Mismatch] {
        self.mismatches.as_slice()
    }

    /// Passes every text of the portal in the [mismatches](Self::mismatches) through `redact_text`, which removes secrets. The
    /// result itself stays as it is.
    pub fn redact_mismatches(&mut self, redact_text: &dyn Fn(&str) -> String) {
        self.mismatches.redact(redact_text);
    }
}
