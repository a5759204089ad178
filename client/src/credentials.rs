//! The credentials of a client, and the key that each request uses.

use std::sync::Arc;

use bitrix24_core::oauth::needs_refresh;
use bitrix24_core::{Api, Failure};
use bytes::Bytes;
use reqwest::Url;

use crate::oauth::{Access, Session};
use crate::origin::origin_of;
use crate::secret::Redactor;
use crate::webhook_url::WebhookUrl;

/// How a client is authorized.
#[derive(Clone)]
pub(crate) enum Credentials {
    /// By the URL of a webhook, which contains the key.
    Webhook(Arc<Webhook>),
    /// By the tokens of an application.
    Application(Session),
}

/// The URL of a webhook, with the texts that identify it.
pub(crate) struct Webhook {
    url: WebhookUrl,
    redactor: Redactor,
    origin: String,
    name: String,
}

impl From<WebhookUrl> for Webhook {
    fn from(url: WebhookUrl) -> Self {
        let origin = origin_of(url.origin());
        Self { name: format!("user {}", url.user()), redactor: url.secret().redactor(), origin, url }
    }
}

impl Credentials {
    /// The key for the next request.
    pub(crate) async fn key(&self) -> Result<Key, Failure> {
        match self {
            Self::Webhook(webhook) => Ok(Key::Webhook(Arc::clone(webhook))),
            Self::Application(session) => session.access().await.map(|access| Key::token(session, access)),
        }
    }

    /// Whether a new token may make a call succeed that failed with this failure.
    pub(crate) fn can_refresh(&self, failure: &Failure) -> bool {
        matches!(self, Self::Application(_)) && needs_refresh(failure)
    }

    /// Replaces a key that was refused.
    pub(crate) async fn refresh(&self, refused: &Key) -> Result<Key, Failure> {
        match (self, refused) {
            (Self::Application(session), Key::Token { access, .. }) => {
                session.refresh(access).await.map(|access| Key::token(session, access))
            }
            (Self::Webhook(webhook), _) => Ok(Key::Webhook(Arc::clone(webhook))),
            (Self::Application(_), Key::Webhook(_)) => self.key().await,
        }
    }

    /// Waits until all new tokens are saved.
    pub(crate) async fn flush(&self) -> Result<(), Failure> {
        match self {
            Self::Webhook(_) => Ok(()),
            Self::Application(session) => session.flush().await,
        }
    }

    /// Whether tokens are being refreshed or saved, so that these credentials must not be dropped.
    pub(crate) fn is_busy(&self) -> bool {
        match self {
            Self::Webhook(_) => false,
            Self::Application(session) => session.is_busy(),
        }
    }

    /// Replaces every secret of these credentials in the text.
    pub(crate) fn redact(&self, text: &str) -> String {
        match self {
            Self::Webhook(webhook) => webhook.redactor.redact(text),
            Self::Application(session) => session.redact(text),
        }
    }

    /// The portal, if it is known without loading tokens.
    pub(crate) fn portal(&self) -> Option<&Url> {
        match self {
            Self::Webhook(webhook) => Some(webhook.url.origin()),
            Self::Application(_) => None,
        }
    }

    /// The public name of the key: the user of a webhook, or the id of an application.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Webhook(webhook) => &webhook.name,
            Self::Application(session) => session.client_id(),
        }
    }
}

/// The key that authorizes one request.
pub(crate) enum Key {
    /// The key is part of the path.
    Webhook(Arc<Webhook>),
    /// The key is sent with the parameters.
    Token { access: Access, origin: String, name: String },
}

impl Key {
    fn token(session: &Session, access: Access) -> Self {
        let origin = origin_of(access.endpoint());
        Self::Token { name: session.client_id().to_owned(), origin, access }
    }

    /// The URL of a method. The caller must have checked the name: it becomes part of the path unchanged.
    pub(crate) fn method_url(&self, api: Api, name: &str) -> Url {
        match self {
            Self::Webhook(webhook) => webhook.url.method_url(api, name),
            Self::Token { access, .. } => access.method_url(api, name),
        }
    }

    /// Adds the token to the parameters of a request, if the key is one. As the last member it overrides an `auth` that the
    /// caller wrote, and moves no positional parameter. Some web servers do not forward a header to PHP.
    pub(crate) fn authorize(&self, params: &Bytes) -> Bytes {
        match self {
            Self::Webhook(_) => params.clone(),
            Self::Token { access, .. } => {
                let mut body = params.to_vec();
                append_token(&mut body, access.token().expose());
                body.into()
            }
        }
    }

    /// The portal's origin, for limiters and messages: `https://example.bitrix24.com`.
    pub(crate) fn origin(&self) -> &str {
        match self {
            Self::Webhook(webhook) => &webhook.origin,
            Self::Token { origin, .. } => origin,
        }
    }

    /// The portal, as the base of relative URLs.
    pub(crate) fn portal(&self) -> &Url {
        match self {
            Self::Webhook(webhook) => webhook.url.origin(),
            Self::Token { access, .. } => access.endpoint(),
        }
    }

    /// The public name of the key.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Webhook(webhook) => &webhook.name,
            Self::Token { name, .. } => name,
        }
    }
}

/// Appends the token as the last member of a JSON object.
fn append_token(body: &mut Vec<u8>, token: &str) {
    let member = serde_json::Value::from(token).to_string();
    let separator = if body.as_slice() == b"{}" { "" } else { "," };
    body.pop();
    body.extend_from_slice(format!("{separator}\"auth\":{member}}}").as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_the_last_parameter() {
        let cases = [
            ("{}", r#"{"auth":"t\"1"}"#),
            (r#"{"0":7}"#, r#"{"0":7,"auth":"t\"1"}"#),
            (r#"{"auth":"mine","ID":7}"#, r#"{"auth":"mine","ID":7,"auth":"t\"1"}"#),
        ];
        for (body, expected) in cases {
            let mut body = body.as_bytes().to_vec();
            append_token(&mut body, "t\"1");
            assert_eq!(String::from_utf8(body).unwrap(), expected);
        }
    }
}
