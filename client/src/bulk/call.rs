//! One call of a bulk, independent of the types of its requests.

use std::sync::Arc;

use bitrix24_core::batch::BatchRun;
use bitrix24_core::{ErrorKind, Executed, Failure, RawResponse};

use super::journal::{Journal, JournalError, JournalOutcome};
use crate::call::CallFuture;
use crate::client::Client;
use crate::transport_error::error_chain;

/// Decides whether a request of this method ran that failed with this failure.
pub(super) type Classify = fn(&str, Failure) -> Executed;

/// A call to send.
pub(super) struct BulkCall {
    pub(super) client: Client,
    /// The journal, and the keys of the requests.
    pub(super) journal: Option<(Arc<dyn Journal>, Vec<String>)>,
    pub(super) methods: Vec<Box<str>>,
    pub(super) request: BulkRequest,
    pub(super) classify: Classify,
}

/// The requests of a call.
pub(super) enum BulkRequest {
    Batch(Box<BatchRun>),
    Single(CallFuture),
}

/// The outcome of a call.
pub(super) struct BulkCallOutcome {
    /// The response to each request, in their order.
    pub(super) responses: Vec<Result<RawResponse, Failure>>,
    /// Why the whole call failed, if it did.
    pub(super) failed: Option<String>,
    /// Why the journal failed, if it did.
    pub(super) journal_failed: Option<String>,
}

impl BulkCall {
    /// Records the requests as started, sends them, and records their outcomes.
    pub(super) async fn execute(mut self) -> BulkCallOutcome {
        if let Some((journal, keys)) = &self.journal
            && let Err(error) = journal.start(keys).await
        {
            return self.not_started(journal_text("written", &error));
        }
        let responses = match self.request {
            BulkRequest::Batch(mut run) => {
                self.client.run_to_end(&mut run).await;
                run.finish().into_iter().map(|outcome| outcome.response).collect()
            }
            BulkRequest::Single(call) => vec![call.await],
        };
        let mut outcome =
            BulkCallOutcome { failed: whole_call_failed(&responses), responses, journal_failed: None };
        if let Some((journal, keys)) = self.journal.take() {
            let entries = entries(&keys, &self.methods, &outcome.responses, self.classify);
            let finished = journal.finish(&entries).await;
            outcome.journal_failed = finished.err().map(|error| journal_text("written", &error));
        }
        outcome
    }

    fn not_started(&self, reason: String) -> BulkCallOutcome {
        let failure = Failure::new(ErrorKind::NotExecuted, format!("not sent: {reason}"));
        let responses = self.methods.iter().map(|_| Err(failure.clone())).collect();
        BulkCallOutcome { responses, failed: None, journal_failed: Some(reason) }
    }
}

/// What is wrong with a journal.
pub(super) fn journal_text(operation: &str, error: &JournalError) -> String {
    format!("the journal cannot be {operation}: {}", error_chain(&**error))
}

/// The entries of the journal for these responses.
fn entries<'a>(
    keys: &'a [String],
    methods: &[Box<str>],
    responses: &'a [Result<RawResponse, Failure>],
    classify: Classify,
) -> Vec<JournalOutcome<'a>> {
    let requests = keys.iter().zip(methods).zip(responses);
    requests
        .map(|((key, method), response)| match response {
            Ok(response) => JournalOutcome::new(key, Executed::Yes, Some(response.result.get())),
            Err(failure) => JournalOutcome::new(key, classify(method, failure.clone()), None),
        })
        .collect()
}

/// The reason, if a call failed as a whole: because of the connection, the authorization or the portal, and not because of its
/// requests.
fn whole_call_failed(responses: &[Result<RawResponse, Failure>]) -> Option<String> {
    let failed = |failure: &Failure| match failure.kind() {
        ErrorKind::Request | ErrorKind::Decode | ErrorKind::NotExecuted => false,
        // A command of a batch that failed has no status.
        ErrorKind::Method | ErrorKind::System => {
            failure.status().is_some_and(|status| matches!(status, 401 | 429 | 500..))
        }
        _ => true,
    };
    let failures: Option<Vec<&Failure>> =
        responses.iter().map(|response| response.as_ref().err().filter(|failure| failed(failure))).collect();
    failures?.first().map(ToString::to_string)
}

/// The failure of a request that an earlier run has started.
pub(super) fn uncertain() -> Failure {
    let text = "an earlier run was about to send this request, or sent it, and its outcome is not known; check whether it was \
                executed, and send it again under another key if it was not";
    Failure::new(ErrorKind::Transport, text).with_attempts(1)
}

/// The failure of a request of which it is not known whether an earlier run has started it.
pub(super) fn unknown_state(reason: &str) -> Failure {
    let text = format!("not sent now, and an earlier run may have executed it: {reason}");
    Failure::new(ErrorKind::NotExecuted, text).with_lost_attempt()
}

/// The outcome of a call that was cancelled with its runtime.
pub(super) fn runtime_ended(requests: usize) -> BulkCallOutcome {
    let text =
        "the asynchronous runtime ended before the response arrived; the request may have been executed";
    let failure = Failure::new(ErrorKind::Transport, text).with_attempts(1);
    BulkCallOutcome {
        responses: vec![Err(failure); requests],
        failed: Some(text.to_owned()),
        journal_failed: Some("the asynchronous runtime ended".to_owned()),
    }
}
