//! Many requests in few calls.

mod handle;
mod outcome;
mod response;
mod stream;

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use bitrix24_core::batch::{BatchRun, Commands, METHOD, Reference};
use bitrix24_core::rate_limit::CallOutcome;
use bitrix24_core::{Error, ErrorKind, Executed, Failure, Method, RawErrorCode};
use tokio::time::{Instant, sleep};

use crate::client::Client;
use crate::deadline::{Deadline, Timeouts};

pub use handle::BatchHandle;
pub use outcome::BatchOutcome;
pub use response::BatchResponse;
pub use stream::BatchStream;

/// Requests that are sent together: up to 50 in one call, which counts as one request against the rate limit.
///
/// Each request that is [added](Self::add) returns a [`BatchHandle`]. The handle identifies its response and lets later requests
/// refer to its result. [`Client::run`] sends the batch in as many calls as it needs.
///
/// ```no_run
/// use bitrix24_client::{Batch, Client};
/// use bitrix24_core::{json, raw};
///
/// # async fn example(portal: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let mut batch = Batch::new().halt_on_error();
/// let me = batch.add(raw("user.current", json!(null)).read_only());
/// let deals = batch.add(raw("crm.deal.list", json!({"select": ["ID", "TITLE"]})).read_only());
/// batch.set_param(deals, "filter[ASSIGNED_BY_ID]", me.at("ID"));
///
/// let response = portal.run(batch).await;
/// println!("{} has {:?} deals", response.get(me)?.result["NAME"], response.get(deals)?.total);
/// # Ok(())
/// # }
/// ```
///
/// A batch cannot express everything that a call can: its requests are queries, in which PHP sees neither `null` nor an empty
/// list or object. Such requests are rejected, and so are requests of REST 3, `batch` itself, and references that lead to no
/// earlier request. Requests are rejected before anything is sent.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a batch does nothing until a client runs it"]
pub struct Batch {
    commands: Commands,
}

impl Default for Batch {
    fn default() -> Self {
        Self::new()
    }
}

impl Batch {
    /// Creates an empty batch. Its requests are independent: each runs, whatever happens to the others.
    pub fn new() -> Self {
        Self { commands: Commands::new(new_nonce()) }
    }

    /// Stops the batch at the first request that fails: later requests are not executed.
    ///
    /// A batch with references must stop at errors. To a portal, a reference to a failed request is ordinary text, and it would
    /// continue with that text.
    pub fn halt_on_error(mut self) -> Self {
        self.commands.halt_on_error();
        self
    }

    /// Adds a request.
    pub fn add<M: Method>(&mut self, request: M) -> BatchHandle<M> {
        BatchHandle::new(self.commands.add(request.info(), request.params().into_map()))
    }

    /// Sets a parameter of a request to a value from the result of an earlier request.
    ///
    /// `path` is the parameter in the syntax of PHP: `id`, `fields[CONTACT_ID]`, `filter[>ID]`, and for methods with positional
    /// parameters `0` or `1[RESPONSIBLE_ID]`. It replaces the value of the parameter, so any value serves for one that the
    /// request requires.
    ///
    /// ```
    /// use bitrix24_client::Batch;
    /// use bitrix24_core::{json, raw};
    /// let mut batch = Batch::new().halt_on_error();
    /// let contact = batch.add(raw("crm.contact.add", json!({"fields": {"NAME": "Ann"}})));
    /// let deal = batch.add(raw("crm.deal.add", json!({"fields": {"TITLE": "Ann's deal"}})));
    /// batch.set_param(deal, "fields[CONTACT_ID]", contact.result());
    /// ```
    pub fn set_param<M: Method>(&mut self, request: BatchHandle<M>, path: &str, reference: Reference) {
        self.commands.set_param(request.id(), path, reference);
    }

    /// The number of requests.
    pub fn len(&self) -> usize {
        self.commands.len()
    }

    /// Whether there are no requests.
    pub fn is_empty(&self) -> bool {
        self.commands.is_empty()
    }

