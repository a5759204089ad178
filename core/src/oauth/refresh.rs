//! When to refresh tokens, and when to retry a failed refresh.

use std::time::Duration;

use crate::error::{AuthError, ErrorKind, Failure};

/// Whether the response of a portal is a reason to refresh the token of the call.
///
/// Only the code `expired_token` is, in any case. `NO_AUTH_FOUND`, `INVALID_CREDENTIALS` and similar codes mean that the token
/// is foreign, revoked or insufficient: a new token of the same application and user would be no better, the refresh token
/// would be used up, and the caller would receive the wrong error.
///
/// ```
/// use bitrix24_core::{Failure, oauth};
/// assert!(oauth::needs_refresh(&Failure::from_response(401, "EXPIRED_TOKEN", "The access token provided has expired")));
/// assert!(!oauth::needs_refresh(&Failure::from_response(401, "NO_AUTH_FOUND", "Wrong authorization data")));
/// ```
pub fn needs_refresh(failure: &Failure) -> bool {
    // The same code of the authorization server would concern another token.
    failure.kind() == ErrorKind::Method
        && failure.code().is_some_and(|code| code.eq_ignore_ascii_case("expired_token"))
}

/// Whether a failed refresh may be retried with the same refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefreshRetry {
    /// By the next call that needs it: nothing reached the authorization server.
    Immediately,
    /// By the next call that needs it after this time.
    After(Duration),
    /// Never: the same request would get the same response, and an application that repeats it risks being blocked.
    Never,
}

/// The pause before a refresh that may succeed later.
const PAUSE: Duration = Duration::from_secs(60);

/// Whether a refresh may be retried after this failure.
///
/// If the response is lost, the refresh token may or may not be used up. A retry is harmless: if the token is used up, the
/// server reports it and nothing more is lost; if it is not, the application stays authorized. So the refresh is retried, but
/// after a pause, and by a later call.
pub fn refresh_retry(failure: &Failure) -> RefreshRetry {
    if matches!(failure.kind(), ErrorKind::Connect | ErrorKind::Request) {
        return RefreshRetry::Immediately;
    }
    let server_unavailable = failure.status().is_some_and(|status| status == 429 || status >= 500);
    match failure.code().map(AuthError::from_code) {
        Some(AuthError::PaymentRequired) | None => RefreshRetry::After(PAUSE),
        Some(AuthError::Other(_)) if server_unavailable => RefreshRetry::After(PAUSE),
        Some(_) => RefreshRetry::Never,
    }
}
