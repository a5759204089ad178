//! What the authorization server hands out, and how often.

use std::fmt::{self, Debug, Formatter};

/// An access token and its refresh token, as an installation hands them out.
#[derive(Clone)]
#[non_exhaustive]
pub struct TokenPair {
    /// Authorizes calls.
    pub access_token: String,
    /// Is exchanged for the next pair, once.
    pub refresh_token: String,
}

/// Shows no token.
impl Debug for TokenPair {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenPair").finish_non_exhaustive()
    }
}

/// How often the authorization server was asked for tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenRequests {
    /// All requests, also those with a fault.
    pub received: usize,
    /// Those for which a pair was issued.
    pub granted: usize,
    /// Those with a token or a code that is unknown, expired or used.
    pub refused: usize,
}
