//! The state that all clones of a client share.

use std::sync::Arc;

use bitrix24_core::redirect::RedirectPolicy;
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::wire::{Mismatch, MismatchPolicy};
use bitrix24_core::{ErrorKind, Failure, Method, RawResponse, Response};

use crate::credentials::Credentials;
use crate::http::{HttpClients, LastUse};
use crate::mismatch_report::ReportedFields;
use crate::observe::{MismatchEvent, Observers};
use crate::origin::origin_of;
use crate::overload::Overload;
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
    pub(crate) mismatch_policy: MismatchPolicy,
    pub(crate) reported_fields: ReportedFields,
    /// The size limit of a response, in bytes.
    pub(crate) max_response_size: usize,
    pub(crate) overload: Overload,
    pub(crate) last_use: LastUse,
    pub(crate) http: Arc<HttpClients>,
}

impl ClientInner {
    /// The transport to the portal with this origin. It waits for a place for the connection, if their number is limited.
    pub(crate) async fn transport(&self, origin: &str) -> Result<Transport<'_>, Failure> {
        let place = self.http.connection().await;
        let http = self.http.current(origin).map_err(|reason| Failure::new(ErrorKind::Request, reason))?;
        Ok(Transport { http, place, max_response_size: self.max_response_size, on_response: None })
    }

    /// Decodes a response of the named method, and reports the values in it that have another type than documented.
    pub(crate) fn decode<M: Method>(
        &self,
        method: &str,
        response: RawResponse,
    ) -> Result<Response<M::Output>, Failure> {
        let mut response = response.decode_as::<M::Output, M::Reader>(self.mismatch_policy)?;
        if !response.mismatches().is_empty() {
            response.redact_mismatches(&|text| self.redact_text(text));
            self.report_mismatches(method, response.mismatches());
        }
        Ok(response)
    }

    /// Reports each field once. A report contains no value.
    #[cold]
    pub(crate) fn report_mismatches(&self, method: &str, mismatches: &[Mismatch]) {
        // A method name may be a URL that was pasted by mistake.
        let method = self.redact_text(method);
        let portal = self.credentials.portal().map(origin_of).unwrap_or_default();
        for mismatch in mismatches {
            let field = mismatch.field();
            if self.reported_fields.add(&method, &field) {
                self.observers.notify_mismatch(&MismatchEvent::new(&portal, &method, &field, mismatch));
            }
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
