//! What is known of an application on one portal.

use std::fmt;

use bitrix24_core::oauth::{EventRequest, verify_application_token};
use bitrix24_core::{Map, Value};

/// What proves the requests of one portal: the application token of its installation, and those of outgoing webhooks.
///
/// The tokens are secret: store them like passwords. `Debug` does not show them. The OAuth tokens of the installation are not
/// here, since they are replaced every hour, under the lock of their own store.
///
/// ```
/// use bitrix24_handler::Installation;
/// // An outgoing webhook is created in the portal, which shows its token. There is no request of an installation.
/// let webhook = Installation::new("d897063e1ce7c5eb").with_webhook_token("jvh9y1ulvt2m");
/// assert!(webhook.verify("jvh9y1ulvt2m") && !webhook.verify("another"));
/// assert_eq!(Installation::from_json(&webhook.to_json()), Some(webhook));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Installation {
    member_id: Box<str>,
    application_token: Option<Box<str>>,
    webhook_tokens: Vec<Box<str>>,
    installed_at: u64,
}

impl Installation {
    /// Creates a portal without a token, by its `member_id`.
    pub fn new(member_id: impl Into<Box<str>>) -> Self {
        Self {
            member_id: member_id.into(),
            application_token: None,
            webhook_tokens: Vec::new(),
            installed_at: 0,
        }
    }

    /// Sets the application token, of an installation at `installed_at`, in seconds since 1970-01-01 UTC.
    pub fn with_application_token(mut self, token: impl Into<Box<str>>, installed_at: u64) -> Self {
        self.application_token = Some(token.into());
        self.installed_at = installed_at;
        self
    }

    /// Adds the token of an outgoing webhook. A portal can have several of them.
    pub fn with_webhook_token(mut self, token: impl Into<Box<str>>) -> Self {
        self.webhook_tokens.push(token.into());
        self
    }

    /// The portal's identifier, which stays the same when the portal is renamed.
    pub fn member_id(&self) -> &str {
        &self.member_id
    }

    /// The token of the installation; `None` if only outgoing webhooks are known. Secret.
    pub fn application_token(&self) -> Option<&str> {
        self.application_token.as_deref()
    }

    /// When the portal sent the request of the installation, in seconds since 1970-01-01 UTC; 0 if there was none.
    pub fn installed_at(&self) -> u64 {
        self.installed_at
    }

    /// Whether it is one of the tokens. The time of the comparison does not depend on where they differ.
    pub fn verify(&self, token: &str) -> bool {
        let known = self.application_token.iter().chain(&self.webhook_tokens);
        // All are compared, so that the time does not show which one it is.
        known.fold(false, |found, known| found | verify_application_token(known, token))
    }

    /// The installation that remains without the application: that of the outgoing webhooks, if there are any.
    pub(crate) fn without_application(mut self) -> Option<Self> {
        self.application_token = None;
        Some(self).filter(|left| !left.webhook_tokens.is_empty())
    }

    /// The installation after that of a request, whose outgoing webhooks stay. `None` if it has no token.
    pub(crate) fn of(request: &EventRequest, member_id: &str, replaces: Option<Self>) -> Option<Self> {
        let token = request.application_token()?;
        let replaces = replaces.unwrap_or_else(|| Self::new(member_id));
        Some(replaces.with_application_token(token, request.timestamp().unwrap_or_default()))
    }

    /// The installation as a JSON object, for stores. It contains the tokens.
    pub fn to_json(&self) -> Value {
        let mut fields = Map::new();
        let mut put = |name: &str, value: Value| drop(fields.insert(name.to_owned(), value));
        put("member_id", Value::from(&*self.member_id));
        if let Some(token) = &self.application_token {
            put("application_token", Value::from(&**token));
        }
        put("installed_at", self.installed_at.into());
        put("webhook_tokens", self.webhook_tokens.iter().map(|token| Value::from(&**token)).collect());
        Value::Object(fields)
    }

    /// Reads what [`to_json`](Self::to_json) wrote; `None` if it is something else.
    pub fn from_json(value: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(Box::from);
        let application_token = match value.get("application_token") {
            Some(token) => Some(text(token)?),
            None => None,
        };
        let webhook_tokens = value.get("webhook_tokens")?.as_array()?;
        Some(Self {
            member_id: text(value.get("member_id")?)?,
            application_token,
            webhook_tokens: webhook_tokens.iter().map(text).collect::<Option<_>>()?,
            installed_at: value.get("installed_at")?.as_u64()?,
        })
    }
}

/// Shows no token.
impl fmt::Debug for Installation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Installation")
            .field("member_id", &self.member_id)
            .field("installed_at", &self.installed_at)
            .field("webhooks", &self.webhook_tokens.len())
            .finish_non_exhaustive()
    }
}

/// Whether a text can be a member id. It comes from requests of the outside, and may become a part of a path.
pub(crate) fn is_member_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    (1..=64).contains(&text.len()) && text.bytes().all(allowed)
}
