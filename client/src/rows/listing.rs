//! Reading a list, independent of the types of its rows and errors: the only place that sends requests of lists.

use std::collections::VecDeque;
use std::fmt;
use std::task::{Context, Poll};

use bitrix24_core::list::{KeysetPaginator, OverlapFilter, Paginator, mismatch_in_row, rows_of};
use bitrix24_core::wire::{Json, Mismatch, MismatchPolicy, Mismatches};
use bitrix24_core::{Error, ErrorCode, Failure, Keyset, Map, Method, RawResponse, Response, Value};

use super::erased_request::ErasedRequest;
use super::in_flight::{Completed, InFlight};
use super::progress::{Progress, ProgressCallback};
use crate::client::Client;

/// A list that is being read.
pub(crate) struct Listing {
    client: Client,
    request: ErasedRequest,
    state: WalkState,
    in_flight: VecDeque<InFlight>,
    /// Rows that have arrived and were not yielded yet, each with its index on its page.
    rows: VecDeque<(usize, Json)>,
    /// The failure to yield after the rows.
    failure: Option<Failure>,
    progress: Progress,
    on_progress: Option<ProgressCallback>,
}

/// How the list is read.
enum WalkState {
    NotStarted { params: Map<String, Value>, by_id: bool, unordered: bool },
    Pages(Box<Paginator>, OverlapFilter),
    ById(KeysetPaginator),
    Finished,
}

impl Listing {
    pub(crate) fn new(client: &Client, request: ErasedRequest, params: Map<String, Value>) -> Self {
        Self {
            client: client.clone(),
            request,
            state: WalkState::NotStarted { params, by_id: false, unordered: false },
            in_flight: VecDeque::new(),
            rows: VecDeque::new(),
            failure: None,
            progress: Progress::default(),
            on_progress: None,
        }
    }

    /// Reads the list by identifier. It has no effect once reading has started.
    pub(crate) fn by_id(&mut self, new_keyset: Option<Keyset<'static>>, any_order: bool) {
        if let WalkState::NotStarted { by_id, unordered, .. } = &mut self.state {
            *by_id = true;
            *unordered |= any_order;
            if let Some(keyset) = new_keyset {
                self.request.set_keyset(keyset);
            }
        }
    }

    pub(crate) fn set_on_progress(&mut self, callback: ProgressCallback) {
        self.on_progress = Some(callback);
    }

