//! What can go wrong with a call.

mod code;
mod failure;
mod invalid;

use std::error::Error as StdError;
use std::fmt;

use serde_json::Value;

use crate::kept::Kept;
use crate::oauth::AuthError;
use crate::pace::refusal;
use crate::system::SystemError;
use crate::wire::Mismatch;

pub use code::{Code, Documented, ErrorCode};
pub use failure::Failure;
pub use invalid::Invalid;

/// What kind of thing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The method refused: [`Error::own`] says why.
    Method,
    /// The portal refused before or around the method, as it may with any: [`Error::system`] says why, where the code is a
    /// documented one.
    System,
    /// The client has no token to call with, or may not use the one it has: [`Error::authorisation`] has what the
    /// authorisation server answered, where it did. The request was not sent.
    Authorisation,
    /// The request could not be made into HTTP, and was not sent.
    Request,
    /// There was no connection, and nothing was sent.
    Connect,
    /// The time for the call as a whole was over before the request could be sent.
    Deadline,
    /// No answer came in time.
    Timeout,
    /// The connection broke while the request was sent or the answer awaited.
    Transport,
    /// The answer broke off in the middle.
    Truncated,
    /// The answer is larger than the client takes.
    TooLarge,
    /// The answer is no JSON: an HTML page, most often.
    NotJson,
    /// The answer is JSON, but not one that a portal gives.
    NotAnAnswer,
    /// The portal sends the caller to another address.
    Redirect,
    /// The result is not what the documentation says; [`Error::mismatch`] says where.
    Decode,
    /// A command of a batch was not carried out, because something else in the batch went wrong before it.
    NotExecuted,
    /// A command of a batch was carried out with the text of a reference in place of a value, because what it refers to is not
    /// in the earlier result.
    Reference,
    /// A list has not ended, and there is no way to read on: pages repeat themselves, say, or do not keep to the order that was
    /// asked for.
    Incomplete,
}

/// Whether the portal has carried out the request that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ran {
    /// It has not: sending the request again cannot do a thing twice.
    No,
    /// It may have.
    Maybe,
    /// The method has run, whatever came of it.
    Yes,
}

/// Why a call failed. `E` is the error enumeration of the method.
///
/// ```
/// # use bitrix24_core::{Code, Error, Kind, SystemError};
/// fn explain(error: &Error<Code>) -> &'static str {
///     if error.is(Code::from("NOT_FOUND")) {
///         return "there is no such record";
///     }
///     match error.system() {
///         Some(SystemError::QueryLimitExceeded) => "too many requests; wait a second",
///         Some(_) => "the portal refuses",
///         None => "something else",
///     }
/// }
/// ```
pub struct Error<E = Code> {
    method: Box<str>,
    failure: Box<Failure>,
    answer: Option<Answer<E>>,
}

/// Whose error the portal's code is.
#[derive(Clone, Debug)]
enum Answer<E> {
    Method(E),
    System(SystemError),
}

impl<E: ErrorCode> Error<E> {
    /// A failure of the named method, with its code understood.
    pub fn new(method: &str, failure: Failure) -> Self {
        let answer = match failure.code.as_deref() {
            // The authorisation server has codes of its own, of which a portal may use the same word for something else.
            Some(_) if failure.kind == Kind::Authorisation => None,
            // A refusal of the whole batch is nothing that one of its methods documents.
            Some(code) if failure.of_batch => SystemError::from_code(code).map(Answer::System),
            code => code.map(|code| classify(code, failure.status, &failure.description)),
        };
        Self { method: method.into(), failure: Box::new(failure), answer }
    }

    /// Whether the method answered with this error of its own.
    pub fn is(&self, error: E) -> bool {
        self.own().is_some_and(|own| *own == error)
    }

    /// The method's own error, where it answered with one.
    pub fn own(&self) -> Option<&E> {
        match &self.answer {
            Some(Answer::Method(own)) => Some(own),
            _ => None,
        }
    }

