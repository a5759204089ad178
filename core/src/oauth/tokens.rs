//! A pair of tokens, and what is known beside it.

use std::fmt;

use serde_json::{Map, Value};

use super::fields::{number, owned, text};
use super::incoming_request::ParseError;

/// A pair of tokens of one user of one portal, with the address that they are for.
///
/// It is as secret as a password: keep it where a password would be kept. `Debug` shows neither token.
///
/// ```
/// use bitrix24_core::oauth::Tokens;
/// let tokens = Tokens::new("a-token", "https://shop.example/rest/").with_refresh_token("another").with_expires_at(1_800_000_000);
/// assert_eq!(tokens.domain(), "shop.example");
/// assert!(tokens.is_fresh(1_799_999_000, 30));
/// assert_eq!(Tokens::from_json(&tokens.to_json())?, tokens);
/// assert!(!format!("{tokens:?}").contains("a-token"));
/// # Ok::<(), bitrix24_core::oauth::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Tokens {
    access_token: Box<str>,
    refresh_token: Option<Box<str>>,
    expires: Option<u64>,
    client_endpoint: Box<str>,
    server_endpoint: Option<Box<str>>,
    member_id: Option<Box<str>>,
    user_id: Option<u64>,
    scope: Option<Box<str>>,
    status: Option<Box<str>>,
}

impl Tokens {
    /// An access token for the REST interface at `client_endpoint`, which is `https://PORTAL/rest/`.
    pub fn new(access_token: impl Into<Box<str>>, client_endpoint: impl Into<Box<str>>) -> Self {
        Self {
            access_token: access_token.into(),
            refresh_token: None,
            expires: None,
            client_endpoint: client_endpoint.into(),
            server_endpoint: None,
            member_id: None,
            user_id: None,
            scope: None,
            status: None,
        }
    }

    /// With the token that renews the pair.
    pub fn with_refresh_token(mut self, token: impl Into<Box<str>>) -> Self {
        self.refresh_token = Some(token.into());
        self
    }

    /// With the moment at which the access token ends, in seconds since 1970-01-01 UTC.
    pub fn with_expires_at(mut self, moment: u64) -> Self {
        self.expires = Some(moment);
        self
    }

    /// The tokens that have come just now, `now` being the time in seconds since 1970-01-01 UTC: in an answer of the
    /// authorization server, or in the part `auth` of a request to an application.
    ///
    /// The end is reckoned from `expires_in` by the caller's clock; the moment `expires`, which is one of another clock, is
    /// taken where there is nothing else. Were the caller's clock an hour ahead, every new pair would seem to be over.
    ///
    /// # Errors
    /// [`ParseError`] where there is no access token in it, or no address that it is for.
    pub fn from_response(value: &Value, now: u64) -> Result<Self, ParseError> {
        let fields = value.as_object().ok_or(ParseError::new("the tokens are no object"))?;
        let mut tokens = Self::from_fields(fields)?;
        if let Some(seconds) = number(fields, "expires_in") {
            tokens.expires = Some(now.saturating_add(seconds));
        }
        Ok(tokens)
    }

    /// The pair that has come just now in place of this one. What the answer does not say stays as it was.
    ///
    /// # Errors
    /// [`ParseError`] where there is no access token in it.
    pub fn merge_response(&self, value: &Value, now: u64) -> Result<Self, ParseError> {
        let new = value.as_object().ok_or(ParseError::new("the tokens are no object"))?;
        let mut fields = self.to_fields();
        for gone in ["access_token", "expires"] {
            fields.shift_remove(gone);
        }
        for (name, value) in new {
            if text(new, name).is_some() {
                fields.insert(name.clone(), value.clone());
            }
        }
        Self::from_response(&Value::Object(fields), now)
    }

    /// The tokens as [`to_json`](Self::to_json) has written them, or as the authorization server did. A span of time in it
    /// says nothing any more, so only a moment does.
    ///
    /// # Errors
    /// [`ParseError`] where there is no access token in it, or no address that it is for.
    pub fn from_json(value: &Value) -> Result<Self, ParseError> {
        value.as_object().ok_or(ParseError::new("the tokens are no object")).and_then(Self::from_fields)
    }

    /// The tokens as a JSON object under the names that the authorization server gives them. For stores: it has both tokens.
    pub fn to_json(&self) -> Value {
        Value::Object(self.to_fields())
    }

