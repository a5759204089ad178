//! The request with which a portal redirects a user back after authorization.

use std::fmt;

use super::event_request::verify_application_token;
use super::fields::owned;
use super::incoming_request::{IncomingRequest, ParseError};

/// The callback of the authorization page: the code for a first pair of tokens, to be exchanged within 30 seconds.
///
/// ```
/// use bitrix24_core::oauth::{AuthorizationCallback, IncomingRequest};
/// let query = "code=c0de&state=s7&domain=shop.example&member_id=m1&scope=crm%2Ctask";
/// let request = AuthorizationCallback::parse(&IncomingRequest::default().with_query(query))?;
/// assert!(request.verify_state("s7"));
/// assert_eq!((request.code(), request.domain()), ("c0de", Some("shop.example")));
/// # Ok::<(), bitrix24_core::oauth::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct AuthorizationCallback {
    code: Box<str>,
    state: Option<Box<str>>,
    domain: Option<Box<str>>,
    member_id: Option<Box<str>>,
    scope: Option<Box<str>>,
}

impl AuthorizationCallback {
    /// Parses the request.
    ///
    /// # Errors
    /// A [`ParseError`] if it contains no code.
    pub fn parse(request: &IncomingRequest<'_>) -> Result<Self, ParseError> {
        let document = request.fields()?;
        let fields = document.get();
        let code = owned(fields, "code").ok_or(ParseError::new("`code` is missing"))?;
        Ok(Self {
            code,
            state: owned(fields, "state"),
            domain: owned(fields, "domain"),
            member_id: owned(fields, "member_id"),
            scope: owned(fields, "scope"),
        })
    }

    /// The code to exchange. It is secret until it expires.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Whether the request belongs to the authorization that was started with this `state`. If not, an attacker may have passed
    /// their own code to the user, and it must not be exchanged.
    pub fn verify_state(&self, sent: &str) -> bool {
        self.state.as_deref().is_some_and(|state| verify_application_token(sent, state))
    }

    /// The user's portal, according to the request.
    pub fn domain(&self) -> Option<&str> {
        self.domain.as_deref()
    }

    /// The portal's identifier, according to the request.
    pub fn member_id(&self) -> Option<&str> {
        self.member_id.as_deref()
    }

    /// The scopes that the portal grants, separated by commas.
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }
}

/// Shows neither code nor state.
impl fmt::Debug for AuthorizationCallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationCallback")
            .field("domain", &self.domain)
            .field("member_id", &self.member_id)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}