    /// The error that any method may answer, where it is one of those.
    pub fn system(&self) -> Option<SystemError> {
        match self.answer {
            Some(Answer::System(system)) => Some(system),
            _ => None,
        }
    }

    /// What kind of thing went wrong.
    pub fn kind(&self) -> Kind {
        match self.answer {
            Some(Answer::System(_)) => Kind::System,
            _ => self.failure.kind,
        }
    }

    /// Whether the portal has carried out the request, in the last attempt or in any before it.
    pub fn ran(&self) -> Ran {
        match self.last_ran() {
            Ran::No if self.failure.lost_before => Ran::Maybe,
            ran => ran,
        }
    }

    /// The same of the last attempt alone.
    fn last_ran(&self) -> Ran {
        if refusal(&self.failure).is_some() {
            return Ran::No;
        }
        match self.kind() {
            Kind::Authorisation | Kind::Request | Kind::Connect | Kind::Deadline => Ran::No,
            Kind::Redirect | Kind::NotExecuted => Ran::No,
            Kind::Method | Kind::Decode | Kind::Reference | Kind::Incomplete => Ran::Yes,
            Kind::System => self.system().map_or(Ran::Maybe, SystemError::ran),
            Kind::Timeout | Kind::Transport | Kind::Truncated | Kind::TooLarge => Ran::Maybe,
            Kind::NotJson | Kind::NotAnAnswer => Ran::Maybe,
        }
    }
}

impl<E> Error<E> {
    /// The name of the method that was called.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The HTTP status of the answer, where one came.
    pub fn status(&self) -> Option<u16> {
        self.failure.status
    }

    /// The error code as it stands on the wire, a number as its digits; it may be empty. It is the portal's, or the
    /// authorisation server's where the [`kind`](Self::kind) is [`Kind::Authorisation`].
    pub fn code(&self) -> Option<&str> {
        self.failure.code()
    }

    /// What the authorisation server answered instead of giving tokens, where that is why the call failed.
    pub fn authorisation(&self) -> Option<AuthError> {
        let code = self.failure.code.as_deref().filter(|_| self.failure.kind == Kind::Authorisation);
        code.map(AuthError::from_code)
    }

    /// The portal's description of its error, or this crate's of any other.
    pub fn description(&self) -> &str {
        &self.failure.description
    }

    /// Where the result is not what the documentation says.
    pub fn mismatch(&self) -> Option<&Mismatch> {
        self.failure.mismatch.as_deref()
    }

    /// The fields that a method of REST 3 refused, each with the portal's reason; empty for any other failure.
    pub fn validation(&self) -> &[Invalid] {
        &self.failure.validation
    }

    /// What the method gave back, where it gave something back and the call failed all the same: with a result that is not what
    /// its documentation says ([`Kind::Decode`]), beside an error, or under the status of one. It may tell of something that was
    /// just made.
    ///
    /// It is the portal's own text with nothing masked, as a result is, and `Debug` does not show it.
    pub fn result(&self) -> Option<&Value> {
        self.failure.result.as_ref().map(Kept::value)
    }

    /// How often the request was sent before the client gave up; 0 where it never was.
    pub fn attempts(&self) -> u32 {
        self.failure.attempts
    }
}

/// Whose error a code is. Some codes are both a method's and the system's (`ACCESS_DENIED`): then the status decides, and
/// without a status that speaks for the system it is the method's.
fn classify<E: ErrorCode>(code: &str, status: Option<u16>, message: &str) -> Answer<E> {
    match (E::documented(code, message), SystemError::from_code(code)) {
        (Some(own), Some(system)) if own.status() != status && system.status() == status => {
            Answer::System(system)
        }
        (Some(own), _) => Answer::Method(own),
        (None, Some(system)) => Answer::System(system),
        (None, None) => Answer::Method(E::other(code)),
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
            .field("answer", &self.answer)
            .field("failure", &self.failure)
            .finish()
    }
}

impl<E: fmt::Debug> StdError for Error<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.failure.source.as_ref().map(|source| &**source as &(dyn StdError + 'static))
    }
}