    fn from_fields(fields: &Map<String, Value>) -> Result<Self, ParseError> {
        let access_token =
            owned(fields, "access_token").ok_or(ParseError::new("`access_token` is missing"))?;
        let client_endpoint =
            owned(fields, "client_endpoint").ok_or(ParseError::new("`client_endpoint` is missing"))?;
        Ok(Self {
            access_token,
            refresh_token: owned(fields, "refresh_token"),
            expires: number(fields, "expires"),
            client_endpoint,
            server_endpoint: owned(fields, "server_endpoint"),
            member_id: owned(fields, "member_id"),
            user_id: number(fields, "user_id"),
            scope: owned(fields, "scope"),
            status: owned(fields, "status"),
        })
    }

    fn to_fields(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            value.into_iter().for_each(|value| drop(fields.insert(name.to_owned(), value)));
        };
        let text = |text: &Option<Box<str>>| text.as_deref().map(Value::from);
        put("access_token", Some(Value::from(&*self.access_token)));
        put("refresh_token", text(&self.refresh_token));
        put("expires", self.expires.map(Value::from));
        put("client_endpoint", Some(Value::from(&*self.client_endpoint)));
        put("server_endpoint", text(&self.server_endpoint));
        put("member_id", text(&self.member_id));
        put("user_id", self.user_id.map(Value::from));
        put("scope", text(&self.scope));
        put("status", text(&self.status));
        fields
    }

    /// Whether the access token should still be taken at `now` and for `margin` seconds more. One whose end is not known is
    /// fresh until a portal says otherwise.
    pub fn is_fresh(&self, now: u64, margin: u64) -> bool {
        self.expires.is_none_or(|end| now.saturating_add(margin) < end)
    }

    /// The token that calls are made with. Secret.
    pub fn access_token(&self) -> &str {
        &self.access_token
    }

    /// The token that renews the pair. Secret. Most events and some pages come without one: then there is no renewal.
    pub fn refresh_token(&self) -> Option<&str> {
        self.refresh_token.as_deref()
    }

    /// The moment at which the access token ends, in seconds since 1970-01-01 UTC, where it is known.
    pub fn expires_at(&self) -> Option<u64> {
        self.expires
    }

    /// Where calls go to: `https://PORTAL/rest/`. It changes when a portal is renamed.
    pub fn client_endpoint(&self) -> &str {
        &self.client_endpoint
    }

    /// The REST interface of the authorization server. Anyone can write any address here into a request, so nothing secret
    /// is ever sent to it.
    pub fn server_endpoint(&self) -> Option<&str> {
        self.server_endpoint.as_deref()
    }

    /// The host of the portal, with its port if that is none of the usual; read from the address that calls go to, since
    /// what is sent as `domain` is the portal's at one time and the authorization server's at another.
    pub fn domain(&self) -> &str {
        let behind = self.client_endpoint.split_once("://").map_or(&*self.client_endpoint, |(_, rest)| rest);
        let authority = behind.split(['/', '?', '#']).next().unwrap_or_default();
        // A user and a password before the host belong to no portal, and are for nobody to see.
        authority.rsplit('@').next().unwrap_or_default()
    }

    /// The portal's identifier, which stays when its name changes.
    pub fn member_id(&self) -> Option<&str> {
        self.member_id.as_deref()
    }

    /// The user in whose name calls are made.
    pub fn user_id(&self) -> Option<u64> {
        self.user_id
    }

    /// The scopes that the portal grants, separated by commas as they were sent; see [`scopes`](Self::scopes).
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }

    /// The scopes that the portal grants, one by one.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        let scopes = self.scope.as_deref().unwrap_or_default().split([',', ' ']);
        scopes.map(str::trim).filter(|scope| !scope.is_empty())
    }

    /// How the application is licensed on the portal: `L` local, `F` free, `P` paid, `T` and `D` on trial, `S` by
    /// subscription. In requests to an application this is what the sender says.
    pub fn status(&self) -> Option<&str> {
        self.status.as_deref()
    }
}

/// Shows whose the tokens are and for how long, and neither of them; of the address its host alone.
impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("access_token", &"***")
            .field("refresh_token", &self.refresh_token.as_ref().map(|_| "***"))
            .field("expires", &self.expires)
            .field("domain", &self.domain())
            .field("member_id", &self.member_id)
            .field("user_id", &self.user_id)
            .field("scope", &self.scope)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
