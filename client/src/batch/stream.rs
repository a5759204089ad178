//! The outcomes of a batch as a stream, from several calls at the same time.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bitrix24_core::batch::{BatchRun, CommandId, CommandOutcome};
use bitrix24_core::{ErrorKind, Failure};
use futures_core::Stream;

use super::Batch;
use super::outcome::BatchOutcome;
use super::response::redact_outcome;
use crate::background_task::BackgroundTask;
use crate::client::Client;

/// How many calls are in progress at the same time by default.
const CONCURRENCY: usize = 4;

/// How many outcomes may wait for the caller when a call is started.
const MAX_ARRIVED: usize = 1000;

/// The outcomes of the requests of a batch, as they arrive; see [`Client::run_stream`].
///
/// It is a [`Stream`]; [`next`](Self::next) works without another crate. It has one outcome for each request. Responses that were
/// yielded are not kept.
///
/// Calls that have started continue while the caller handles an outcome. No new call starts until the stream is polled, so that at
/// most the responses of [`concurrency`](Self::concurrency) calls wait. When the stream is dropped, calls in progress are cancelled
/// and nothing more is sent.
#[must_use = "no request is sent until the stream is polled"]
pub struct BatchStream {
    client: Client,
    concurrency: usize,
    waiting: VecDeque<BatchRun>,
    in_progress: Vec<CallInProgress>,
    arrived: VecDeque<BatchOutcome>,
    /// Why nothing more is sent.
    stop_reason: Option<String>,
}

/// A call, and the commands in it, in case that its runtime ends.
struct CallInProgress {
    task: BackgroundTask<BatchRun>,
    commands: Vec<(CommandId, Box<str>)>,
}

impl Client {
    /// Sends the requests of a batch, up to 50 in one call, with several calls at the same time, and yields each outcome as it
    /// arrives, in no particular order.
    ///
    /// Requests that refer to each other go in one call, in their order. If a call fails as a whole, no further call starts, and the
    /// requests that were not sent are [not executed](ErrorKind::NotExecuted), as with [`run`](Self::run). A batch that
    /// [halts on errors](Batch::halt_on_error) takes one call after another, since nothing may run after a failure: several such
    /// batches can run at the same time, each as a stream or a future of its own.
    ///
    /// ```no_run
    /// use bitrix24_client::{Batch, Client};
    /// use bitrix24_core::{json, raw};
    ///
    /// # async fn example(portal: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut batch = Batch::new();
    /// let deals: Vec<_> = (1..=400).map(|id| batch.add(raw("crm.deal.get", json!({"id": id})).read_only())).collect();
    ///
    /// let mut outcomes = portal.run_stream(batch).concurrency(3);
    /// while let Some(outcome) = outcomes.next().await {
    ///     match outcome.get(deals[outcome.position()]) {
    ///         Some(Ok(deal)) => println!("{}", deal.result["TITLE"]),
    ///         Some(Err(error)) => eprintln!("deal {}: {error}", outcome.position() + 1),
    ///         None => {}
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn run_stream(&self, batch: Batch) -> BatchStream {
        let run = batch.into_run();
        BatchStream {
            client: self.clone(),
            concurrency: if run.halts_on_error() { 1 } else { CONCURRENCY },
            waiting: run.into_calls().into(),
            in_progress: Vec::new(),
            arrived: VecDeque::new(),
            stop_reason: None,
        }
    }
}

impl BatchStream {
    /// Sets how many calls are in progress at the same time, at least one. Default: 4. The rate limit of the portal applies to all
    /// of them together. A batch that halts on errors has one call at a time, whatever is set.
    pub fn concurrency(mut self, calls: usize) -> Self {
        if !self.waiting.front().is_some_and(BatchRun::halts_on_error) {
            self.concurrency = calls.max(1);
        }
        self
    }

    /// The next outcome; `None` after the last one. It is cancel safe: dropping the future loses no outcome.
    pub async fn next(&mut self) -> Option<BatchOutcome> {
        std::future::poll_fn(|cx| self.poll_outcome(cx)).await
    }

    fn poll_outcome(&mut self, cx: &mut Context<'_>) -> Poll<Option<BatchOutcome>> {
        loop {
            if let Some(outcome) = self.arrived.pop_front() {
                return Poll::Ready(Some(outcome));
            }
            self.poll_calls(cx);
            let started = self.start_calls();
            if !self.arrived.is_empty() {
                continue;
            }
            if self.in_progress.is_empty() {
                return Poll::Ready(None);
            }
            // A call that has just started must be polled once, so that it wakes the owner of the stream.
            if !started {
                return Poll::Pending;
            }
        }
    }

    /// Collects the outcomes of calls that have ended.
    fn poll_calls(&mut self, cx: &mut Context<'_>) {
        let mut ended = Vec::new();
        self.in_progress.retain_mut(|call| match call.task.poll(cx) {
            Poll::Pending => true,
            Poll::Ready(run) => {
                ended.push(run.ok_or_else(|| std::mem::take(&mut call.commands)));
                false
            }
        });
        for call in ended {
            match call {
                Ok(run) => self.finish(run),
                Err(commands) => self.lose(commands),
            }
        }
    }

    /// Starts as many calls as may be in progress, unless an earlier one has failed; `false` if none has started.
    fn start_calls(&mut self) -> bool {
        let mut started = false;
        while self.in_progress.len() < self.concurrency
            && self.arrived.len() <= MAX_ARRIVED
            && let Some(mut call) = self.waiting.pop_front()
        {
            if let Some(reason) = &self.stop_reason {
                call.stop(reason.as_str());
            }
            if call.next_request().is_none() {
                self.finish(call);
                continue;
            }
            let commands = call.ids().zip(call.methods().iter().cloned()).collect();
            let client = self.client.clone();
            let task = BackgroundTask::spawn(async move {
                client.run_to_end(&mut call).await;
                call
            });
            self.in_progress.push(CallInProgress { task, commands });
            started = true;
        }
        started
    }

    fn finish(&mut self, call: BatchRun) {
        if let Some(reason) = call.stop_reason() {
            self.stop_reason.get_or_insert_with(|| reason.to_owned());
        }
        for (id, outcome) in call.ids().zip(call.finish()) {
            self.push(id, outcome);
        }
    }

    /// Yields the outcomes of a call that was cancelled with its runtime.
    fn lose(&mut self, commands: Vec<(CommandId, Box<str>)>) {
        let text =
            "the asynchronous runtime ended before the response arrived; the request may have been executed";
        self.stop_reason.get_or_insert_with(|| "not sent: the asynchronous runtime ended".to_owned());
        for (id, method) in commands {
            let response = Err(Failure::new(ErrorKind::Transport, text).with_attempts(1));
            self.push(id, CommandOutcome::new(method, response));
        }
    }

    fn push(&mut self, id: CommandId, mut outcome: CommandOutcome) {
        redact_outcome(&self.client.inner, &mut outcome);
        self.arrived.push_back(BatchOutcome::new(&self.client.inner, id, outcome));
    }
}

impl Stream for BatchStream {
    type Item = BatchOutcome;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<BatchOutcome>> {
        self.poll_outcome(cx)
    }
}

impl fmt::Debug for BatchStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchStream")
            .field("client", &self.client)
            .field("waiting_calls", &self.waiting.len())
            .field("calls_in_progress", &self.in_progress.len())
            .finish_non_exhaustive()
    }
}
