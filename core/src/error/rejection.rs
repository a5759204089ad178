//! Requests that a portal rejects because of its limits.

use super::failure::Failure;
use super::kind::ErrorKind;
use crate::system::SystemError;

/// The limit because of which a portal rejected a request before it ran. The portal accepts the same request later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rejection {
    /// Too many requests came from this address: `QUERY_LIMIT_EXCEEDED`, or its equivalent in REST 3.
    RateLimited,
    /// The method has used up its operating time: `OPERATION_TIME_LIMIT`.
    OperatingTime,
}

impl Rejection {
    /// The limit that caused the failure; `None` for any other failure. A rejected request has not run and may be sent again
    /// later.
    ///
    /// `OVERLOAD_LIMIT` is not such a limit: it is a manual ban, which waiting does not lift.
    pub fn from_failure(failure: &Failure) -> Option<Self> {
        /// How the codes end with which REST 3 rejects requests that come too fast; class names precede it.
        const RATE_LIMITED_V3: &str = "RATELIMITEXCEPTION";

        // The authorization server has limits of its own, which are unrelated to the portal's.
        let code = failure.code().filter(|_| failure.kind() != ErrorKind::Authorization)?;
        match SystemError::from_code(code) {
            Some(SystemError::QueryLimitExceeded) => Some(Self::RateLimited),
            Some(SystemError::OperationTimeLimit) => Some(Self::OperatingTime),
            _ if code.to_ascii_uppercase().ends_with(RATE_LIMITED_V3) => Some(Self::RateLimited),
            _ => None,
        }
    }
}
