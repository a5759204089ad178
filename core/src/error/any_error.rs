//! The error of any call.

use std::any::Any;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::auth_error::AuthError;
use super::error_code::{ErrorCode, RawErrorCode};
use super::executed::Executed;
use super::failure::Failure;
use super::invalid_field::InvalidField;
use super::kind::ErrorKind;
use super::meaning::Verdict;
use super::typed::Error;
use crate::system::SystemError;
use crate::wire::Mismatch;

/// The error of a call of any method, for functions that call several: `?` turns each [`Error<E>`](Error) into it.
///
/// It keeps everything that the typed error knows, including the documented error itself.
///
/// ```
/// use bitrix24_core::{AnyError, Error, ErrorKind, Failure, RawErrorCode};
///
/// fn call() -> Result<(), Error<RawErrorCode>> {
///     Err(Error::new("crm.deal.get", Failure::from_response(400, "NOT_FOUND", "Not found")))
/// }
///
/// fn several() -> Result<(), AnyError> {
///     call()?; // another method has another type of error
///     Ok(())
/// }
///
/// let error = several().unwrap_err();
/// assert!(error.is_not_found());
/// assert_eq!((error.method(), error.code(), error.kind()), ("crm.deal.get", Some("NOT_FOUND"), ErrorKind::Method));
/// assert!(error.is(RawErrorCode::from("NOT_FOUND")));
/// ```
#[derive(Clone)]
pub struct AnyError(Arc<Parts>);

struct Parts {
    method: Box<str>,
    failure: Box<Failure>,
    kind: ErrorKind,
    executed: Executed,
    system_error: Option<SystemError>,
    verdict: Verdict,
    /// The method's own error, of the type that its documentation gives.
    method_error: Option<Box<dyn Any + Send + Sync>>,
}

impl<E: ErrorCode> From<Error<E>> for AnyError {
    fn from(error: Error<E>) -> Self {
        let (kind, executed, system_error) = (error.kind(), error.executed(), error.system_error());
        let verdict = error.verdict();
        let method_error =
            error.method_error().cloned().map(|own| Box::new(own) as Box<dyn Any + Send + Sync>);
        let Error { method, failure, .. } = error;
        Self(Arc::new(Parts { method, failure, kind, executed, system_error, verdict, method_error }))
    }
}

/// A field of a result that the program reads itself, as with [`CustomFields`](crate::wire::CustomFields).
impl From<Mismatch> for AnyError {
    fn from(mismatch: Mismatch) -> Self {
        Self::new("", Failure::decode(mismatch))
    }
}

impl AnyError {
    /// Creates an error; `method` is the name of the method, or empty if no method was called.
    pub fn new(method: &str, failure: Failure) -> Self {
        Error::<RawErrorCode>::new(method, failure).into()
    }

    /// Whether the method returned this error; `false` for an error of another method.
    pub fn is<E: ErrorCode>(&self, error: E) -> bool {
        self.method_error::<E>().is_some_and(|own| *own == error)
    }

    /// The method's own error, if the method returned one and its type is `E`.
    pub fn method_error<E: ErrorCode>(&self) -> Option<&E> {
        self.0.method_error.as_ref()?.downcast_ref()
    }

    /// The system error, which any method may return, if the portal returned one.
    pub fn system_error(&self) -> Option<SystemError> {
        self.0.system_error
    }

    /// The kind of the error.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the portal executed the request, in the last attempt or in an earlier one.
    pub fn executed(&self) -> Executed {
        self.0.executed
    }

    /// Whether the portal refused the request because of missing rights; see [`Error::is_access_denied`].
    pub fn is_access_denied(&self) -> bool {
        self.0.verdict.access_denied
    }

    /// Whether the record that the request names does not exist; see [`Error::is_not_found`].
    pub fn is_not_found(&self) -> bool {
        self.0.verdict.not_found
    }

