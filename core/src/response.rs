//! The response to a successful call.

use crate::system::Time;

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
}

impl<T> Response<T> {
    /// Creates a response.
    pub fn new(result: T, time: Time, total: Option<u64>, next: Option<u64>) -> Self {
        Self { result, time, total, next }
    }
}
