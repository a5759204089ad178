//! The error of a call, typed by the errors of its method.

use std::error::Error as StdError;
use std::fmt;

use serde_json::Value;

use super::auth_error::AuthError;
use super::error_code::{ErrorCode, RawErrorCode};
use super::executed::Executed;
use super::failure::Failure;
use super::invalid_field::InvalidField;
use super::kind::ErrorKind;
use super::meaning::Verdict;
use super::rejection::Rejection;
use crate::system::SystemError;
use crate::wire::Mismatch;

/// The error of a call. `E` is the error enumeration of the method.
///
/// ```
/// # use bitrix24_core::{Error, RawErrorCode, SystemError};
/// fn explain(error: &Error<RawErrorCode>) -> &'static str {
///     if error.is(RawErrorCode::from("NOT_FOUND")) {
///         return "there is no such record";
///     }
///     match error.system_error() {
///         Some(SystemError::QueryLimitExceeded) => "too many requests; wait a second",
///         Some(_) => "the portal rejected the call",
///         None => "something else",
///     }
/// }
/// ```
#[derive(Clone)]
pub struct Error<E = RawErrorCode> {
    pub(super) method: Box<str>,
    pub(super) failure: Box<Failure>,
    origin: Option<CodeOrigin<E>>,
}

/// The set of errors that a code belongs to.
#[derive(Clone, Debug)]
enum CodeOrigin<E> {
    Method(E),
    System(SystemError),
}

impl<E: ErrorCode> Error<E> {
    /// Creates the error of the named method and classifies the code of `failure`.
    pub fn new(method: &str, failure: Failure) -> Self {
        let origin = match failure.code.as_deref() {
            // The authorization server has its own codes; a portal may use the same word for something else.
            Some(_) if failure.kind == ErrorKind::Authorization => None,
            // No method documents the failure of a whole batch.
            Some(code) if failure.whole_batch => SystemError::from_code(code).map(CodeOrigin::System),
            code => code.map(|code| classify(code, failure.status, &failure.description)),
        };
        Self { method: method.into(), failure: Box::new(failure), origin }
    }

    /// Whether the method returned this error.
    pub fn is(&self, error: E) -> bool {
        self.method_error().is_some_and(|own| *own == error)
    }

    /// The method's own error, if it returned one.
    pub fn method_error(&self) -> Option<&E> {
        match &self.origin {
            Some(CodeOrigin::Method(own)) => Some(own),
            _ => None,
        }
    }

    /// The system error, which any method may return, if the portal returned one.
    pub fn system_error(&self) -> Option<SystemError> {
        match self.origin {
            Some(CodeOrigin::System(system)) => Some(system),
            _ => None,
        }
    }

    /// The kind of the error.
    pub fn kind(&self) -> ErrorKind {
        match self.origin {
            Some(CodeOrigin::System(_)) => ErrorKind::System,
            _ => self.failure.kind,
        }
    }

    /// Whether the portal executed the request, in the last attempt or in an earlier one.
    pub fn executed(&self) -> Executed {
        match self.last_attempt_executed() {
            Executed::No if self.failure.earlier_attempt_lost => Executed::Unknown,
            executed => executed,
        }
    }

    fn last_attempt_executed(&self) -> Executed {
        if Rejection::from_failure(&self.failure).is_some() {
            return Executed::No;
        }
        match self.kind() {
            ErrorKind::Authorization
            | ErrorKind::Request
            | ErrorKind::Connect
            | ErrorKind::Limiter
            | ErrorKind::Deadline
            | ErrorKind::Redirect
            | ErrorKind::NotExecuted => Executed::No,
            ErrorKind::Method => self.method_executed(),
            ErrorKind::Decode | ErrorKind::UnresolvedReference | ErrorKind::IncompleteList => Executed::Yes,
            ErrorKind::System => self.system_error().map_or(Executed::Unknown, SystemError::executed),
            ErrorKind::Timeout
            | ErrorKind::Transport
            | ErrorKind::Truncated
            | ErrorKind::TooLarge
            | ErrorKind::NotJson
            | ErrorKind::UnexpectedResponse => Executed::Unknown,
        }
    }
}

impl<E: ErrorCode> Error<E> {
    /// Whether the portal refused the request because of missing rights: of the user, of the key or of its scopes. A portal says so
    /// by a code (`ACCESS_DENIED`, `ACCESS_ERROR`, a number), by its message beside an empty or another code (`Access denied`), or
    /// by the HTTP status 403 alone; the documented error of the method counts too.
    ///
    /// Messages are understood in English and Russian, in which the documentation lists them.
    ///
    /// ```
    /// use bitrix24_core::{Error, Failure, RawErrorCode};
    /// let failures = [(400, "ACCESS_DENIED", ""), (400, "", "Access denied."), (403, "WRONG_DAY", "")];
    /// for (status, code, message) in failures {
    ///     let error: Error<RawErrorCode> = Error::new("crm.deal.get", Failure::from_response(status, code, message));
    ///     assert!(error.is_access_denied() && !error.is_not_found());
    /// }
    /// ```
    pub fn is_access_denied(&self) -> bool {
        self.verdict().access_denied
    }

