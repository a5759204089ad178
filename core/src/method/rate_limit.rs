//! The rate limit of one method.

use std::time::Duration;

use crate::named::named;

/// The documented rate limit of one method, in addition to that of its portal.
///
/// ```
/// use std::time::Duration;
/// use bitrix24_core::rate_limit::{CountedBy, RateLimit};
/// let limit = RateLimit::new(3, 60).counted_by(CountedBy::Application);
/// assert_eq!((limit.requests, limit.period), (3, Duration::from_secs(60)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct RateLimit {
    /// The number of calls that are accepted within the period.
    pub requests: u32,
    /// The period.
    pub period: Duration,
    /// What the portal has a count of its own for.
    pub counted_by: CountedBy,
}

impl RateLimit {
    /// A limit of `requests` in `seconds`, counted for the whole portal.
    pub const fn new(requests: u32, seconds: u64) -> Self {
        Self { requests, period: Duration::from_secs(seconds), counted_by: CountedBy::Portal }
    }

    /// Sets what the portal has a count of its own for.
    pub const fn counted_by(mut self, counted_by: CountedBy) -> Self {
        self.counted_by = counted_by;
        self
    }
}

/// What the rate limit of a method is counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CountedBy {
    /// The portal: one count for all callers.
    Portal,
    /// The IP address that a call comes from.
    Address,
    /// The application or webhook that calls.
    Application,
    /// The user whom a call concerns. Only the portal knows who that is, so a limiter does not count it.
    User,
}

named! {
    CountedBy, "portal, address, application or user" {
        Portal "portal"
        Address "address"
        Application "application"
        User "user"
    }
}
