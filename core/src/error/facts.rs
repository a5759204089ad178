//! What an error says, without its type.

use super::error_code::ErrorCode;
use super::executed::Executed;
use super::kind::ErrorKind;
use super::typed::Error;
use crate::named::named;

/// The facts of an [`Error`] as plain values, which can be stored, sent and logged, and read again:
///
/// ```
/// use bitrix24_core::{Error, ErrorFacts, Failure, RawErrorCode, json};
///
/// let failure = Failure::from_response(400, "NOT_FOUND", "There is no such deal");
/// let facts = Error::<RawErrorCode>::new("crm.deal.get", failure).facts();
/// let expected = json!({
///     "method": "crm.deal.get", "kind": "method", "code": "NOT_FOUND", "message": "There is no such deal",
///     "status": 400, "executed": "unknown",
/// });
/// # #[cfg(feature = "serde")]
/// assert_eq!(json!(facts), expected);
/// ```
///
/// With the feature `serde` it implements `Serialize` and `Deserialize`. Secrets are redacted as in the error.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorFacts {
    /// The name of the method that was called.
    pub method: String,
    /// The kind of the error.
    pub kind: ErrorKind,
    /// The error code as received. `None`: no error with a code was received.
    pub code: Option<String>,
    /// The description of the error. It may be empty.
    pub message: String,
    /// The HTTP status of the response, if one arrived.
    pub status: Option<u16>,
    /// Whether the portal executed the request.
    pub executed: Executed,
}

impl<E: ErrorCode> Error<E> {
    /// What the error says, without its type.
    pub fn facts(&self) -> ErrorFacts {
        ErrorFacts {
            method: self.method().to_owned(),
            kind: self.kind(),
            code: self.code().map(str::to_owned),
            message: self.description().to_owned(),
            status: self.status(),
            executed: self.executed(),
        }
    }
}

named! {
    ErrorKind, "a kind of errors" {
        Method "method"
        System "system"
        Authorization "authorization"
        Request "request"
        Connect "connect"
        Limiter "limiter"
        Deadline "deadline"
        Timeout "timeout"
        Transport "transport"
        Truncated "truncated"
        TooLarge "too_large"
        NotJson "not_json"
        UnexpectedResponse "unexpected_response"
        Redirect "redirect"
        Decode "decode"
        NotExecuted "not_executed"
        UnresolvedReference "unresolved_reference"
        IncompleteList "incomplete_list"
    }
}

named! {
    Executed, "yes, no or unknown" {
        No "no"
        Unknown "unknown"
        Yes "yes"
    }
}

#[cfg(feature = "serde")]
mod serialized {
    use serde_core::{Deserialize, Deserializer, Serialize, Serializer};
    use serde_json::{Value, json};

    use super::{Error, ErrorCode, ErrorFacts};
    use crate::wire::{
        Fields, FromWire, FromWireError, JsonRef, Mismatches, ToWire, deserialize, read_written,
    };

    impl ToWire for ErrorFacts {
        fn to_wire(&self) -> Value {
            let Self { method, kind, code, message, status, executed } = self;
            json!({
                "method": method, "kind": kind, "code": code, "message": message, "status": status,
                "executed": executed,
            })
        }
    }

    impl FromWire for ErrorFacts {
        fn from_wire(json: JsonRef<'_>, mismatches: &mut Mismatches) -> Result<Self, FromWireError> {
            read_written(json, mismatches, |fields: &mut Fields<'_>| {
                Ok(Self {
                    method: fields.required("method")?,
                    kind: fields.required("kind")?,
                    code: fields.optional("code"),
                    message: fields.required("message")?,
                    status: fields.required::<Option<Status>>("status")?.map(|status| status.0),
                    executed: fields.required("executed")?,
                })
            })
        }
    }

    /// An HTTP status.
    struct Status(u16);

    impl FromWire for Status {
        fn from_wire(json: JsonRef<'_>, mismatches: &mut Mismatches) -> Result<Self, FromWireError> {
            let status = i64::from_wire(json, mismatches).ok().and_then(|status| u16::try_from(status).ok());
            status.map(Self).ok_or_else(|| FromWireError::new("an HTTP status", json))
        }
    }

    impl Serialize for ErrorFacts {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.to_wire().serialize(serializer)
        }
    }

    impl<'de> Deserialize<'de> for ErrorFacts {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserialize(deserializer)
        }
    }

    /// Writes the [facts](Error::facts).
    impl<E: ErrorCode> Serialize for Error<E> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.facts().serialize(serializer)
        }
    }
}
