//! Tokens that the portal sends to handlers.

use std::time::SystemTime;

use super::Tokens;
use super::pair::TokenPair;
use crate::data::{Change, Section};

/// An access token with its refresh token, for a user.
#[derive(Clone)]
pub(crate) struct Issued {
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
    /// How long the access token is valid, in seconds.
    pub(crate) expires_in: u64,
    /// The user.
    pub(crate) user: i64,
}

/// Shows no token.
impl std::fmt::Debug for Issued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issued").field("user", &self.user).finish_non_exhaustive()
    }
}

impl Tokens {
    /// The identifier of the portal, which stays when the portal is renamed.
    pub(crate) fn member_id(&self) -> String {
        format!("{:016x}{:016x}", self.seed.part("member").below(u64::MAX), 1)
    }

    /// The token by which the application knows requests of the portal.
    pub(crate) fn application_token(&self) -> String {
        let part = |name: &str| self.seed.part(name).below(u64::MAX);
        format!("{:016x}{:016x}", part("application"), part("application token"))
    }

    /// The tokens for a request to a handler, on behalf of a user. Several requests have the same ones, until they expire or are
    /// renewed.
    pub(crate) fn for_handler(&mut self, user: i64) -> Issued {
        let now = SystemTime::now();
        let left = |tokens: &Self, token: &str| {
            let until = tokens.known.get(token).map(|grant| grant.until);
            until.and_then(|until| until.duration_since(now).ok()).unwrap_or_default()
        };
        let sent = self.sent.take().filter(|sent| {
            let half = self.lifetime / 2;
            !half.is_zero()
                && left(self, &sent.access_token) > half
                && self.known.contains_key(&sent.refresh_token)
        });
        let pair = sent.unwrap_or_else(|| self.issue());
        let expires_in = left(self, &pair.access_token).as_secs_f64().round() as u64;
        self.sent = Some(pair.clone());
        let TokenPair { access_token, refresh_token } = pair;
        Issued { access_token, refresh_token, expires_in, user }
    }

    /// The names of a workflow and of one run of an activity in it.
    pub(crate) fn for_robot(&mut self) -> (String, String) {
        self.issued += 1;
        self.changes.push(Change::set(Section::Portal, *b"issued", self.issued.to_string()));
        let part = |name: &str| self.seed.part(name).part(self.issued).below(u64::MAX);
        (format!("{:016x}", part("workflow")), format!("A{:08x}", part("activity") >> 32))
    }

    /// Makes all tokens and codes invalid: the application was removed.
    pub(crate) fn revoke(&mut self) {
        let tokens: Vec<String> = self.known.keys().cloned().collect();
        for token in tokens {
            self.take(&token);
        }
        self.order.clear();
        self.sent = None;
    }
}
