//! The execution of one call, independent of its method: rate limit, transport, redirects, token refresh, retries.

mod prepared;

use std::future::ready;
use std::pin::{Pin, pin};
use std::sync::Arc;

use bitrix24_core::batch;
use bitrix24_core::rate_limit::{CallOutcome, Rejection};
use bitrix24_core::retry::{self, Decision, FailedAttempt, RetryCause};
use bitrix24_core::{ErrorKind, Failure, Map, MethodInfo, RawResponse, Time, Value};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep};
use tracing::{Instrument, debug_span};

use crate::client_inner::ClientInner;
use crate::credentials::Key;
use crate::deadline::{Deadline, Timeouts};
use crate::observe::{Step, StepOutcome};
use crate::overload::Permit;
use crate::rate_limit::{CallReport, LimiterError, RateLimitRequest};
use crate::recording::SentExchange;
use crate::redirect;
use crate::transport::HttpOutcome;
use crate::transport_error::error_chain;
use prepared::PreparedCall;

/// How many times the token is refreshed for one call: it may expire once more while the call waits for the rate limit.
const MAX_REFRESHES: u32 = 2;

/// The future of a call. It is boxed and has the same type for every method, so that generic code stays small.
pub(crate) type CallFuture<T = RawResponse> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send>>;

impl ClientInner {
    /// Executes a call. The request is serialized before the first wait, so the future borrows nothing.
    pub(crate) fn send(
        self: &Arc<Self>,
        timeouts: Timeouts,
        info: MethodInfo<'_>,
        params: &Map<String, Value>,
    ) -> CallFuture {
        let shown = self.redact_text(info.name);
        let span = debug_span!("bitrix24.call", method = shown);
        let call = match PreparedCall::new(info, params, timeouts) {
            Ok(call) => Box::new(call.shown_as(shown)),
            Err(failure) => return Box::pin(ready(Err(failure))),
        };
        let inner = Arc::clone(self);
        Box::pin(async move { inner.execute(&call).await.map(|answered| answered.response) }.instrument(span))
    }

    /// Executes a call of several commands. The caller reports the outcome of the commands with
    /// [`record_commands`](Self::record_commands) once the response has been decoded, so the key of the call is returned too.
    pub(crate) fn send_commands(
        self: &Arc<Self>,
        timeouts: Timeouts,
        request: &batch::BatchRequest,
    ) -> CallFuture<AnsweredCall> {
        let call = match PreparedCall::new(request.info(), request.params(), timeouts) {
            Ok(call) => Box::new(call.with_commands(request.methods())),
            Err(failure) => return Box::pin(ready(Err(failure))),
        };
        let span = debug_span!("bitrix24.call", method = batch::METHOD, commands = request.methods().len());
        let inner = Arc::clone(self);
        Box::pin(async move { inner.execute(&call).await }.instrument(span))
    }

