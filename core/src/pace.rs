//! How fast a portal may be called, and how long to wait where it may not yet.
//!
//! A portal keeps two accounts. It counts requests from one address in a bucket that leaks ([`Bucket`]), and the seconds that
//! each method has taken of late ([`Operating`]). Both are kept here as well, so that a program waits instead of being refused.
//! Nothing here has a clock: the time is an argument, as a [`Duration`](std::time::Duration) since any moment that stays the
//! same.

mod bucket;
mod operating;

pub use bucket::{Bucket, Place, Plan};
pub use operating::{Moment, Operating};

use crate::error::{Failure, Kind};
use crate::system::{SystemError, Time};

/// On account of what a portal refuses a request before it runs, although it would accept it later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// Too many requests came from this address: `QUERY_LIMIT_EXCEEDED`, or the like of it in REST 3.
    TooFast,
    /// The method has used up its time: `OPERATION_TIME_LIMIT`.
    OperatingTime,
}

/// What came of a call of a method, as far as pace is concerned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome<'a> {
    method: &'a str,
    time: Option<&'a Time>,
    refusal: Option<Refusal>,
}

impl<'a> Outcome<'a> {
    /// The method was carried out, and the answer told this time.
    pub fn ran(method: &'a str, time: &'a Time) -> Self {
        Self { method, time: Some(time), refusal: None }
    }

    /// The portal refused the call on account of pace.
    pub fn refused(method: &'a str, refusal: Refusal) -> Self {
        Self { method, time: None, refusal: Some(refusal) }
    }

    /// The name of the method.
    pub fn method(&self) -> &'a str {
        self.method
    }

    /// The time that the answer told, where there was one.
    pub fn time(&self) -> Option<&'a Time> {
        self.time
    }

    /// On account of what the portal refused the call, where it did.
    pub fn refusal(&self) -> Option<Refusal> {
        self.refusal
    }
}

/// Whether a portal has refused a request on account of pace alone; such a request has not run, and may be sent again later.
///
/// `OVERLOAD_LIMIT` is not of this kind: it is a ban by hand, which waiting does not lift.
pub fn refusal(failure: &Failure) -> Option<Refusal> {
    /// How the codes end with which REST 3 refuses what comes too fast; in front stand the names of classes.
    const TOO_FAST_V3: &str = "RATELIMITEXCEPTION";

    // The authorisation server has limits of its own, which are none of the portal's.
    let code = failure.code().filter(|_| failure.kind() != Kind::Authorisation)?;
    match SystemError::from_code(code) {
        Some(SystemError::QueryLimitExceeded) => Some(Refusal::TooFast),
        Some(SystemError::OperationTimeLimit) => Some(Refusal::OperatingTime),
        _ if code.to_ascii_uppercase().ends_with(TOO_FAST_V3) => Some(Refusal::TooFast),
        _ => None,
    }
}
