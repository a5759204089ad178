//! Whose key a call goes out with, and where to.

use bitrix24_core::{Api, Failure};
use reqwest::Url;

use crate::address::Address;

/// How a client is authorised.
pub(crate) enum Credentials {
    /// By the address of a webhook, which holds the key.
    Webhook(Address),
}

impl Credentials {
    /// The key for the next request.
    pub(crate) async fn key(&self) -> Result<Key, Failure> {
        match self {
            Self::Webhook(address) => Ok(Key::Webhook(address.clone())),
        }
    }

    /// Whether a call that failed so may succeed with a new key.
    pub(crate) fn may_renew(&self, _: &Failure) -> bool {
        match self {
            Self::Webhook(_) => false,
        }
    }

    /// A key in the place of one that was refused.
    pub(crate) async fn renewed(&self, refused: &Key) -> Result<Key, Failure> {
        match (self, refused) {
            (Self::Webhook(address), Key::Webhook(_)) => Ok(Key::Webhook(address.clone())),
        }
    }

    /// A name of the key that is not the key.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Webhook(address) => format!("user {}", address.user()),
        }
    }

    /// The text with every secret masked that belongs to these credentials.
    pub(crate) fn masked(&self, text: &str) -> String {
        match self {
            Self::Webhook(address) => address.secret().masked(text),
        }
    }

    /// The user whose rights calls have, where the credentials tell.
    pub(crate) fn user(&self) -> Option<u64> {
        match self {
            Self::Webhook(address) => Some(address.user()),
        }
    }

    /// Scheme, host and port of the portal; the path is `/`.
    pub(crate) fn origin(&self) -> Url {
        match self {
            Self::Webhook(address) => address.origin().clone(),
        }
    }
}

/// What one request is authorised by.
pub(crate) enum Key {
    /// It is in the path.
    Webhook(Address),
}

impl Key {
    /// The address of a method. The name must have been checked: it goes into the path as it is.
    pub(crate) fn address_of(&self, api: Api, name: &str) -> Url {
        match self {
            Self::Webhook(address) => address.of_method(api, name),
        }
    }
}
