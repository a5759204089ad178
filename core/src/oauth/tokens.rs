//! A pair of tokens and its metadata.

use std::fmt;

use serde_json::{Map, Value};

use super::fields::{number, owned, text};
use super::incoming_request::ParseError;
use crate::wire::{Json, JsonRef};

/// A pair of tokens of one user of one portal, with the address of the portal.
///
/// It is as secret as a password: store it like one. `Debug` shows neither token.
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
    /// Creates an access token for the REST interface at `client_endpoint`, which is `https://PORTAL/rest/`.
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

    /// Sets the refresh token.
    pub fn with_refresh_token(mut self, token: impl Into<Box<str>>) -> Self {
        self.refresh_token = Some(token.into());
        self
    }

    /// Sets when the access token expires, in seconds since 1970-01-01 UTC.
    pub fn with_expires_at(mut self, moment: u64) -> Self {
        self.expires = Some(moment);
        self
    }

    /// Parses tokens that arrived at `now`, in seconds since 1970-01-01 UTC: a response of the authorization server, or the
    /// part `auth` of a request to an application.
    ///
    /// The expiry is computed from `expires_in` by the caller's clock. The field `expires`, which is from another clock, is
    /// used only if there is nothing else: if the caller's clock were an hour ahead, every new pair would seem expired.
    ///
    /// # Errors
    /// A [`ParseError`] if the access token or its address is missing.
    pub fn from_response(value: &Value, now: u64) -> Result<Self, ParseError> {
        Self::received(document(value).get(), now)
    }

    /// The same for a part of a document.
    pub(crate) fn received(fields: JsonRef<'_>, now: u64) -> Result<Self, ParseError> {
        let mut tokens = Self::from_fields(fields)?;
        if let Some(seconds) = number(fields, "expires_in") {
            tokens.expires = Some(now.saturating_add(seconds));
        }
        Ok(tokens)
    }

    /// Parses the pair that replaces this one. Fields that the response does not contain stay the same.
    ///
    /// # Errors
    /// A [`ParseError`] if the access token is missing.
    pub fn merge_response(&self, value: &Value, now: u64) -> Result<Self, ParseError> {
        let new = value.as_object().ok_or(ParseError::new(NO_OBJECT))?;
        let new_fields = document(value);
        let mut fields = self.to_fields();
        for gone in ["access_token", "expires"] {
            fields.shift_remove(gone);
        }
        for (name, value) in new {
            if text(new_fields.get(), name).is_some() {
                fields.insert(name.clone(), value.clone());
            }
        }
        Self::from_response(&Value::Object(fields), now)
    }

    /// Parses tokens as [`to_json`](Self::to_json) or the authorization server wrote them. `expires_in` is ignored, since its
    /// start is unknown; only `expires` counts.
    ///
    /// # Errors
    /// A [`ParseError`] if the access token or its address is missing.
    pub fn from_json(value: &Value) -> Result<Self, ParseError> {
        Self::from_fields(document(value).get())
    }

    /// The tokens as a JSON object with the names of the authorization server. It is for stores: it contains both tokens.
    pub fn to_json(&self) -> Value {
        Value::Object(self.to_fields())
    }

    fn from_fields(fields: JsonRef<'_>) -> Result<Self, ParseError> {
        if !fields.is_object() {
            return Err(ParseError::new(NO_OBJECT));
        }
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

    /// Whether the access token is valid at `now` and for `margin` seconds more. A token with an unknown expiry is valid until
    /// a portal refuses it.
    pub fn is_fresh(&self, now: u64, margin: u64) -> bool {
        self.expires.is_none_or(|end| now.saturating_add(margin) < end)
    }

    /// The token of calls. Secret.
    pub fn access_token(&self) -> &str {
        &self.access_token
    }

    /// The token that refreshes the pair. Secret. Most events and some pages come without one and cannot be refreshed.
    pub fn refresh_token(&self) -> Option<&str> {
        self.refresh_token.as_deref()
    }

    /// When the access token expires, in seconds since 1970-01-01 UTC, if known.
    pub fn expires_at(&self) -> Option<u64> {
        self.expires
    }

    /// The address of calls: `https://PORTAL/rest/`. It changes when a portal is renamed.
    pub fn client_endpoint(&self) -> &str {
        &self.client_endpoint
    }

    /// The REST interface of the authorization server. Anyone can write any address into a request, so no secret is ever sent
    /// to it.
    pub fn server_endpoint(&self) -> Option<&str> {
        self.server_endpoint.as_deref()
    }

    /// The host of the portal, with a port other than the default one. It is taken from the address of calls, since the field
    /// `domain` is sometimes the portal's and sometimes the authorization server's.
    pub fn domain(&self) -> &str {
        let behind = self.client_endpoint.split_once("://").map_or(&*self.client_endpoint, |(_, rest)| rest);
        let authority = behind.split(['/', '?', '#']).next().unwrap_or_default();
        // A user and a password before the host do not belong to a portal and must not be shown.
        authority.rsplit('@').next().unwrap_or_default()
    }

    /// The portal's identifier, which stays the same when the portal is renamed.
    pub fn member_id(&self) -> Option<&str> {
        self.member_id.as_deref()
    }

    /// The user in whose name calls are made.
    pub fn user_id(&self) -> Option<u64> {
        self.user_id
    }

    /// The scopes that the portal grants, separated by commas as received; see [`scopes`](Self::scopes).
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }

    /// The scopes that the portal grants, one by one.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        let scopes = self.scope.as_deref().unwrap_or_default().split([',', ' ']);
        scopes.map(str::trim).filter(|scope| !scope.is_empty())
    }

    /// How the application is licensed on the portal: `L` local, `F` free, `P` paid, `T` and `D` trial, `S` subscription. In
    /// requests to an application it is a claim of the sender.
    pub fn status(&self) -> Option<&str> {
        self.status.as_deref()
    }
}

const NO_OBJECT: &str = "the tokens are not an object";

/// A value as a document; `null` if it is too long.
fn document(value: &Value) -> Json {
    Json::from_value(value).unwrap_or_default()
}

/// Shows the owner and the expiry, neither token, and only the host of the address.
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
