//! The outcomes of many requests as a stream.

use std::collections::VecDeque;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bitrix24_core::batch::{Commands, MAX_COMMANDS};
use bitrix24_core::{Error, ErrorKind, Failure, Method, RawResponse, Response};
use futures_core::Stream;

use super::call::{
    BulkCall, BulkCallOutcome, BulkRequest, journal_text, runtime_ended, uncertain, unknown_state,
};
use super::journal::{Journal, JournalError, JournalFuture, JournalState};
use crate::background_task::BackgroundTask;
use crate::batch::new_nonce;
use crate::client::Client;

/// How many calls are in progress at the same time by default.
const CONCURRENCY: usize = 2;

/// After how many failed calls in a row nothing more is sent by default.
const MAX_FAILED_CALLS: u32 = 3;

/// How many outcomes may wait for the caller when a call is started.
const MAX_ARRIVED: usize = 1000;

/// How many times requests are looked up before other tasks of the thread get their turn.
const LOOKUPS_AT_ONCE: u32 = 100;

/// The outcome of one request of a bulk.
pub type BulkOutcome<M> = Result<Response<<M as Method>::Output>, Error<<M as Method>::Error>>;

/// The outcomes of many requests, each with its key, as they arrive; see [`Client::bulk`].
///
/// It is a [`Stream`]; [`next`](Self::next) works without another crate. Calls that have started continue while the caller handles an
/// outcome. No new call starts until the stream is polled. When the stream is dropped, calls in progress are cancelled and nothing
/// more is sent.
#[must_use = "no request is sent until the stream is polled"]
pub struct Bulk<K, M, I> {
    client: Client,
    /// The remaining requests; `None` at the end.
    requests: Option<I>,
    pub(super) journal: Option<NamedJournal<K>>,
    pub(super) concurrency: usize,
    pub(super) requests_per_call: usize,
    pub(super) max_failed_calls: u32,
    /// Requests whose states are being looked up.
    lookup: Option<Lookup<K, M>>,
    /// Requests for the next call.
    next: Vec<(K, M)>,
    waiting: VecDeque<PlannedCall<K>>,
    in_progress: Vec<CallInProgress<K>>,
    arrived: VecDeque<Arrived<K>>,
    /// How many calls in a row have failed as a whole.
    failed_calls: u32,
    /// Why nothing more is sent.
    stop_reason: Option<String>,
    method: PhantomData<fn() -> M>,
}

/// A journal, and the names of keys in it.
type NamedJournal<K> = (Arc<dyn Journal>, fn(&K) -> String);

struct Lookup<K, M> {
    states: JournalFuture<'static, Vec<JournalState>>,
    requests: Vec<(K, M)>,
}

struct PlannedCall<K> {
    keys: Vec<K>,
    call: BulkCall,
}

struct CallInProgress<K> {
    task: BackgroundTask<BulkCallOutcome>,
    keys: Vec<K>,
    methods: Vec<Box<str>>,
}

struct Arrived<K> {
    key: K,
    method: Box<str>,
    response: Result<RawResponse, Failure>,
}

// Nothing in it is pinned.
impl<K, M, I> Unpin for Bulk<K, M, I> {}

impl<K, M: Method, I: Iterator<Item = (K, M)>> Bulk<K, M, I> {
    pub(super) fn new(client: &Client, requests: I) -> Self {
        Self {
            client: client.clone(),
            requests: Some(requests),
            journal: None,
            concurrency: CONCURRENCY,
            requests_per_call: MAX_COMMANDS,
            max_failed_calls: MAX_FAILED_CALLS,
            lookup: None,
            next: Vec::new(),
            waiting: VecDeque::new(),
            in_progress: Vec::new(),
            arrived: VecDeque::new(),
            failed_calls: 0,
            stop_reason: None,
            method: PhantomData,
        }
    }

