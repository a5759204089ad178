//! What all clones of a client share.

use std::sync::Arc;

use bitrix24_core::redirect::Redirects;
use bitrix24_core::retry::Policy;
use bitrix24_core::{Failure, Kind};

use crate::credentials::Credentials;
use crate::exchange::Wire;
use crate::observe::Audience;
use crate::pace::Limiter;

/// A portal as a client sees it: the key to it, the way there, and how calls are carried.
pub(crate) struct Portal {
    pub(crate) credentials: Credentials,
    pub(crate) limiter: Arc<dyn Limiter>,
    pub(crate) audience: Audience,
    pub(crate) retries: Policy,
    pub(crate) redirects: Redirects,
    /// How many bytes an answer may have.
    pub(crate) largest_answer: usize,
    /// The HTTP client, or why there is none: with a name that has no certificates, say.
    pub(crate) http: Result<reqwest::Client, Box<str>>,
}

impl Portal {
    /// The way to the portal.
    pub(crate) fn wire(&self) -> Result<Wire<'_>, Failure> {
        match &self.http {
            Ok(http) => Ok(Wire { http, largest: self.largest_answer }),
            Err(reason) => Err(Failure::new(Kind::Request, reason.clone())),
        }
    }

    /// The failure with every secret taken out of every text. Each failure passes here before anyone sees it.
    pub(crate) fn scrubbed(&self, failure: Failure) -> Failure {
        failure.scrubbed(&|text| self.masked(text))
    }

    /// The text with every secret masked.
    pub(crate) fn masked(&self, text: &str) -> String {
        self.credentials.masked(text)
    }
}
