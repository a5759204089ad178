//! Whose key a call goes out with, and where to.

use std::sync::Arc;

use bitrix24_core::oauth::calls_for_renewal;
use bitrix24_core::{Api, Failure};
use bytes::Bytes;
use reqwest::Url;

use crate::address::{Address, origin_of};
use crate::oauth::{Access, Session};

/// How a client is authorised.
pub(crate) enum Credentials {
    /// By the address of a webhook, which holds the key.
    Webhook(Arc<Webhook>),
    /// By the tokens of an application.
    Application(Session),
}

/// The address of a webhook, and how it is spoken of.
pub(crate) struct Webhook {
    address: Address,
    origin: String,
    name: String,
}

impl From<Address> for Webhook {
    fn from(address: Address) -> Self {
        let origin = origin_of(address.origin());
        Self { name: format!("user {}", address.user()), origin, address }
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

    /// Whether a call that failed so may succeed with a new key.
    pub(crate) fn may_renew(&self, failure: &Failure) -> bool {
        matches!(self, Self::Application(_)) && calls_for_renewal(failure)
    }

    /// A key in the place of one that was refused.
    pub(crate) async fn renewed(&self, refused: &Key) -> Result<Key, Failure> {
        match (self, refused) {
            (Self::Application(session), Key::Token { access, .. }) => {
                session.renew(access).await.map(|access| Key::token(session, access))
            }
            (Self::Webhook(webhook), _) => Ok(Key::Webhook(Arc::clone(webhook))),
            (Self::Application(_), Key::Webhook(_)) => self.key().await,
        }
    }

    /// The text with every secret masked that belongs to these credentials.
    pub(crate) fn masked(&self, text: &str) -> String {
        match self {
            Self::Webhook(webhook) => webhook.address.secret().masked(text),
            Self::Application(session) => session.masked(text),
        }
    }

    /// The portal, where that is known without asking a token store.
    pub(crate) fn portal(&self) -> Option<&Url> {
        match self {
            Self::Webhook(webhook) => Some(webhook.address.origin()),
            Self::Application(_) => None,
        }
    }

    /// A name of the key that is not the key: a user of a webhook, or an application.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Webhook(webhook) => &webhook.name,
            Self::Application(session) => session.client_id(),
        }
    }
}

/// What one request is authorised by.
pub(crate) enum Key {
    /// It is in the path.
    Webhook(Arc<Webhook>),
    /// It goes along with the parameters.
    Token { access: Access, origin: String, name: String },
}

impl Key {
    fn token(session: &Session, access: Access) -> Self {
        let origin = origin_of(access.endpoint());
        Self::Token { name: session.client_id().to_owned(), origin, access }
    }

    /// The address of a method. The name must have been checked: it goes into the path as it is.
    pub(crate) fn address_of(&self, api: Api, name: &str) -> Url {
        match self {
            Self::Webhook(webhook) => webhook.address.of_method(api, name),
            Self::Token { access, .. } => access.of_method(api, name),
        }
    }

    /// The parameters of a request with a token among them, where one is needed. It stands behind all others, so that it goes
    /// before one that the caller may have written, and moves none of those that go by position. A header would do for some
    /// portals; others never see it, since their web server keeps it to itself.
    pub(crate) fn authorised(&self, params: &Bytes) -> Bytes {
        match self {
            Self::Webhook(_) => params.clone(),
            Self::Token { access, .. } => {
                let mut body = params.to_vec();
                append(&mut body, access.token().expose());
                body.into()
            }
        }
    }

    /// The portal's origin, for limiters and for people: `https://example.bitrix24.com`.
    pub(crate) fn origin(&self) -> &str {
        match self {
            Self::Webhook(webhook) => &webhook.origin,
            Self::Token { origin, .. } => origin,
        }
    }

    /// The portal, for addresses that are relative to it.
    pub(crate) fn portal(&self) -> &Url {
        match self {
            Self::Webhook(webhook) => webhook.address.origin(),
            Self::Token { access, .. } => access.endpoint(),
        }
    }

    /// A name of the key that is not the key.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Webhook(webhook) => &webhook.name,
            Self::Token { name, .. } => name,
        }
    }
}

/// Adds the token as the last member of a JSON object.
fn append(body: &mut Vec<u8>, token: &str) {
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
            append(&mut body, "t\"1");
            assert_eq!(String::from_utf8(body).unwrap(), expected);
        }
    }
}
