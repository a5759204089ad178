//! Errors of methods that need an application.

use bitrix24_core::{AnyError, Error, Failure, RawErrorCode};

/// What to do about a call by a webhook.
const HINT: &str = "events and placements belong to an application: a webhook can bind and read none; \
     create the client with `Client::application`";

/// The error of a call. That of a webhook says what to do.
pub(super) fn explain(error: Error<RawErrorCode>) -> AnyError {
    let codes = ["WRONG_AUTH_TYPE", "ERROR_WRONG_CONTEXT", "APPLICATION_CONTEXT_REQUIRED"];
    let code = error.code().unwrap_or_default().to_owned();
    if !codes.iter().any(|known| code.eq_ignore_ascii_case(known)) {
        return error.into();
    }
    let description = format!("{} ({HINT})", error.description());
    let failure = Failure::from_response(error.status().unwrap_or_default(), code, description);
    AnyError::new(error.method(), failure)
}
