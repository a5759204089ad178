//! What the authorisation server answers.

use serde_json::{Map, Value};

use super::fields::text;
use super::tokens::Tokens;
use crate::error::{Failure, Kind};

/// Why the authorisation server gives no tokens. The documented codes, and any other.
///
/// ```
/// use bitrix24_core::oauth::AuthError;
/// assert_eq!(AuthError::from_code("INVALID_GRANT"), AuthError::InvalidGrant);
/// assert_eq!(AuthError::from_code("something_new").code(), "something_new");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuthError {
    /// `invalid_request`: the request is malformed.
    InvalidRequest,
    /// `invalid_client`: the application is not known by this id and secret, or is not installed on the portal.
    InvalidClient,
    /// `invalid_grant`: the code or the refresh token is not valid, has been used or is over. Someone must authorise the
    /// application anew.
    InvalidGrant,
    /// `invalid_scope`, also said as `insufficient_scope`: more was asked for than the application is registered with.
    InvalidScope,
    /// `PAYMENT_REQUIRED`: the trial or the paid time of the application, or of the portal, is over.
    PaymentRequired,
    /// `WRONG_CLIENT`: the tokens are those of another application.
    WrongClient,
    /// A code that the documentation does not list, as it stands on the wire.
    Other(Box<str>),
}

impl AuthError {
    /// The error with this code, in any spelling of case.
    pub fn from_code(code: &str) -> Self {
        match code.to_ascii_uppercase().as_str() {
            "INVALID_REQUEST" => Self::InvalidRequest,
            "INVALID_CLIENT" => Self::InvalidClient,
            "INVALID_GRANT" => Self::InvalidGrant,
            "INVALID_SCOPE" | "INSUFFICIENT_SCOPE" => Self::InvalidScope,
            "PAYMENT_REQUIRED" => Self::PaymentRequired,
            "WRONG_CLIENT" => Self::WrongClient,
            _ => Self::Other(code.into()),
        }
    }

    /// The code as it is documented.
    pub fn code(&self) -> &str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidScope => "invalid_scope",
            Self::PaymentRequired => "PAYMENT_REQUIRED",
            Self::WrongClient => "WRONG_CLIENT",
            Self::Other(code) => code,
        }
    }
}

/// Reads an answer of the authorisation server that came at `now`; `previous` is the pair that was to be renewed.
///
/// An error is told by its code, whatever the status: `WRONG_CLIENT` comes under the status of success. What cannot be read
/// is not shown either, since there may be tokens in it that nobody can recognise yet.
///
/// # Errors
/// A [`Failure`] of [`Kind::Authorisation`], with the server's code where it gave one.
pub fn read_answer(status: u16, body: &[u8], now: u64, previous: Option<&Tokens>) -> Result<Tokens, Failure> {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    if let Some(failure) = answer.as_object().and_then(|answer| error(status, answer)) {
        return Err(failure);
    }
    let read = match previous {
        _ if !(200..300).contains(&status) => Err("it has neither tokens nor an error code".to_owned()),
        _ if answer.is_null() => Err("it is no JSON".to_owned()),
        Some(previous) => previous.renewed(&answer, now).map_err(|problem| problem.to_string()),
        None => Tokens::received(&answer, now).map_err(|problem| problem.to_string()),
    };
    read.map_err(|problem| {
        let text = format!("the answer of the authorisation server cannot be read: {problem}");
        Failure::new(Kind::Authorisation, text).with_status(status)
    })
}

fn error(status: u16, answer: &Map<String, Value>) -> Option<Failure> {
    let code = text(answer, "error")?;
    let description = text(answer, "error_description").unwrap_or_default();
    Some(Failure::unauthorised(status, code, description))
}
