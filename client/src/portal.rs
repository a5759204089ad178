//! What all clones of a client share.

use std::sync::Arc;
use std::time::Duration;

use bitrix24_core::Failure;
use bitrix24_core::redirect::Redirects;
use bitrix24_core::retry::Policy;

use crate::credentials::Credentials;
use crate::pace::Limiter;

/// A portal as a client sees it: the key to it, the way there, and how calls are carried.
pub(crate) struct Portal {
    pub(crate) credentials: Credentials,
    /// Scheme, host and port of the portal, for limiters and for people.
    pub(crate) origin: String,
    /// A name of the key that is not the key.
    pub(crate) key_name: String,
    pub(crate) limiter: Arc<dyn Limiter>,
    pub(crate) retries: Policy,
    pub(crate) redirects: Redirects,
    /// The HTTP client, or why there is none: with a name that has no certificates, say.
    pub(crate) http: Result<reqwest::Client, Box<str>>,
}

impl Portal {
    /// The failure with every secret taken out of every text. Each failure passes here before anyone sees it.
    pub(crate) fn scrubbed(&self, failure: Failure) -> Failure {
        failure.scrubbed(&|text| self.masked(text))
    }

    /// The text with every secret masked.
    pub(crate) fn masked(&self, text: &str) -> String {
        self.credentials.masked(text)
    }
}

/// How long calls may take; each client may have its own for the same portal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// How long one exchange may take, from the connection to the last byte of the answer.
    pub(crate) timeout: Duration,
    /// How long a call may take as a whole, with all waiting and all repeats.
    pub(crate) deadline: Option<Duration>,
}
