//! Whether tokens are to be renewed, and what a renewal that failed means for the next one.

use std::time::Duration;

use crate::error::{AuthError, ErrorKind, Failure};

/// Whether a portal's answer is a reason to renew the token that the call was made with.
///
/// It is with the code `expired_token` alone, in any case. `NO_AUTH_FOUND`, `INVALID_CREDENTIALS` and their like say that
/// the token is foreign, withdrawn or not enough: a new one of the same application and user would be no better, the refresh
/// token would be spent for nothing, and the caller would be told of the wrong thing.
///
/// ```
/// use bitrix24_core::{Failure, oauth};
/// assert!(oauth::needs_refresh(&Failure::from_response(401, "EXPIRED_TOKEN", "The access token provided has expired")));
/// assert!(!oauth::needs_refresh(&Failure::from_response(401, "NO_AUTH_FOUND", "Wrong authorization data")));
/// ```
pub fn needs_refresh(failure: &Failure) -> bool {
    // The same word of the authorization server would be about another token.
    failure.kind() == ErrorKind::Method
        && failure.code().is_some_and(|code| code.eq_ignore_ascii_case("expired_token"))
}

/// Whether a renewal that failed may be tried again with the same refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefreshRetry {
    /// By the next call that needs it: nothing has reached the authorization server.
    Immediately,
    /// By the next call that needs it once this time has passed.
    After(Duration),
    /// Never: the same request would get the same answer, and an application that keeps asking risks being locked out.
    Never,
}

/// How long a renewal waits that may succeed later by itself.
const PAUSE: Duration = Duration::from_secs(60);

/// Whether a renewal may be tried again after this failure.
///
/// An answer that got lost leaves open whether the refresh token is spent. To ask once more does no harm: if it is spent, the
/// server says so and nothing is lost that was not lost already; if it is not, the application lives on. So it is asked again,
/// but after a pause, and by a later call.
pub fn refresh_retry(failure: &Failure) -> RefreshRetry {
    if matches!(failure.kind(), ErrorKind::Connect | ErrorKind::Request) {
        return RefreshRetry::Immediately;
    }
    let server_in_trouble = failure.status().is_some_and(|status| status == 429 || status >= 500);
    match failure.code().map(AuthError::from_code) {
        Some(AuthError::PaymentRequired) | None => RefreshRetry::After(PAUSE),
        Some(AuthError::Other(_)) if server_in_trouble => RefreshRetry::After(PAUSE),
        Some(_) => RefreshRetry::Never,
    }
}
