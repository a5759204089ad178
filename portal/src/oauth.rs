//! The tokens of an application, and the authorization server that renews them.

mod pair;
mod sent;

use std::collections::{HashMap, VecDeque};
use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use pair::{TokenPair, TokenRequests};
pub(crate) use sent::Issued;

use crate::answer::Seed;
use crate::check::Refusal;
use crate::data::{Change, Data, Section};
use crate::exchange::Params;
use crate::families::find;
use crate::php;
use crate::spec::System;

/// How many tokens and codes are kept. Beyond it, the oldest are no longer valid.
const MAX_TOKENS: usize = 10_000;

/// How long an authorization code is valid.
const CODE_LIFETIME: Duration = Duration::from_secs(30);

/// The tokens of the portal's application.
#[derive(Debug)]
pub(crate) struct Tokens {
    seed: Seed,
    issued: u64,
    /// What each token is for, and until when.
    known: HashMap<String, Grant>,
    /// The tokens in the order in which they were issued.
    order: VecDeque<String>,
    /// What changed since it was saved.
    pub(crate) changes: Vec<Change>,
    pub(crate) lifetime: Duration,
    pub(crate) requests: TokenRequests,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    /// The pair that events have now, as long as both of its tokens are valid.
    sent: Option<TokenPair>,
}

/// A token or a code.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Grant {
    /// The position among all.
    number: u64,
    what: Use,
    until: SystemTime,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Use {
    Access,
    Refresh,
    Code,
}

impl Tokens {
    pub(crate) fn new(seed: Seed) -> Self {
        let secret = |name: &str| format!("{:016x}", seed.part(name).below(u64::MAX));
        Self {
            client_id: format!("local.{}", secret("client")),
            client_secret: secret("client secret"),
            seed,
            issued: 0,
            known: HashMap::new(),
            order: VecDeque::new(),
            changes: Vec::new(),
            lifetime: Duration::from_secs(3600),
            requests: TokenRequests::default(),
            sent: None,
        }
    }

    /// The tokens that were issued before the start.
    ///
    /// # Errors
    /// The file with them cannot be read.
    pub(crate) fn load(seed: Seed, data: &Data) -> io::Result<Self> {
        let mut tokens = Self::new(seed);
        let mut order = Vec::new();
        for (key, value) in data.scan(Section::Tokens, b"")? {
            let (Ok(token), Ok(grant)) = (String::from_utf8(key), serde_json::from_slice::<Grant>(&value))
            else {
                continue;
            };
            order.push((grant.number, token.clone()));
            tokens.known.insert(token, grant);
        }
        order.sort();
        tokens.order = order.into_iter().map(|(_, token)| token).collect();
        // Numbers of tokens that were used up are not used again.
        let issued =
            data.get(Section::Portal, b"issued")?.and_then(|kept| serde_json::from_slice(&kept).ok());
        tokens.issued = issued.unwrap_or_default();
        Ok(tokens)
    }

    /// Issues a pair.
    pub(crate) fn issue(&mut self) -> TokenPair {
        const REFRESH_LIFETIME: Duration = Duration::from_secs(180 * 24 * 3600);
        let lifetime = self.lifetime;
        TokenPair {
            access_token: self.create(Use::Access, lifetime),
            refresh_token: self.create(Use::Refresh, REFRESH_LIFETIME),
        }
    }

    /// Issues an authorization code.
    pub(crate) fn code(&mut self) -> String {
        self.create(Use::Code, CODE_LIFETIME)
    }

    fn create(&mut self, what: Use, lifetime: Duration) -> String {
        self.issued += 1;
        let part = |name: &str| self.seed.part(name).part(self.issued).below(u64::MAX);
        let token = format!("{:016x}{:016x}", part("token"), part("rest"));
        self.set(&token, Grant { number: self.issued, what, until: SystemTime::now() + lifetime });
        self.changes.push(Change::set(Section::Portal, *b"issued", self.issued.to_string()));
        self.order.push_back(token.clone());
        if self.order.len() > MAX_TOKENS
            && let Some(oldest) = self.order.pop_front()
        {
            self.take(&oldest);
        }
        token
    }

    fn set(&mut self, token: &str, grant: Grant) {
        let value = serde_json::to_vec(&grant).unwrap_or_default();
        self.changes.push(Change::set(Section::Tokens, token, value));
        self.known.insert(token.to_owned(), grant);
    }

    fn take(&mut self, token: &str) -> Option<Grant> {
        let grant = self.known.remove(token)?;
        self.changes.push(Change::removed(Section::Tokens, token));
        Some(grant)
    }

    /// Expires all access tokens.
    pub(crate) fn expire(&mut self) {
        let until = SystemTime::now();
        let access = self.known.iter().filter(|(_, grant)| grant.what == Use::Access);
        let expired: Vec<(String, Grant)> =
            access.map(|(token, grant)| (token.clone(), Grant { until, ..*grant })).collect();
        expired.iter().for_each(|(token, grant)| self.set(token, *grant));
    }

