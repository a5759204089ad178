//! Keys: the secret of a webhook, and the tokens of an application.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use tokio::time::Instant;

use crate::mock_server::{Call, SECRET};

/// What an application calls itself.
pub const CLIENT_ID: &str = "local.6a1f3c0d9b7e42";
/// The secret of the application. It occurs in nothing else, so a test can look for it.
pub const CLIENT_SECRET: &str = "zN4t8KfWq0cYxH2mRb6u";

/// Why a call is not carried out, or what the method says against it.
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

/// The keys of one application on this portal.
pub struct Tokens {
    /// Access tokens, and until when each is good.
    access: HashMap<String, Instant>,
    /// Refresh tokens that are not used up.
    refresh: HashSet<String>,
    /// Codes of authorisation that are not used up.
    codes: HashMap<String, Instant>,
    issued: usize,
    /// How long an access token is good: an hour unless set.
    pub lifetime: Duration,
    /// How often a refresh token was exchanged for a new pair.
    pub renewals: usize,
    /// How often a code was.
    pub exchanges: usize,
    /// Where a new pair sends its holder; this portal unless set.
    pub moved_to: Option<String>,
    /// How an expired token is called: `expired_token` unless set.
    pub expired_code: &'static str,
}

impl Default for Tokens {
    fn default() -> Self {
        Self {
            access: HashMap::new(),
            refresh: HashSet::new(),
            codes: HashMap::new(),
            issued: 0,
            lifetime: Duration::from_secs(3600),
            renewals: 0,
            exchanges: 0,
            moved_to: None,
            expired_code: "expired_token",
        }
    }
}

/// A pair of tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct Issued {
    /// Opens the portal.
    pub access_token: String,
    /// Is exchanged for the next pair, once.
    pub refresh_token: String,
}

impl Tokens {
    /// A new pair, as an installation gives it.
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

    /// A code of authorisation, good for thirty seconds and once.
    pub fn code(&mut self) -> String {
        self.issued += 1;
        let code = format!("code{:02}Gh9rBm3", self.issued);
        self.codes.insert(code.clone(), Instant::now() + Duration::from_secs(30));
        code
    }

    /// Lets every access token expire that was issued so far.
    pub fn expire(&mut self) {
        let now = Instant::now();
        self.access.values_mut().for_each(|until| *until = now);
    }

    /// Takes every refresh token back that was issued so far.
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
                Err(MethodError::new(401, self.expired_code, "The access token provided has expired"))
            }
            Some(_) => Ok(()),
        }
    }
}

/// Whether a call may be carried out: by the secret in its path, or by the token that it brings.
pub fn check(tokens: &Tokens, call: &Call, token: Option<&str>) -> Result<(), MethodError> {
    let mut parts: Vec<&str> = call.route().split('/').filter(|part| !part.is_empty()).collect();
    if call.v3 {
        parts.remove(1);
    }
    match parts[..] {
        ["rest", "1", SECRET, _] => Ok(()),
        ["rest", _, _, _] => Err(MethodError::new(401, "INVALID_CREDENTIALS", "Invalid request credentials")),
        ["rest", _] => tokens.check(call.bearer().or(token).or(call.field("auth").as_deref())),
        _ => Err(MethodError::new(404, "ERROR_METHOD_NOT_FOUND", "Method not found!")),
    }
}
