//! The error codes of one method.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::mem::discriminant;

/// One documented error: what it is called here, its code, the HTTP status that comes with it, and the portal's message
/// where that is what tells it from others with the same code.
pub type Documented<E> = (E, &'static str, Option<u16>, Option<&'static str>);

/// The errors that the documentation of one method lists. Generated for each method, as a table: what is looked up in it is
/// written once, here, and not in every method's error.
pub trait ErrorCode: Sized + Clone + fmt::Debug + PartialEq + Send + Sync + 'static {
    /// The documented errors.
    fn table() -> &'static [Documented<Self>];

    /// An error whose code the documentation does not list.
    fn other(code: &str) -> Self;

    /// The code of an error that the documentation does not list.
    fn as_other(&self) -> Option<&str>;

    /// The documented error with this code, in any spelling of case; `message` tells apart those that share a code. One that the
    /// message tells goes before one that the code alone tells.
    fn documented(code: &str, message: &str) -> Option<Self> {
        let rows = || Self::table().iter().filter(|(_, known, ..)| known.eq_ignore_ascii_case(code));
        let told = rows().find(|(.., known)| *known == Some(message));
        told.or_else(|| rows().find(|(.., known)| known.is_none())).map(|(error, ..)| error.clone())
    }

    /// The code as it stands on the wire; it may be a number or empty.
    fn code(&self) -> &str {
        row(self).map_or_else(|| self.as_other().unwrap_or_default(), |(_, code, ..)| code)
    }

    /// The HTTP status that the documentation gives for this error.
    fn status(&self) -> Option<u16> {
        row(self).and_then(|(_, _, status, _)| *status)
    }
}

/// The row of a documented error: each has a variant of its own.
fn row<E: ErrorCode>(error: &E) -> Option<&'static Documented<E>> {
    E::table().iter().find(|(known, ..)| discriminant(known) == discriminant(error))
}

/// The error code of a method that has no type: any text. Two codes are the same in any spelling of case, since portals and their
/// documentation do not agree in it.
///
/// ```
/// use bitrix24_core::Code;
/// assert_eq!(Code::from("expired_token"), Code::from("EXPIRED_TOKEN"));
/// ```
#[derive(Clone, Debug)]
pub struct Code(Box<str>);

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Code {}

impl Hash for Code {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_ascii_uppercase().hash(state);
    }
}

impl From<&str> for Code {
    fn from(code: &str) -> Self {
        Self(code.into())
    }
}

impl ErrorCode for Code {
    fn table() -> &'static [Documented<Self>] {
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
        fn table() -> &'static [Documented<Self>] {
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
    fn an_error_is_told_by_its_code_and_where_codes_are_shared_by_its_message() {
        let cases = [
            ("DENIED", "whatever", Some(Fault::Denied)),
            ("", "Not here", Some(Fault::NotHere)),
            ("", "Somewhere else", Some(Fault::Nameless)),
            ("denied", "", Some(Fault::Denied)),
            ("NEW", "", None),
        ];
        for (code, message, error) in cases {
            assert_eq!(Fault::documented(code, message), error, "{code:?} {message:?}");
        }
    }

    #[test]
    fn an_error_knows_its_code_and_its_status() {
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
