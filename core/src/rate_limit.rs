//! The request limits of a portal, and how long to wait for them.
//!
//! A portal keeps two counts. It counts requests from one address in a [leaky bucket](LeakyBucket), and the seconds that each
//! method has taken recently ([`OperatingTimeBudget`]). Both are tracked here as well, so that a program waits instead of being
//! rejected. A few methods have a rate limit of their own ([`RateLimit`], [`CountKey`]). Nothing here reads a clock: the time is an argument, a [`Duration`](std::time::Duration) since a fixed instant.

mod bucket;
mod count_key;
mod operating_time;

pub use crate::error::Rejection;
pub use crate::method::{CountedBy, RateLimit};
pub use crate::system::{OPERATING_TIME_LIMIT, OPERATING_TIME_WINDOW, Plan, REQUEST_TIME_LIMIT};
pub use bucket::{LeakyBucket, Quota, Reservation};
pub use count_key::CountKey;
pub use operating_time::{OperatingTimeBudget, Timestamps};

use crate::system::Time;

/// The outcome of a call of a method, as far as limits are concerned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CallOutcome<'a> {
    method: &'a str,
    time: Option<&'a Time>,
    rejection: Option<Rejection>,
}

impl<'a> CallOutcome<'a> {
    /// The method ran, and the response contained this time.
    pub fn executed(method: &'a str, time: &'a Time) -> Self {
        Self { method, time: Some(time), rejection: None }
    }

    /// The portal rejected the call because of a limit.
    pub fn rejected(method: &'a str, rejection: Rejection) -> Self {
        Self { method, time: None, rejection: Some(rejection) }
    }

    /// The name of the method.
    pub fn method(&self) -> &'a str {
        self.method
    }

    /// The time in the response, if the method ran.
    pub fn time(&self) -> Option<&'a Time> {
        self.time
    }

    /// The limit because of which the portal rejected the call, if it did.
    pub fn rejection(&self) -> Option<Rejection> {
        self.rejection
    }
}