    /// Revokes all refresh tokens and codes.
    pub(crate) fn revoke_grants(&mut self) {
        let grants = self.known.iter().filter(|(_, grant)| grant.what != Use::Access);
        let revoked: Vec<String> = grants.map(|(token, _)| token.clone()).collect();
        for token in &revoked {
            self.take(token);
        }
    }

    /// Checks an access token.
    pub(crate) fn check(&self, system: &System, token: &str) -> Result<(), Refusal> {
        match self.known.get(token) {
            Some(grant) if grant.what == Use::Access && SystemTime::now() < grant.until => Ok(()),
            Some(grant) if grant.what == Use::Access => {
                Err(Refusal::system(system, "expired_token", "The access token provided has expired."))
            }
            _ => Err(Refusal::system(system, "INVALID_TOKEN", "Unable to get application by token")),
        }
    }

    /// What the authorization server says about the application's installation on the portal with this origin.
    pub(crate) fn installation(&self, token: &str, origin: &str, scope: &str) -> Value {
        let until = self.known.get(token).map_or_else(SystemTime::now, |grant| grant.until);
        json!({
            "client_id": self.client_id,
            "scope": scope,
            "expires": crate::moment::moment(until),
            "install": {
                "installed": true,
                "version": 1,
                "status": "L",
                "scope": scope,
                "domain": host(origin),
                "uri": format!("{origin}/"),
                "client_endpoint": format!("{origin}/rest/"),
                "member_id": self.member_id(),
                "member_type": "portal",
            },
            "user_id": 1,
        })
    }

    /// The response to a request for tokens: status and body.
    pub(crate) fn respond(&mut self, params: &Params, endpoint: &str) -> (u16, Value) {
        let field = |name: &str| find(params, name).map(php::text).unwrap_or_default();
        let error = |code: &str, text: &str| (400, json!({"error": code, "error_description": text}));
        if field("client_id") != self.client_id || field("client_secret") != self.client_secret {
            return error("invalid_client", "The client credentials are wrong");
        }
        let (name, wanted) = match field("grant_type").as_str() {
            "authorization_code" => ("code", Use::Code),
            "refresh_token" => ("refresh_token", Use::Refresh),
            _ => return error("invalid_request", "The grant type is unknown"),
        };
        match self.take(&field(name)) {
            Some(grant) if grant.what == wanted && SystemTime::now() < grant.until => {}
            _ => {
                self.requests.refused += 1;
                return error("invalid_grant", "The grant is unknown or was used");
            }
        }
        self.requests.granted += 1;
        let pair = self.issue();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let lifetime = self.lifetime.as_secs();
        let body = json!({
            "access_token": pair.access_token,
            "refresh_token": pair.refresh_token,
            "expires": now + lifetime,
            "expires_in": lifetime,
            "client_endpoint": format!("{endpoint}/rest/"),
            "server_endpoint": format!("{endpoint}/rest/"),
            "domain": host(endpoint),
            "member_id": self.member_id(),
            "scope": "app",
            "status": "L",
            "user_id": 1,
        });
        (200, body)
    }
}

/// The host of an origin, with its port.
pub(crate) fn host(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, host)| host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(tokens: &Tokens, grant: &str, name: &str, value: &str) -> Params {
        let body = json!({
            "grant_type": grant, "client_id": tokens.client_id, "client_secret": tokens.client_secret, name: value,
        });
        body.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn a_refresh_token_is_exchanged_once() {
        let system = System::default();
        let mut tokens = Tokens::new(Seed::new(1));
        let pair = tokens.issue();
        assert!(tokens.check(&system, &pair.access_token).is_ok());
        tokens.expire();
        assert_eq!(tokens.check(&system, &pair.access_token).expect_err("expired").code, "expired_token");
        let request = params(&tokens, "refresh_token", "refresh_token", &pair.refresh_token);
        let (status, body) = tokens.respond(&request, "http://portal.example");
        assert_eq!(status, 200);
        assert!(tokens.check(&system, body["access_token"].as_str().unwrap_or_default()).is_ok());
        assert_eq!(tokens.respond(&request, "").1["error"], "invalid_grant");
        // An access token is no refresh token.
        let access = tokens.issue().access_token;
        let wrong = params(&tokens, "refresh_token", "refresh_token", &access);
        assert_eq!(tokens.respond(&wrong, "").1["error"], "invalid_grant");
        assert_eq!(tokens.respond(&Params::new(), "").1["error"], "invalid_client");
        let code = tokens.code();
        let request = params(&tokens, "authorization_code", "code", &code);
        assert_eq!(tokens.respond(&request, "").0, 200);
    }

    #[test]
    fn no_secret_is_printed() {
        let pair = Tokens::new(Seed::new(1)).issue();
        assert!(!format!("{pair:?}").contains(&pair.access_token));
    }
}