    /// Whether the portal refused the request because of its rate limits; see [`Error::is_limit`].
    pub fn is_limit(&self) -> bool {
        self.0.failure.is_limit()
    }

    /// The name of the method that was called; empty if none was.
    pub fn method(&self) -> &str {
        &self.0.method
    }

    /// The HTTP status of the response, if one arrived.
    pub fn status(&self) -> Option<u16> {
        self.0.failure.status()
    }

    /// The error code as received; see [`Error::code`].
    pub fn code(&self) -> Option<&str> {
        self.0.failure.code()
    }

    /// The error of the authorization server; see [`Error::auth_error`].
    pub fn auth_error(&self) -> Option<AuthError> {
        self.0.failure.auth_error()
    }

    /// The description of the error; see [`Error::description`].
    pub fn description(&self) -> &str {
        &self.0.failure.description
    }

    /// The place where the result does not match the documentation, or the type that it is read as.
    pub fn mismatch(&self) -> Option<&Mismatch> {
        self.0.failure.mismatch.as_deref()
    }

    /// The fields that a method of REST 3 rejected, each with the portal's reason; empty for any other error.
    pub fn invalid_fields(&self) -> &[InvalidField] {
        &self.0.failure.invalid_fields
    }

    /// The result, if the method returned one and the call failed nevertheless; see [`Error::raw_result`].
    pub fn raw_result(&self) -> Option<&Value> {
        self.0.failure.raw_result()
    }

    /// How many times the request was sent; 0 if it was never sent.
    pub fn attempts(&self) -> u32 {
        self.0.failure.attempts
    }
}

impl fmt::Display for AnyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0.method {
            "" => self.0.failure.fmt(f),
            method => write!(f, "{method}: {}", self.0.failure),
        }
    }
}

impl fmt::Debug for AnyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnyError")
            .field("method", &self.0.method)
            .field("kind", &self.0.kind)
            .field("failure", &self.0.failure)
            .finish_non_exhaustive()
    }
}

impl StdError for AnyError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.failure.source_error()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Json;

    /// The facts of an error that both types have.
    macro_rules! facts {
        ($error:expr) => {{
            let error = $error;
            format!(
                "{error} {:?} {:?} {:?} {:?} {:?} {} {} {} {} {:?}",
                error.kind(),
                error.executed(),
                error.code(),
                error.status(),
                error.system_error(),
                error.is_access_denied(),
                error.is_not_found(),
                error.is_limit(),
                error.attempts(),
                error.source().map(ToString::to_string),
            )
        }};
    }

    #[test]
    fn everything_is_kept() {
        let failures = || {
            [
                Failure::from_response(400, "NOT_FOUND", "Not found").with_attempts(2),
                Failure::from_response(403, "ACCESS_DENIED", "").with_lost_attempt(),
                Failure::from_response(503, "QUERY_LIMIT_EXCEEDED", ""),
                Failure::new(ErrorKind::Timeout, "no response in time").with_source("the socket is closed"),
                Failure::decode(Mismatch::missing("ID")).with_raw_result(Json::parse("7").unwrap()),
                Failure::auth(401, "invalid_grant", "The token was used"),
            ]
        };
        for (typed, erased) in failures().into_iter().zip(failures()) {
            let typed: Error<RawErrorCode> = Error::new("crm.deal.get", typed);
            let erased = AnyError::from(Error::<RawErrorCode>::new("crm.deal.get", erased));
            assert_eq!(facts!(&erased), facts!(&typed));
            assert_eq!((facts!(erased.clone()), facts!(typed.clone())), (facts!(&typed), facts!(&typed)));
            assert_eq!(erased.method_error::<RawErrorCode>(), typed.method_error());
            assert_eq!((erased.raw_result(), erased.mismatch()), (typed.raw_result(), typed.mismatch()));
            assert_eq!(erased.auth_error(), typed.auth_error());
        }
    }
}
