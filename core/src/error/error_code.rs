//! The error codes of one method.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::mem::discriminant;

use crate::system::SystemError;

/// A row of the table of a method's errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(
    clippy::exhaustive_structs,
    reason = "tables are literals, which compile faster than calls of a constructor"
)]
pub struct DocumentedError<E> {
    /// The variant.
    pub error: E,
    /// The code as it is on the wire; it may be a number or empty.
    pub code: &'static str,
    /// The HTTP status, if it is documented.
    pub status: Option<u16>,
    /// The portal's message, if only the message distinguishes the error from others with the same code.
    pub message: Option<&'static str>,
}

/// The errors that the documentation of one method lists. Generated types implement it as a table; the lookup in the table is
/// written once, here.
///
/// `Display` shows [`text`](Self::text).
pub trait ErrorCode: Sized + Clone + fmt::Debug + fmt::Display + PartialEq + Send + Sync + 'static {
    /// The documented errors.
    fn table() -> &'static [DocumentedError<Self>];

    /// Creates an error whose code the documentation does not list.
    fn other(code: &str) -> Self;

    /// The code of an error that the documentation does not list.
    fn as_other(&self) -> Option<&str>;

    /// The documented error with this code, compared without regard to case; `message` selects among errors that share a code.
    /// An entry whose message matches takes precedence over an entry without a message. Messages are compared by their letters
    /// and digits, without regard to case.
    ///
    /// Portals write messages in their own language. A message that is not documented never changes what a code means: without a
    /// matching entry, the entry without a message is the error. `0` and an empty code both mean that there is no code.
    fn from_code(code: &str, message: &str) -> Option<Self> {
        let with_code = |known: &str| known.eq_ignore_ascii_case(code);
        let without_code = |known: &str| is_no_code(known) && is_no_code(code);
        let key = Self::table().iter().any(|known| known.message.is_some()).then(|| message_key(message));
        find(with_code, key.as_deref()).or_else(|| find(without_code, key.as_deref()))
    }

    /// The code as it is on the wire; it may be a number or empty.
    fn code(&self) -> &str {
        row(self).map_or_else(|| self.as_other().unwrap_or_default(), |known| known.code)
    }

    /// The HTTP status that the documentation gives for this error.
    fn status(&self) -> Option<u16> {
        row(self).and_then(|known| known.status)
    }

    /// The message that the documentation gives for this error, if only the message distinguishes it from others with the same
    /// code.
    fn message(&self) -> Option<&'static str> {
        row(self).and_then(|known| known.message)
    }

    /// The code, or the documented message of an error without a code, or `no code`.
    fn text(&self) -> &str {
        match self.code() {
            code if !is_no_code(code) => code,
            _ => self.message().unwrap_or("no code"),
        }
    }
}

/// The documented error with a code that fits, and with the message of this key or else without a message.
fn find<E: ErrorCode>(fits: impl Fn(&str) -> bool, key: Option<&str>) -> Option<E> {
    let rows = || E::table().iter().filter(|known| fits(known.code));
    let is_same = |message: &str| key.is_some_and(|key| message_key(message) == key);
    let by_message = rows().find(|known| known.message.is_some_and(is_same));
    by_message.or_else(|| rows().find(|known| known.message.is_none())).map(|known| known.error.clone())
}

/// Whether a code means that the portal has none for the error.
fn is_no_code(code: &str) -> bool {
    matches!(code, "" | "0")
}

/// A message as it is compared: its letters and digits without case, and without line breaks in HTML.
pub(super) fn message_key(message: &str) -> String {
    let message = message.to_lowercase();
    message.split("<br").flat_map(str::chars).filter(|c| c.is_alphanumeric()).collect()
}

/// The table row of a documented error. Each documented error is a variant.
fn row<E: ErrorCode>(error: &E) -> Option<&'static DocumentedError<E>> {
    E::table().iter().find(|known| discriminant(&known.error) == discriminant(error))
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

/// The code as received.
impl fmt::Display for RawErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.text())
    }
}

/// The documented code.
impl fmt::Display for SystemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
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

    impl fmt::Display for Fault {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.pad(self.text())
        }
    }

    impl ErrorCode for Fault {
        fn table() -> &'static [DocumentedError<Self>] {
            &[
                DocumentedError { error: Self::Denied, code: "DENIED", status: Some(403), message: None },
                DocumentedError { error: Self::Nameless, code: "", status: None, message: None },
                DocumentedError {
                    error: Self::NotHere,
                    code: "",
                    status: Some(400),
                    message: Some("Not here"),
                },
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
            ("", "NOT HERE.", Some(Fault::NotHere)),
            ("", "not  here<br>", Some(Fault::NotHere)),
            ("", "Not here<br />", Some(Fault::NotHere)),
            ("0", "Not here", Some(Fault::NotHere)),
            ("0", "", Some(Fault::Nameless)),
            ("", "Somewhere else", Some(Fault::Nameless)),
            ("", "Здесь нет", Some(Fault::Nameless)),
            ("", "", Some(Fault::Nameless)),
            ("denied", "", Some(Fault::Denied)),
            ("NEW", "Not here", None),
        ];
        for (code, message, error) in cases {
            assert_eq!(Fault::from_code(code, message), error, "{code:?} {message:?}");
        }
    }

    #[test]
    fn an_error_has_its_code_and_its_status() {
        let cases = [
            (Fault::Denied, "DENIED", Some(403), "DENIED"),
            (Fault::NotHere, "", Some(400), "Not here"),
            (Fault::Nameless, "", None, "no code"),
            (Fault::other("NEW"), "NEW", None, "NEW"),
            (Fault::other("0"), "0", None, "no code"),
        ];
        for (error, code, status, shown) in cases {
            assert_eq!((error.code(), error.status()), (code, status), "{error:?}");
            assert_eq!(error.to_string(), shown, "{error:?}");
        }
        assert_eq!(format!("{:>4}", RawErrorCode::from("A1")), "  A1");
        assert_eq!(SystemError::QueryLimitExceeded.to_string(), "QUERY_LIMIT_EXCEEDED");
    }
}
