//! Authorization: the secret of a webhook, and the tokens of an application.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::time::Duration;

use tokio::time::Instant;

use crate::server::{Call, SECRET};

/// The id of the application.
pub const CLIENT_ID: &str = "local.6a1f3c0d9b7e42";
/// The secret of the application. It occurs nowhere else, so tests can search for it.
pub const CLIENT_SECRET: &str = "zN4t8KfWq0cYxH2mRb6u";

/// The identifier of the portal.
pub const MEMBER_ID: &str = "7c0e5d2ab91f4e638d07";
/// The token that proves the requests of the portal to the application.
pub const APPLICATION_TOKEN: &str = "uB5nYw8qZr1kGx3s";

/// The error of a method or of the portal.
#[derive(Clone, Debug)]
pub struct MethodError {
    pub status: u16,
    pub code: String,
    pub description: String,
}

impl MethodError {
    pub fn new(status: u16, code: &str, description: &str) -> Self {
        Self { status, code: code.to_owned(), description: description.to_owned() }
    }
}

/// The tokens of one application on this portal.
pub struct Tokens {
    /// Access tokens and their expiry.
    access: HashMap<String, Instant>,
    /// Unused refresh tokens.
    refresh: HashSet<String>,
    /// Unused authorization codes.
    codes: HashMap<String, Instant>,
    issued: usize,
    /// The lifetime of an access token. Default: an hour.
    pub lifetime: Duration,
    /// How many times a refresh token was exchanged for a new pair.
    pub refreshes: usize,
    /// Whether the user of the tokens is an administrator, as `user.admin` says. Default: `true`.
    pub is_admin: bool,
}

impl Default for Tokens {
    fn default() -> Self {
        Self {
            access: HashMap::new(),
            refresh: HashSet::new(),
            codes: HashMap::new(),
            issued: 0,
            lifetime: Duration::from_secs(3600),
            refreshes: 0,
            is_admin: true,
        }
    }
}

/// A pair of tokens.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Issued {
    /// Authorizes calls.
    pub access_token: String,
    /// Is exchanged for the next pair, once.
    pub refresh_token: String,
}

/// Shows the counters, and no token.
impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").field("refreshes", &self.refreshes).finish_non_exhaustive()
    }
}

impl Tokens {
    /// Issues a new pair, as an installation does.
    pub fn issue(&mut self) -> Issued {
        self.issued += 1;
        let pair = Issued {
            access_token: format!("access{:02}Jt5vQx8", self.issued),
            refresh_token: format!("refresh{:02}Lp2wSd7", self.issued),
        };
        self.access.insert(pair.access_token.clone(), Instant::now() + self.lifetime);
        self.refresh.insert(pair.refresh_token.clone());
        pair
    }

    /// Issues an authorization code, valid for thirty seconds and once.
    pub fn code(&mut self) -> String {
        self.issued += 1;
        let code = format!("code{:02}Gh9rBm3", self.issued);
        self.codes.insert(code.clone(), Instant::now() + Duration::from_secs(30));
        code
    }

    /// Expires every access token issued so far.
    pub fn expire(&mut self) {
        let now = Instant::now();
        self.access.values_mut().for_each(|until| *until = now);
    }

    /// Revokes every refresh token issued so far.
    pub fn revoke(&mut self) {
        self.refresh.clear();
    }

    /// Uses up a refresh token.
    pub fn take_refresh(&mut self, token: &str) -> bool {
        self.refresh.remove(token)
    }

    /// Uses up a code.
    pub fn take_code(&mut self, code: &str) -> bool {
        self.codes.remove(code).is_some_and(|until| Instant::now() < until)
    }

    fn check(&self, token: Option<&str>) -> Result<(), MethodError> {
        let Some(token) = token else {
            return Err(MethodError::new(401, "NO_AUTH_FOUND", "Wrong authorization data"));
        };
        match self.access.get(token) {
            None => Err(MethodError::new(401, "invalid_token", "Unable to get application by token")),
            Some(until) if Instant::now() >= *until => {
                Err(MethodError::new(401, "expired_token", "The access token provided has expired"))
            }
            Some(_) => Ok(()),
        }
    }
}

/// Checks the authorization of a call: the secret in its path, or its token. Returns whether it is that of an application.
pub(super) fn check(tokens: &Tokens, call: &Call, token: Option<&str>) -> Result<bool, MethodError> {
    let mut parts: Vec<&str> = call.route().split('/').filter(|part| !part.is_empty()).collect();
    if call.v3 {
        parts.remove(1);
    }
    match parts[..] {
        ["rest", "1", SECRET, _] => Ok(false),
        ["rest", _, _, _] => Err(MethodError::new(401, "INVALID_CREDENTIALS", "Invalid request credentials")),
        ["rest", _] => {
            tokens.check(call.bearer().or(token).or(call.field("auth").as_deref()))?;
            Ok(true)
        }
        _ => Err(MethodError::new(404, "ERROR_METHOD_NOT_FOUND", "Method not found!")),
    }
}