    /// Reports the outcome of a batch and of its commands to the limiter.
    pub(crate) fn record_commands(&self, key: &Key, time: &Time, commands: &[CallOutcome<'_>]) {
        let report = CallReport::new(key.origin(), key.name(), CallOutcome::executed(batch::METHOD, time));
        self.limiter.record(report.with_commands(commands));
    }

    async fn execute(&self, call: &PreparedCall) -> Result<AnsweredCall, Failure> {
        let deadline = Deadline::start(&call.timeouts);
        let key =
            deadline.limit(self.credentials.key()).await.ok_or_else(deadline_passed).and_then(|key| key);
        let key = key.inspect_err(|failure| {
            let outcome = StepOutcome::new(Some(failure));
            let step = Step::Finished { attempts: 0, elapsed: deadline.elapsed(), outcome };
            self.observers.notify("", &call.shown, step);
        })?;
        let mut active = ActiveCall {
            client: self,
            call,
            side_effects: call.side_effects && !call.timeouts.safe_to_repeat,
            deadline,
            key,
            attempts: 0,
            refreshes: 0,
            rejections: 0,
            rejected_since: None,
            attempt_lost: false,
        };
        let result = active.run().await;
        let outcome = StepOutcome::new(result.as_ref().err());
        let elapsed = active.deadline.elapsed();
        active.notify(Step::Finished { attempts: active.attempts, elapsed, outcome });
        match result {
            Ok(response) => {
                let ActiveCall { key, attempts, attempt_lost, .. } = active;
                Ok(AnsweredCall { response, key, attempts, attempt_lost })
            }
            Err(failure) => {
                let failure = failure.with_attempts(active.attempts);
                Err(if active.attempt_lost { failure.with_lost_attempt() } else { failure })
            }
        }
    }
}

/// A call that the portal has answered.
pub(crate) struct AnsweredCall {
    pub(crate) response: RawResponse,
    /// The key of the last attempt.
    pub(crate) key: Key,
    /// How many times the call was sent.
    pub(crate) attempts: u32,
    /// Whether the outcome of an attempt before the last one is unknown.
    pub(crate) attempt_lost: bool,
}

/// What follows an attempt.
#[expect(clippy::large_enum_variant, reason = "it is moved once, and a box would cost more")]
enum Next {
    /// The end of the call.
    Return(Result<RawResponse, Failure>),
    /// Another attempt, after this failure.
    Retry(Failure),
}

/// A call in progress.
struct ActiveCall<'a> {
    client: &'a ClientInner,
    call: &'a PreparedCall,
    /// Whether a repetition may have an effect.
    side_effects: bool,
    deadline: Deadline,
    key: Key,
    attempts: u32,
    refreshes: u32,
    /// How many attempts the portal rejected because of its limits, and when it rejected the first of them.
    rejections: u32,
    rejected_since: Option<Instant>,
    /// Whether the outcome of an attempt before the last one is unknown.
    attempt_lost: bool,
}

impl<'a> ActiveCall<'a> {
    /// Sends the request when the rate limit allows it, and again as long as a retry is safe.
    async fn run(&mut self) -> Result<RawResponse, Failure> {
        let mut last_failure = None;
        loop {
            let permit = match self.acquire().await {
                Ok(permit) => permit,
                Err(failure) => return Err(last_failure.unwrap_or(failure)),
            };
            // The future of an exchange is large, and many calls wait for their turn.
            match Box::pin(self.attempt_with(permit)).await {
                Next::Return(result) => return result,
                Next::Retry(failure) => last_failure = Some(failure),
            }
        }
    }

    /// Makes an attempt, and prepares the next one if there is one.
    async fn attempt_with(&mut self, permit: Permit<'a>) -> Next {
        let result = self.attempt().await;
        permit.record(&result);
        let failure = match result {
            Ok(response) => return Next::Return(Ok(response)),
            Err(failure) => failure,
        };
        if self.refreshes < MAX_REFRESHES && self.client.credentials.can_refresh(&failure) {
            self.refreshes += 1;
            match self.refresh().await {
                Ok(()) => Next::Retry(failure),
                Err(failure) => Next::Return(Err(failure)),
            }
        } else if self.back_off(&failure).await {
            Next::Retry(failure)
        } else {
            Next::Return(Err(failure))
        }
    }

