//! What a successful call gives.

use crate::system::Time;

/// The portal's answer to a call that succeeded.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Reply<T> {
    /// What the method gives back.
    pub result: T,
    /// How long the portal took; every field is `None` where the answer has no `time`.
    pub time: Time,
    /// How many rows the whole list has, where a list says so.
    pub total: Option<u64>,
    /// Where the next page of a list begins. Its absence alone does not prove that the list has ended.
    pub next: Option<u64>,
}

impl<T> Reply<T> {
    /// A reply from its parts.
    pub fn new(result: T, time: Time, total: Option<u64>, next: Option<u64>) -> Self {
        Self { result, time, total, next }
    }
}
