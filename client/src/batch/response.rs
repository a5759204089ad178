//! The outcomes of the requests of a batch.

use std::fmt;
use std::slice;
use std::sync::Arc;

use bitrix24_core::batch::{BatchRun, CommandId, CommandOutcome};
use bitrix24_core::{Error, ErrorKind, Failure, Method, RawResponse, Response};

use super::handle::BatchHandle;
use crate::client_inner::ClientInner;

/// The responses to the requests of a batch, each a success or a failure.
///
/// [`get`](Self::get) decodes the response of one handle. Iteration yields all of them undecoded, in the order in which the
/// requests were added.
#[must_use = "the requests of a batch fail, not the batch itself"]
pub struct BatchResponse {
    client: Arc<ClientInner>,
    nonce: u32,
    outcomes: Vec<CommandOutcome>,
}

impl BatchResponse {
    pub(super) fn new(client: Arc<ClientInner>, run: BatchRun) -> Self {
        let nonce = run.nonce();
        let mut outcomes = run.finish();
        outcomes.iter_mut().for_each(|outcome| redact_outcome(&client, outcome));
        Self { client, nonce, outcomes }
    }

    /// The response to a request.
    ///
    /// # Errors
    /// An [`Error`] of the method, as from [`Client::call`](crate::Client::call), and two kinds that occur only in a batch:
    ///
    /// - [`ErrorKind::NotExecuted`]: the request was not executed, because another one was rejected or failed.
    /// - [`ErrorKind::UnresolvedReference`]: the request refers to a value that the earlier result does not contain, and the
    ///   portal executed it with the text of the reference instead. [`outcome`](Self::outcome) has its response.
    pub fn get<M: Method>(&self, request: BatchHandle<M>) -> Result<Response<M::Output>, Error<M::Error>> {
        match self.find(request.id()) {
            Some(outcome) => decode::<M>(&self.client, outcome),
            None => {
                let text = "the handle belongs to a request in another batch";
                Err(Error::new("batch", Failure::new(ErrorKind::Request, text)))
            }
        }
    }

    /// The undecoded outcome of a request; `None` for a handle of another batch.
    pub fn outcome<M: Method>(&self, request: BatchHandle<M>) -> Option<&CommandOutcome> {
        self.find(request.id())
    }

    /// The errors of the requests that failed or were not executed, with their positions. Results that do not match the
    /// documentation are not included: only [`get`](Self::get) decodes results.
    ///
    /// ```no_run
    /// # async fn example(portal: bitrix24_client::Client, batch: bitrix24_client::Batch) {
    /// for (position, error) in portal.run(batch).await.errors() {
    ///     eprintln!("request {position}: {error}");
    /// }
    /// # }
    /// ```
    pub fn errors(&self) -> impl Iterator<Item = (usize, Error)> {
        let outcomes = self.outcomes.iter().enumerate();
        outcomes.filter_map(|(position, outcome)| {
            Some((position, Error::new(&outcome.method, checked_response(outcome).err()?)))
        })
    }

    /// The outcome of each request, in the order in which they were added.
    pub fn iter(&self) -> slice::Iter<'_, CommandOutcome> {
        self.outcomes.iter()
    }

    fn find(&self, id: CommandId) -> Option<&CommandOutcome> {
        self.outcomes.get(id.position()).filter(|_| id.nonce() == self.nonce)
    }
}

/// Decodes the response to a request.
pub(super) fn decode<M: Method>(
    client: &ClientInner,
    outcome: &CommandOutcome,
) -> Result<Response<M::Output>, Error<M::Error>> {
    let response = checked_response(outcome);
    response.and_then(|response| client.decode::<M>(&outcome.method, response)).map_err(|failure| {
        let failure = match &outcome.response {
            Ok(response) => failure.with_raw_result(response.result.clone()),
            Err(_) => failure,
        };
        Error::new(&outcome.method, client.redact(failure))
    })
}

/// Replaces every secret in the texts of an outcome.
pub(super) fn redact_outcome(client: &ClientInner, outcome: &mut CommandOutcome) {
    // A method name may be a URL that was pasted by mistake.
    outcome.method = client.redact_text(&outcome.method).into();
    let placeholder = Err(Failure::new(ErrorKind::NotExecuted, ""));
    let response = std::mem::replace(&mut outcome.response, placeholder);
    outcome.response = response.map_err(|failure| client.redact(failure));
}

/// The response, or an error if the request contained an unresolved reference.
pub(super) fn checked_response(outcome: &CommandOutcome) -> Result<RawResponse, Failure> {
    match (&outcome.response, &outcome.unresolved) {
        (Ok(_), Some(reference)) => {
            let text = format!(
                "the portal executed the request with the text `{reference}` instead of a value, since the earlier result \
                 contains no such value"
            );
            Err(Failure::new(ErrorKind::UnresolvedReference, text))
        }
        (response, _) => response.clone(),
    }
}

impl IntoIterator for BatchResponse {
    type Item = CommandOutcome;
    type IntoIter = std::vec::IntoIter<CommandOutcome>;

    fn into_iter(self) -> Self::IntoIter {
        self.outcomes.into_iter()
    }
}

impl<'r> IntoIterator for &'r BatchResponse {
    type Item = &'r CommandOutcome;
    type IntoIter = slice::Iter<'r, CommandOutcome>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Shows the outcome of each request.
impl fmt::Debug for BatchResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.outcomes).finish()
    }
}