    /// Waits until the rate limit allows the next request; an error if the deadline passes first, if the limiter fails, or if calls
    /// rest since the portal has blocked the application.
    async fn acquire(&self) -> Result<Permit<'a>, Failure> {
        let overload = &self.client.overload;
        let commands: Vec<&str> = self.call.commands.iter().map(|method| &**method).collect();
        let request = RateLimitRequest::new(self.key.origin(), self.key.name(), &self.call.shown)
            .with_commands(&commands)
            .with_rate_limit(self.call.rate_limit);
        let start = Instant::now();
        loop {
            overload.check()?;
            let acquired = pin!(overload.unless_blocked(self.client.limiter.acquire(request)));
            if let Some(acquired) = self.deadline.limit(acquired).await.ok_or_else(deadline_passed)? {
                acquired.map_err(limiter_failed)?;
                break;
            }
        }
        let permit = overload.permit()?;
        self.notify(Step::Permitted { waited: start.elapsed() });
        Ok(permit)
    }

    /// Sends the request and reports the outcome to the observers and the limiter.
    async fn attempt(&mut self) -> Result<RawResponse, Failure> {
        self.attempts += 1;
        let start = Instant::now();
        let result = self.send_once().await;
        let outcome = StepOutcome::new(result.as_ref().err());
        let end = Instant::now();
        self.client.last_use.set(end);
        self.notify(Step::Sent { attempt: self.attempts, elapsed: end - start, outcome });
        let report = match &result {
            // The time of each command is known only once the response has been decoded.
            Ok(_) if !self.call.commands.is_empty() => None,
            Ok(response) => Some(CallOutcome::executed(&self.call.shown, &response.time)),
            Err(failure) => Rejection::from_failure(failure)
                .map(|rejection| CallOutcome::rejected(&self.call.shown, rejection)),
        };
        if let Some(report) = report {
            self.client.limiter.record(CallReport::new(self.key.origin(), self.key.name(), report));
        }
        result
    }

    /// Sends the request once and follows redirects of a portal that has moved.
    async fn send_once(&self) -> Result<RawResponse, Failure> {
        let body = self.key.authorize(&self.call.body);
        let record = |status: u16, body: &[u8]| self.record(status, body);
        let transport = self.deadline.limit(self.client.transport(self.key.origin())).await;
        let transport = transport.ok_or_else(deadline_passed)??.with_on_response(&record);
        let mut url = self.key.method_url(self.call.api, &self.call.name);
        let mut hops = 0;
        if self.side_effects && !self.call.has_idempotency_key() && self.client.last_use.is_long_ago() {
            // The runtime learns of connections that the server has closed meanwhile. On one of them the call would be lost, and
            // could not be repeated.
            yield_now().await;
        }
        loop {
            let timeout = self.deadline.request_timeout();
            match transport
                .post(url.clone(), self.call.idempotency_key.as_ref(), body.clone(), timeout)
                .await?
            {
                HttpOutcome::Response(response) => return Ok(*response),
                HttpOutcome::Redirect { status, to } => {
                    url = redirect::next(self.client.redirect_policy, status, &url, to, hops)?;
                    hops += 1;
                    self.notify(Step::Redirected { status });
                }
            }
        }
    }

    /// Records the exchange, if the client has a recorder.
    fn record(&self, status: u16, body: &[u8]) {
        let Some(recording) = &self.client.recording else { return };
        recording.record(SentExchange {
            portal: self.key.origin().into(),
            api: self.call.api,
            method: self.call.name.clone(),
            params: self.call.body.clone(),
            status,
            body: body.to_vec(),
        });
    }

    /// Replaces the key that was refused.
    async fn refresh(&mut self) -> Result<(), Failure> {
        let refreshed = self.client.credentials.refresh(&self.key);
        self.key = self.deadline.limit(refreshed).await.ok_or_else(deadline_passed)??;
        self.notify(Step::TokenRefreshed);
        Ok(())
    }

    /// Waits before the next attempt; `false` if there is none, or no time for it.
    async fn back_off(&mut self, failure: &Failure) -> bool {
        if Rejection::from_failure(failure).is_some() {
            self.rejections += 1;
            self.rejected_since.get_or_insert_with(Instant::now);
        }
        let rejected_for = self.rejected_since.map(|since| since.elapsed()).unwrap_or_default();
        let attempt = FailedAttempt::new(self.attempts, failure)
            .with_rejections(self.rejections, rejected_for)
            .with_side_effects(self.side_effects)
            .with_idempotency_key(self.call.has_idempotency_key());
        let policy = self.call.timeouts.retry_policy.as_ref().unwrap_or(&self.client.retry_policy);
        match retry::decide(policy, &attempt, fastrand::f64()) {
            Decision::Retry { after, cause } if self.deadline.allows(after) => {
                self.notify(Step::Retrying { after, cause });
                self.attempt_lost |= cause == RetryCause::OutcomeUnknown;
                sleep(after).await;
                true
            }
            _ => false,
        }
    }

    fn notify(&self, step: Step) {
        self.client.observers.notify(self.key.origin(), &self.call.shown, step);
    }
}

/// The failure of a call that was not sent, since the limiter failed. Its error is part of the text, which is redacted.
pub(crate) fn limiter_failed(error: LimiterError) -> Failure {
    let text = format!("the rate limiter failed, so the call was not sent: {}", error_chain(&*error));
    Failure::new(ErrorKind::Limiter, text)
}

/// The failure of a call whose deadline passed before it was sent.
fn deadline_passed() -> Failure {
    Failure::new(ErrorKind::Deadline, "the deadline of this call passed before it could be sent")
}
