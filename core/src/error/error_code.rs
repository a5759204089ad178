//! The error codes of one method.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::mem::discriminant;

/// A documented error: the variant, its code, its HTTP status, and the portal's message if only the message distinguishes the
/// error from others with the same code.
pub type DocumentedError<E> = (E, &'static str, Option<u16>, Option<&'static str>);

/// The errors that the documentation of one method lists. Generated types implement it as a table; the lookup in the table is
/// written once, here.
pub trait ErrorCode: Sized + Clone + fmt::Debug + PartialEq + Send + Sync + 'static {
    /// The documented errors.
    fn table() -> &'static [DocumentedError<Self>];

    /// Creates an error whose code the documentation does not list.
    fn other(code: &str) -> Self;

    /// The code of an error that the documentation does not list.
    fn as_other(&self) -> Option<&str>;

    /// The documented error with this code, compared without regard to case; `message` selects among errors that share a code.
    /// An entry whose message matches takes precedence over an entry without a message.
    fn from_code(code: &str, message: &str) -> Option<Self> {
        let rows = || Self::table().iter().filter(|(_, known, ..)| known.eq_ignore_ascii_case(code));
        let by_message = rows().find(|(.., known)| *known == Some(message));
        by_message.or_else(|| rows().find(|(.., known)| known.is_none())).map(|(error, ..)| error.clone())
    }

    /// The code as it is on the wire; it may be a number or empty.
    fn code(&self) -> &str {
        row(self).map_or_else(|| self.as_other().unwrap_or_default(), |(_, code, ..)| code)
    }

    /// The HTTP status that the documentation gives for this error.
    fn status(&self) -> Option<u16> {
        row(self).and_then(|(_, _, status, _)| *status)
    }
}

/// The table row of a documented error. Each documented error is a variant.
fn row<E: ErrorCode>(error: &E) -> Option<&'static DocumentedError<E>> {
    E::table().iter().find(|(known, ..)| discriminant(known) == discriminant(error))
}

/// The error code of a method without a type: any text. Equality ignores case, since portals and their documentation disagree
/// about it.
///
/// ```
/// use bitrix24_core::RawErrorCode;
/// assert_eq!(RawErrorCode::from("expired_token"), RawErrorCode::from("EXPIRED_TOKEN"));
/// ```
#[derive(Clone, Debug)]
pub struct RawErrorCode(Box<str>);

impl PartialEq for RawErrorCode {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for RawErrorCode {}

impl Hash for RawErrorCode {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_ascii_uppercase().hash(state);
    }
}

impl From<&str> for RawErrorCode {
    fn from(code: &str) -> Self {
        Self(code.into())
    }
}

impl ErrorCode for RawErrorCode {
    fn table() -> &'static [DocumentedError<Self>] {
        &[]
    }

    fn other(code: &str) -> Self {
        Self(code.into())
    }

    fn as_other(&self) -> Option<&str> {
        Some(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    enum Fault {
        Denied,
        NotHere,
        Nameless,
        Other(Box<str>),
    }

    impl ErrorCode for Fault {
        fn table() -> &'static [DocumentedError<Self>] {
            &[
                (Self::Denied, "DENIED", Some(403), None),
                (Self::Nameless, "", None, None),
                (Self::NotHere, "", Some(400), Some("Not here")),
            ]
        }

        fn other(code: &str) -> Self {
            Self::Other(code.into())
        }

        fn as_other(&self) -> Option<&str> {
            if let Self::Other(code) = self { Some(code) } else { None }
        }
    }

    #[test]
    fn a_shared_code_is_resolved_by_its_message() {
        let cases = [
            ("DENIED", "whatever", Some(Fault::Denied)),
            ("", "Not here", Some(Fault::NotHere)),
            ("", "Somewhere else", Some(Fault::Nameless)),
            ("denied", "", Some(Fault::Denied)),
            ("NEW", "", None),
        ];
        for (code, message, error) in cases {
            assert_eq!(Fault::from_code(code, message), error, "{code:?} {message:?}");
        }
    }

    #[test]
    fn an_error_has_its_code_and_its_status() {
        let cases = [
            (Fault::Denied, "DENIED", Some(403)),
            (Fault::NotHere, "", Some(400)),
            (Fault::Nameless, "", None),
            (Fault::other("NEW"), "NEW", None),
        ];
        for (error, code, status) in cases {
            assert_eq!((error.code(), error.status()), (code, status), "{error:?}");
        }
    }
}
