//! The state that all clones of a client share.

use std::sync::Arc;

use bitrix24_core::redirect::RedirectPolicy;
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{ErrorKind, Failure};

use crate::credentials::Credentials;
use crate::observe::Observers;
use crate::rate_limit::Limiter;
use crate::recording::Recording;
use crate::transport::Transport;

/// The state that all clones of a client share: credentials, HTTP client and policies.
pub(crate) struct ClientInner {
    pub(crate) credentials: Credentials,
    pub(crate) limiter: Arc<dyn Limiter>,
    pub(crate) observers: Observers,
    pub(crate) retry_policy: RetryPolicy,
    pub(crate) redirect_policy: RedirectPolicy,
    /// The recording of the traffic, if there is one.
    pub(crate) recording: Option<Recording>,
    /// The size limit of a response, in bytes.
    pub(crate) max_response_size: usize,
    /// The HTTP client, or the reason why it could not be created.
    pub(crate) http: Result<reqwest::Client, Box<str>>,
}

impl ClientInner {
    /// The transport to the portal.
    pub(crate) fn transport(&self) -> Result<Transport<'_>, Failure> {
        match &self.http {
            Ok(http) => Ok(Transport { http, max_response_size: self.max_response_size, on_response: None }),
            Err(reason) => Err(Failure::new(ErrorKind::Request, reason.clone())),
        }
    }

    /// Replaces every secret in every text of the failure. Each failure passes through here before it is shown.
    pub(crate) fn redact(&self, failure: Failure) -> Failure {
        failure.redact(&|text| self.redact_text(text))
    }

    /// Replaces every secret in the text.
    pub(crate) fn redact_text(&self, text: &str) -> String {
        self.credentials.redact(text)
    }
}