    /// The key and the outcome of the next request; `None` after the last one. It is cancel safe: dropping the future loses no
    /// outcome.
    pub async fn next(&mut self) -> Option<(K, BulkOutcome<M>)> {
        std::future::poll_fn(|cx| self.poll_outcome(cx)).await
    }

    fn poll_outcome(&mut self, cx: &mut Context<'_>) -> Poll<Option<(K, BulkOutcome<M>)>> {
        for _ in 0..LOOKUPS_AT_ONCE {
            if let Some(arrived) = self.arrived.pop_front() {
                let outcome = self.client.decode::<M>(&arrived.method, arrived.response);
                return Poll::Ready(Some((arrived.key, outcome)));
            }
            self.poll_lookup(cx);
            self.poll_calls(cx);
            let advanced = self.advance();
            if !self.arrived.is_empty() {
                continue;
            }
            if self.in_progress.is_empty() && self.lookup.is_none() && self.requests.is_none() {
                return Poll::Ready(None);
            }
            // What has just started must be polled once, so that it wakes the owner of the stream.
            if !advanced {
                return Poll::Pending;
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Accepts the states of requests from the journal.
    fn poll_lookup(&mut self, cx: &mut Context<'_>) {
        let Some(lookup) = &mut self.lookup else { return };
        let Poll::Ready(states) = lookup.states.as_mut().poll(cx) else { return };
        let requests = std::mem::take(&mut lookup.requests);
        self.lookup = None;
        let wrong_count = || JournalError::from("it returns another number of states than of keys");
        let states = states
            .and_then(|states| if states.len() == requests.len() { Ok(states) } else { Err(wrong_count()) });
        match states {
            Ok(states) => {
                for ((key, request), state) in requests.into_iter().zip(states) {
                    match state {
                        JournalState::New => self.next.push((key, request)),
                        JournalState::Started => self.arrive(key, request.info().name, uncertain()),
                        JournalState::Finished => {}
                    }
                }
            }
            Err(error) => {
                let reason = journal_text("read", &error);
                for (key, request) in requests {
                    self.arrive(key, request.info().name, unknown_state(&reason));
                }
                self.stop(reason);
            }
        }
    }

    /// Collects the outcomes of calls that have ended.
    fn poll_calls(&mut self, cx: &mut Context<'_>) {
        let mut ended = Vec::new();
        self.in_progress.retain_mut(|call| match call.task.poll(cx) {
            Poll::Pending => true,
            Poll::Ready(outcome) => {
                ended.push((std::mem::take(&mut call.keys), std::mem::take(&mut call.methods), outcome));
                false
            }
        });
        for (keys, methods, outcome) in ended {
            let outcome = outcome.unwrap_or_else(|| runtime_ended(keys.len()));
            self.count(&outcome);
            for ((key, method), response) in keys.into_iter().zip(methods).zip(outcome.responses) {
                self.arrived.push_back(Arrived { key, method, response });
            }
        }
    }

    /// Stops after a failure of the journal, and after too many failed calls in a row.
    fn count(&mut self, outcome: &BulkCallOutcome) {
        self.failed_calls = if outcome.failed.is_some() { self.failed_calls + 1 } else { 0 };
        if let Some(reason) = &outcome.journal_failed {
            self.stop(reason.clone());
        } else if let Some(reason) = &outcome.failed
            && self.failed_calls == self.max_failed_calls
        {
            self.stop(format!("{} calls in a row failed, the last one with: {reason}", self.failed_calls));
        }
    }

    fn stop(&mut self, reason: String) {
        self.stop_reason.get_or_insert_with(|| format!("not sent: {reason}"));
    }

    fn arrive(&mut self, key: K, method: &str, failure: Failure) {
        self.arrived.push_back(Arrived { key, method: method.into(), response: Err(failure) });
    }

    /// Reads requests and starts calls; `false` if there is nothing to do now.
    fn advance(&mut self) -> bool {
        let mut advanced = false;
        while self.arrived.len() <= MAX_ARRIVED && self.in_progress.len() < self.concurrency {
            if let Some(planned) = self.waiting.pop_front() {
                self.start(planned);
            } else if self.lookup.is_some() {
                break;
            } else if self.next.len() >= self.requests_per_call
                || (self.requests.is_none() && !self.next.is_empty())
            {
                self.plan();
            } else if self.requests.is_none() || !self.read() {
                break;
            }
            advanced = true;
        }
        advanced
    }

    /// Reads requests for the next call from the iterator; `false` if there are none.
    fn read(&mut self) -> bool {
        let Some(requests) = &mut self.requests else { return false };
        let missing = self.requests_per_call - self.next.len();
        let read: Vec<(K, M)> = requests.take(missing).collect();
        if read.len() < missing {
            self.requests = None;
        }
        match &self.journal {
            Some((journal, name)) if !read.is_empty() => {
                let keys: Vec<String> = read.iter().map(|(key, _)| name(key)).collect();
                let journal = Arc::clone(journal);
                let states = Box::pin(async move { journal.states(&keys).await });
                self.lookup = Some(Lookup { states, requests: read });
            }
            _ => self.next.extend(read),
        }
        true
    }

    /// Plans the calls of the next requests: a batch, and a call for each request that a batch cannot express.
    fn plan(&mut self) {
        let next = std::mem::take(&mut self.next);
        if let Some(reason) = self.stop_reason.clone() {
            let failure = Failure::new(ErrorKind::NotExecuted, reason);
            return next
                .into_iter()
                .for_each(|(key, request)| self.arrive(key, request.info().name, failure.clone()));
        }
        let mut commands = Commands::new(new_nonce());
        let mut keys = Vec::new();
        for (key, request) in next {
            let (info, params) = (request.info(), request.params().into_map());
            if self.requests_per_call > 1 && Commands::can_express(info, &params) {
                let _ = commands.add(info, params);
                keys.push(key);
            } else {
                let call = BulkRequest::Single(self.client.send(info, &params));
                self.plan_call(vec![key], vec![info.name.into()], call);
            }
        }
        if !keys.is_empty() {
            let run = commands.run();
            let methods = run.methods().to_vec();
            self.plan_call(keys, methods, BulkRequest::Batch(Box::new(run)));
        }
    }

    fn plan_call(&mut self, keys: Vec<K>, methods: Vec<Box<str>>, request: BulkRequest) {
        let journal = self
            .journal
            .as_ref()
            .map(|(journal, name)| (Arc::clone(journal), keys.iter().map(name).collect::<Vec<String>>()));
        let classify = |method: &str, failure| Error::<M::Error>::new(method, failure).executed();
        let call = BulkCall { client: self.client.clone(), journal, methods, request, classify };
        self.waiting.push_back(PlannedCall { keys, call });
    }

    /// Starts a call, unless nothing more is sent.
    fn start(&mut self, planned: PlannedCall<K>) {
        let PlannedCall { keys, call } = planned;
        match &self.stop_reason {
            Some(reason) => {
                let failure = Failure::new(ErrorKind::NotExecuted, reason.clone());
                for (key, method) in keys.into_iter().zip(&call.methods) {
                    self.arrive(key, method, failure.clone());
                }
            }
            None => {
                let methods = call.methods.clone();
                let task = BackgroundTask::spawn(call.execute());
                self.in_progress.push(CallInProgress { task, keys, methods });
            }
        }
    }
}

impl<K, M: Method, I: Iterator<Item = (K, M)>> Stream for Bulk<K, M, I> {
    type Item = (K, BulkOutcome<M>);

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_outcome(cx)
    }
}

impl<K, M, I> fmt::Debug for Bulk<K, M, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bulk")
            .field("client", &self.client)
            .field("has_journal", &self.journal.is_some())
            .field("calls_in_progress", &self.in_progress.len())
            .finish_non_exhaustive()
    }
}