    /// The prepared requests.
    pub(crate) fn into_run(self) -> BatchRun {
        self.commands.run()
    }
}

impl Client {
    /// Sends the requests of a batch, up to 50 in one call, one call after another.
    ///
    /// Requests that refer to each other go in one call. A call that fails ends the run: the responses to earlier calls are kept,
    /// the requests of the call fail with its error, and later requests are
    /// [not executed](bitrix24_core::ErrorKind::NotExecuted). The same happens when a batch stops at an error. Requests of a batch
    /// that does not stop at errors are sent again if the portal rejects them because of its limits, as calls are. Nothing is sent
    /// until the future is awaited; the future does not borrow the client.
    pub fn run(&self, batch: Batch) -> impl Future<Output = BatchResponse> + Send + use<> {
        let (client, mut run) = (self.clone(), batch.into_run());
        async move {
            client.run_to_end(&mut run).await;
            client.batch_response(run)
        }
    }

    /// Executes all calls that a run needs.
    pub(crate) async fn run_to_end(&self, run: &mut BatchRun) {
        let (mut rounds, mut rejected_since) = (0, None);
        let mut deadline = Deadline::start(&self.timeouts);
        loop {
            if run.is_retry() {
                rounds += 1;
                let since: &mut Instant = rejected_since.get_or_insert_with(Instant::now);
                self.wait_for_rejected(run, rounds, since.elapsed(), &deadline).await;
            } else {
                // Each call has its own, and commands are sent again within that of the last call.
                deadline = Deadline::start(&self.timeouts);
            }
            if !self.run_next(run, &deadline).await {
                return;
            }
        }
    }

    /// Waits before commands are sent again that the portal rejected because of its limits, or gives up as for a call.
    async fn wait_for_rejected(
        &self,
        run: &mut BatchRun,
        rounds: u32,
        rejected_for: Duration,
        deadline: &Deadline,
    ) {
        let policy = self.timeouts.retry_policy.unwrap_or(self.inner.retry_policy);
        let pause = policy.backoff(rounds).mul_f64(1.0 - fastrand::f64() / 2.0);
        if rejected_for >= policy.rejection_budget() || !deadline.allows(pause) {
            return run.give_up_rejected();
        }
        sleep(pause).await;
    }

    /// Collects the outcomes of a run.
    pub(crate) fn batch_response(&self, run: BatchRun) -> BatchResponse {
        BatchResponse::new(Arc::clone(&self.inner), run)
    }

    /// Executes the next call that a run needs; `false` if it needs none.
    async fn run_next(&self, run: &mut BatchRun, deadline: &Deadline) -> bool {
        let Some(request) = run.next_request() else { return false };
        let timeouts = Timeouts { call: deadline.left(), ..self.timeouts };
        match self.inner.send_commands(timeouts, &request).await {
            Ok(answered) => {
                let time = answered.response.time.clone();
                run.on_response(Ok(answered.response));
                run.set_attempts(answered.attempts);
                if answered.attempt_lost {
                    run.set_lost_attempt();
                }
                let commands: Vec<CallOutcome<'_>> = run.rate_limit_outcomes().collect();
                self.inner.record_commands(&answered.key, &time, &commands);
            }
            Err(failure) if run.is_retry() && not_sent_in_time(&failure) => run.give_up_rejected(),
            Err(failure) => run.on_response(Err(failure)),
        }
        true
    }
}

/// Whether the deadline passed before a call was sent, and no earlier attempt of it may have run.
fn not_sent_in_time(failure: &Failure) -> bool {
    let error = Error::<RawErrorCode>::new(METHOD, failure.clone());
    error.kind() == ErrorKind::Deadline && error.executed() == Executed::No
}

/// A random number for the names of commands. Text from elsewhere cannot be a reference to an unguessable name.
pub(crate) fn new_nonce() -> u32 {
    RandomState::new().hash_one(()) as u32
}
