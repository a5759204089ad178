//! Reports of values that have another type than documented.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// The fields that were reported, by method, so that each is reported once. There are no more of them than documented fields.
#[derive(Debug, Default)]
pub(crate) struct ReportedFields(Mutex<HashSet<(Box<str>, Box<str>)>>);

impl ReportedFields {
    /// Adds a field; `false` if it was reported before.
    pub(crate) fn add(&self, method: &str, field: &str) -> bool {
        let mut reported = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        reported.insert((method.into(), field.into()))
    }
}
