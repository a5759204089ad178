//! Errors of the authorization server.

use std::fmt;

/// An error of the authorization server: the documented codes, and any other.
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
    /// `invalid_client`: no application has this id and secret, or the application is not installed on the portal.
    InvalidClient,
    /// `invalid_grant`: the code or the refresh token is invalid, used or expired. A user must authorize the application
    /// again.
    InvalidGrant,
    /// `invalid_scope`, also sent as `insufficient_scope`: the request exceeds the scopes of the application.
    InvalidScope,
    /// `PAYMENT_REQUIRED`: the trial or the paid period of the application, or of the portal, has ended.
    PaymentRequired,
    /// `WRONG_CLIENT`: the tokens belong to another application.
    WrongClient,
    /// A code that the documentation does not list, as received.
    Other(Box<str>),
}

impl AuthError {
    /// The error with this code, compared without regard to case.
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

    /// The code as documented.
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

/// The code as documented.
impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl std::error::Error for AuthError {}