    /// Whether the record that the request names does not exist, in any of the shapes of
    /// [`is_access_denied`](Self::is_access_denied): a code (`NOT_FOUND`, `ERROR_ENTITY_NOT_FOUND`), a message (`Not found`), or
    /// the portal's own 404. Where a portal does not distinguish a missing record from a hidden one, both are true.
    ///
    /// A missing method or application is none, and neither is the 404 of another server.
    pub fn is_not_found(&self) -> bool {
        self.verdict().not_found
    }

    /// Whether the portal refused the request because of its rate limits: `QUERY_LIMIT_EXCEEDED`, `OPERATION_TIME_LIMIT`,
    /// `OVERLOAD_LIMIT`, their equivalents in REST 3, or the HTTP status 429. The client has waited and retried before it returns
    /// such an error. Quotas of a plan, such as the number of sites, are no rate limits.
    pub fn is_limit(&self) -> bool {
        self.failure.is_limit()
    }

    pub(super) fn verdict(&self) -> Verdict {
        // Variants are named after the documented description of the error.
        let name = self.method_error().filter(|own| own.as_other().is_none()).map(|own| format!("{own:?}"));
        self.failure.verdict(name.as_deref())
    }

    /// Whether the method ran that returned this code. Any part of a portal may have sent a code that is not documented.
    fn method_executed(&self) -> Executed {
        let system = self.failure.code().and_then(SystemError::from_code);
        match (self.method_error(), system) {
            // Methods check rights and parameters too, and document the same codes for it.
            (Some(_), Some(SystemError::AccessDenied | SystemError::InvalidRequest)) => Executed::Yes,
            (Some(_), Some(system)) => system.executed(),
            (Some(own), None) if own.as_other().is_none() => Executed::Yes,
            _ => Executed::Unknown,
        }
    }
}

impl<E> Error<E> {
    /// The name of the method that was called.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The HTTP status of the response, if one arrived.
    pub fn status(&self) -> Option<u16> {
        self.failure.status
    }

    /// The error code as received, a number as its digits; it may be empty. It is the authorization server's if the
    /// [`kind`](Self::kind) is [`ErrorKind::Authorization`], and the portal's otherwise.
    pub fn code(&self) -> Option<&str> {
        self.failure.code()
    }

    /// The error of the authorization server, if it returned one instead of tokens and the call failed because of it.
    pub fn auth_error(&self) -> Option<AuthError> {
        self.failure.auth_error()
    }

    /// The portal's description of its error, in the language of the portal and up to 64 KiB, or this crate's description of any
    /// other error. It may be empty, and may contain HTML.
    pub fn description(&self) -> &str {
        &self.failure.description
    }

    /// The place where the result does not match the documentation.
    pub fn mismatch(&self) -> Option<&Mismatch> {
        self.failure.mismatch.as_deref()
    }

    /// The fields that a method of REST 3 rejected, each with the portal's reason, a thousand at most; empty for any other error.
    pub fn invalid_fields(&self) -> &[InvalidField] {
        &self.failure.invalid_fields
    }

    /// The result, if the method returned one and the call failed nevertheless: because it does not match the documentation
    /// ([`ErrorKind::Decode`]), because an error came with it, or because of the HTTP status. It may identify a record that was
    /// created.
    ///
    /// Secrets in it are not redacted, and `Debug` does not show it.
    pub fn raw_result(&self) -> Option<&Value> {
        self.failure.raw_result()
    }

    /// How many times the request was sent; 0 if it was never sent.
    pub fn attempts(&self) -> u32 {
        self.failure.attempts
    }
}

/// Assigns a code to the method or to the system. A few codes belong to both (`ACCESS_DENIED`): the HTTP status decides, and
/// without a status that indicates the system the code is the method's.
fn classify<E: ErrorCode>(code: &str, status: Option<u16>, message: &str) -> CodeOrigin<E> {
    match (E::from_code(code, message), SystemError::from_code(code)) {
        (Some(own), Some(system))
            if own.status() != status && status.is_some_and(|status| system.statuses().contains(&status)) =>
        {
            CodeOrigin::System(system)
        }
        (Some(own), _) => CodeOrigin::Method(own),
        (None, Some(system)) => CodeOrigin::System(system),
        (None, None) => CodeOrigin::Method(E::other(code)),
    }
}

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.method, self.failure)
    }
}

impl<E: fmt::Debug> fmt::Debug for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("method", &self.method)
            .field("origin", &self.origin)
            .field("failure", &self.failure)
            .finish()
    }
}

impl<E: fmt::Debug> StdError for Error<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.failure.source_error()
    }
}