    /// The next row, with its index on its page.
    pub(crate) fn poll_row(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<(usize, Json), Failure>>> {
        loop {
            if let Some(row) = self.rows.pop_front() {
                return Poll::Ready(Some(Ok(row)));
            }
            match self.poll_completed(cx) {
                Poll::Ready(Some(Ok(completed))) => self.accept(completed),
                Poll::Ready(Some(Err(failure))) => return Poll::Ready(Some(Err(failure))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    /// The next page as received.
    pub(crate) fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<RawResponse, Failure>>> {
        loop {
            match self.poll_completed(cx) {
                Poll::Ready(Some(Ok(Completed::Page(response)))) => {
                    let page = self.accept_page(*response);
                    self.report_progress();
                    if let Some(response) = page {
                        return Poll::Ready(Some(Ok(response)));
                    }
                }
                // Pages by identifier arrive in batches and are never yielded as pages.
                Poll::Ready(Some(Ok(Completed::ById(..)))) => {}
                Poll::Ready(Some(Err(failure))) => return Poll::Ready(Some(Err(failure))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    /// The next completed request; the failure of the previous one comes first.
    fn poll_completed(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Completed, Failure>>> {
        if self.failure.is_none() {
            self.dispatch();
        }
        if let Some(failure) = self.failure.take() {
            self.state = WalkState::Finished;
            self.in_flight.clear();
            return Poll::Ready(Some(Err(failure)));
        }
        if self.in_flight.is_empty() {
            self.state = WalkState::Finished;
            return Poll::Ready(None);
        }
        for _ in 0..self.in_flight.len() {
            let Some(request) = self.in_flight.pop_front() else { break };
            match request.poll(cx) {
                Ok(completed) => {
                    self.progress.requests += 1;
                    return Poll::Ready(Some(Ok(completed)));
                }
                Err(request) => self.in_flight.push_back(request),
            }
        }
        Poll::Pending
    }

    /// Sends every request that can be sent now.
    fn dispatch(&mut self) {
        if matches!(self.state, WalkState::NotStarted { .. }) {
            match self.start() {
                Ok(state) => self.state = state,
                Err(failure) => self.failure = Some(failure),
            }
        }
        let info = self.request.info();
        match &mut self.state {
            WalkState::Pages(pages, _) if self.in_flight.is_empty() => {
                let params = pages.next_request();
                self.in_flight.extend(params.map(|params| InFlight::Page(self.client.send(info, params))));
            }
            WalkState::ById(paginator) if paginator.is_finished() => self.in_flight.clear(),
            WalkState::ById(paginator) => {
                while let Some(request) = paginator.next_request() {
                    self.in_flight.push_back(InFlight::by_id(&self.client, info, request));
                }
            }
            _ => {}
        }
    }

    fn start(&mut self) -> Result<WalkState, Failure> {
        let state = std::mem::replace(&mut self.state, WalkState::Finished);
        let WalkState::NotStarted { params, by_id, unordered } = state else {
            return Ok(WalkState::Finished);
        };
        let info = self.request.info();
        Ok(if by_id {
            WalkState::ById(KeysetPaginator::new(info, params, unordered)?)
        } else {
            WalkState::Pages(Box::new(Paginator::new(info, params)?), OverlapFilter::new(info))
        })
    }

    /// Takes the rows of a completed request.
    fn accept(&mut self, completed: Completed) {
        let rows = match completed {
            Completed::Page(response) => match self.accept_page(*response) {
                Some(response) => self.rows_of(response),
                None => Vec::new(),
            },
            Completed::ById(request, responses) => {
                let WalkState::ById(paginator) = &mut self.state else { return };
                let received = paginator.on_responses(&request, responses);
                self.failure = received.failure;
                received.rows
            }
        };
        self.progress.rows += rows.len() as u64;
        self.rows.extend(rows);
        self.report_progress();
    }

    /// Passes a page to the paginator and returns it, unless it repeats an earlier page.
    fn accept_page(&mut self, response: Result<RawResponse, Failure>) -> Option<RawResponse> {
        let WalkState::Pages(pages, _) = &mut self.state else { return None };
        match response {
            Ok(response) => {
                let outcome = pages.on_response(&response);
                self.failure = outcome.failure;
                self.progress.total = response.total.or(self.progress.total);
                outcome.is_new.then_some(response)
            }
            Err(failure) => {
                self.failure = Some(failure);
                None
            }
        }
    }

    fn rows_of(&mut self, response: RawResponse) -> Vec<(usize, Json)> {
        let pointer = self.request.info().rows_pointer.unwrap_or_default();
        match (rows_of(&response.result, pointer), &mut self.state) {
            (Ok(rows), WalkState::Pages(_, overlap)) => overlap.retain_new(rows),
            (Ok(rows), _) => rows.into_iter().enumerate().collect(),
            (Err(mismatch), _) => {
                self.failure = Some(Failure::decode(mismatch));
                Vec::new()
            }
        }
    }

    fn report_progress(&mut self) {
        if let Some(callback) = &mut self.on_progress {
            callback(self.progress);
        }
    }

    /// Converts a failure into an error of the method.
    pub(crate) fn error<E: ErrorCode>(&self, failure: Failure) -> Error<E> {
        self.client.error(self.request.info().name, failure)
    }

    /// Decodes a page as the result of the method.
    pub(crate) fn decode<M: Method>(
        &self,
        page: Result<RawResponse, Failure>,
    ) -> Result<Response<M::Output>, Error<M::Error>> {
        self.client.decode::<M>(self.request.info().name, page)
    }

    /// The failure for a row that does not match its documentation; `index` is its index on its page.
    pub(crate) fn row_failure(&self, mismatch: Mismatch, index: usize) -> Failure {
        let pointer = self.request.info().rows_pointer.unwrap_or_default();
        Failure::decode(mismatch_in_row(mismatch, pointer, index))
    }

    /// Reports the values in a row that have another type than documented, and returns them with their paths in the result.
    #[cold]
    pub(crate) fn accept_mismatches(
        &self,
        mismatches: Mismatches,
        index: usize,
    ) -> Result<Vec<Mismatch>, Failure> {
        let (info, inner) = (self.request.info(), &self.client.inner);
        let pointer = info.rows_pointer.unwrap_or_default();
        let mut mismatches = mismatches;
        mismatches.redact(&|text| inner.redact_text(text));
        let mismatches: Vec<Mismatch> =
            mismatches.into_iter().map(|mismatch| mismatch_in_row(mismatch, pointer, index)).collect();
        match mismatches.first() {
            Some(mismatch) if inner.mismatch_policy == MismatchPolicy::Error => {
                Err(Failure::decode(mismatch.clone()))
            }
            _ => {
                inner.report_mismatches(info.name, &mismatches);
                Ok(mismatches)
            }
        }
    }

    /// Shows the method and the progress, and nothing of parameters and rows.
    pub(crate) fn fmt_as(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = self.client.inner.redact_text(self.request.info().name);
        f.debug_struct(name)
            .field("method", &method)
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}
